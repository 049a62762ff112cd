// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/fields.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace retort::framework {

/// Whether a range says anything on that side: bounds beyond the 64-bit integers do not.
[[nodiscard]] bool has_minimum(const sdk::Range &range);
[[nodiscard]] bool has_maximum(const sdk::Range &range);

/// "0 to 0.95", "at least 1", "at most 3"; "any" without bounds.
[[nodiscard]] std::string range_text(const sdk::Range &range);

/// "a number, 0 to 1", "a whole number, at least 1".
[[nodiscard]] std::string number_text(std::string_view kind, const sdk::Range &range);

/// "a model", "an optimizer".
[[nodiscard]] std::string with_article(std::string_view noun);

/// What a manifest holds, for a message: a scalar as it is written, cut when long, else "an array", "an object".
[[nodiscard]] std::string found_text(const boost::json::value &value);

} // namespace retort::framework
