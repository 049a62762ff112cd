// SPDX-License-Identifier: Apache-2.0
// `--set`: a line each of what is set in a manifest, one after the other.
#include "target.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/plan.hpp>

#include <algorithm>
#include <framework/fake_registry.hpp>
#include <framework/manifests.hpp>

using namespace retort;
using framework::ErrorCode;
using framework::Manifest;
using fuzz::check;

namespace {

constexpr int most_lines = 4; // that one input is tried with, for speed

const framework::Registry &registry() {
    static const framework::Registry all = test::fake_registry();
    return all;
}

void set(Manifest &manifest, std::string_view assignment) {
    const std::string before = framework::to_text(manifest.root());
    const bool accepted =
        fuzz::accepts({ErrorCode::usage, ErrorCode::manifest}, [&] { (void)manifest.set(assignment, registry()); });
    const std::string after = framework::to_text(manifest.root());
    check(accepted || after == before, "what was refused changed the manifest");
    check(!accepted || framework::to_text(test::parsed(after).root()) == after,
          "the changed manifest cannot be read again");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    std::string_view rest = fuzz::text_of(data, size);
    Manifest manifest = test::parsed();
    (void)registry();
    const fuzz::Allowance allowance(fuzz::in_proportion(size, 4000));
    for (int line = 0; line < most_lines && !rest.empty(); ++line) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        set(manifest, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    (void)fuzz::accepts({ErrorCode::manifest, ErrorCode::plugin}, [&] { (void)read_plan(manifest, registry()); });
    return 0;
}
