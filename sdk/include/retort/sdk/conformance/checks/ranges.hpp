// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/draws.hpp>
#include <retort/sdk/conformance/finding.hpp>
#include <retort/sdk/conformance/options.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace retort::sdk::conformance {

/// Every number has a range, the default lies in it, and who reads a manifest refuses what lies outside.
[[nodiscard]] inline Result ranges(AnySettings &settings, const Options &options) {
    bool any = false;
    for (const Leaf &leaf : leaves_of(settings)) {
        if (!leaf.is_number())
            continue;
        any = true;
        const Range &range = leaf.range;
        const std::string bounds = std::to_string(range.minimum) + " to " + std::to_string(range.maximum);
        if (no_bound(range.minimum) && no_bound(range.maximum))
            return failed("the setting " + leaf.pointer + " declares no range: whatever a manifest says is accepted");
        if (!leaf.required && !(leaf.value >= range.minimum && leaf.value <= range.maximum))
            return failed("the default of " + leaf.pointer + ", " + std::to_string(leaf.value) +
                          ", lies outside its own range, " + bounds + ": a manifest that spells it out is refused");
        for (const double outside : {range.minimum - std::max(1.0, std::abs(range.minimum)),
                                     range.maximum + std::max(1.0, std::abs(range.maximum))})
            if (options.refuses && !no_bound(outside) && !options.refuses(leaf.pointer, outside))
                return failed("the setting " + leaf.pointer + " accepts " + std::to_string(outside) +
                              ", outside its range, " + bounds);
    }
    return any ? passed() : skipped("it has no settings that are numbers");
}

} // namespace retort::sdk::conformance
