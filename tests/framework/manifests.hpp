// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/json_text.hpp>
#include <retort/framework/manifest.hpp>
#include <retort/framework/plan.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace retort::test {

/// A whole manifest of the components in fake_registry.hpp.
inline constexpr std::string_view good_manifest = R"({
  "format": 1,
  "seed": 7,
  "data": {"mnist": {"type": "table", "directory": "files"}},
  "models": {
    "teacher": {"type": "network", "hidden": [12, 12], "dropout": 0.5},
    "student": {"type": "network"}
  },
  "stages": [
    {"name": "learn", "type": "teach", "model": "teacher", "data": "mnist"},
    {"name": "distil", "type": "distil", "teacher": "teacher", "student": "student", "data": "mnist",
     "pairs": {"logits": {"teacher_head": {"type": "point"}, "condition": {"width": 32}}},
     "adversaries": [{"name": "main", "discriminator": {"type": "deep", "hidden": [6]}, "lambda": 0.1}],
     "losses": [{"type": "soft", "weight": 2}]}
  ],
  "observers": [{"type": "rows"}]
})";

/// Parses `text` as "test.json" in the folder /manifests.
inline framework::Manifest parsed(std::string_view text = good_manifest) {
    return framework::Manifest::parse(text, "test.json", "/manifests");
}

/// `good_manifest` with the first `found` replaced.
inline std::string manifest_with(std::string_view found, std::string_view replacement) {
    std::string text(good_manifest);
    return text.replace(text.find(found), found.size(), replacement);
}

/// What `call` complains about, a line each; "" if it does not.
template <class Call> std::string complaint_of(Call &&call) {
    try {
        std::forward<Call>(call)();
        return {};
    } catch (const framework::Error &error) {
        return error.what();
    }
}

} // namespace retort::test
