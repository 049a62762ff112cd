// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/leaves.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/registrar.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace retort::sdk::conformance {

/// Whether it is a number in a list.
[[nodiscard]] inline bool is_element(const Leaf &leaf) {
    const char last = leaf.pointer.empty() ? '/' : leaf.pointer.back();
    return leaf.is_number() && last >= '0' && last <= '9' &&
           leaf.pointer.find_last_not_of("0123456789") == leaf.pointer.rfind('/');
}

/// Values of some leaves, by pointer; the others keep what they have.
struct Draw {
    std::map<std::string, double> values = {};

    [[nodiscard]] std::string text() const {
        std::string result;
        for (const auto &[pointer, value] : values) {
            std::string number = std::to_string(value);
            number.erase(number.find_last_not_of('0') + 1);
            if (number.back() == '.')
                number.pop_back();
            result += (result.empty() ? "" : ", ") + pointer + "=" + (number == "0" && value != 0.0 ? "tiny" : number);
        }
        return result.empty() ? "defaults" : result;
    }

    /// Returns what could not be bound, see LeafWalker.
    std::string apply(AnySettings &settings, LeafWalker::Bind bind, bool only_new = false) const {
        LeafWalker walker(
            [&](Leaf &leaf) {
                if (const auto found = values.find(leaf.pointer); found != values.end())
                    leaf.value = found->second;
                else if ((is_element(leaf) || leaf.required) && // nobody chose the value that it has
                         (leaf.value < leaf.range.minimum || leaf.value > leaf.range.maximum))
                    leaf.value = std::clamp(8.0, leaf.range.minimum, leaf.range.maximum);
            },
            std::move(bind));
        walker.only_new = only_new;
        settings.fields(walker);
        return walker.unbound();
    }
};

[[nodiscard]] inline std::vector<Leaf> leaves_of(AnySettings &settings) {
    std::vector<Leaf> result;
    LeafWalker walker([&](Leaf &leaf) { result.push_back(leaf); });
    settings.fields(walker);
    return result;
}

/// No check builds anything larger: a whole number that may be larger is a size, as far as the kit knows.
inline constexpr double largest_size = 48.0;

[[nodiscard]] inline double highest(const Leaf &leaf) {
    const bool capped = leaf.kind == Leaf::Kind::whole && leaf.range.maximum > 256.0;
    return capped ? std::max(leaf.range.minimum, largest_size) : leaf.range.maximum;
}

[[nodiscard]] inline double lowest(const Leaf &leaf) {
    const bool capped = leaf.kind == Leaf::Kind::whole && leaf.range.minimum < -256.0;
    return capped ? std::min(leaf.range.maximum, -largest_size) : leaf.range.minimum;
}

/// A bound that stands for none.
[[nodiscard]] inline bool no_bound(double value) {
    return std::abs(value) >= 1e300;
}

/// One element in every list of records that is empty by default.
[[nodiscard]] inline Draw filled_lists(AnySettings &settings) {
    constexpr std::ptrdiff_t deepest = 8; // a record may hold a list of its own kind
    Draw draw;
    LeafWalker walker([&](Leaf &leaf) {
        if (leaf.kind == Leaf::Kind::records && leaf.value == 0.0 &&
            std::count(leaf.pointer.begin(), leaf.pointer.end(), '/') < deepest)
            draw.values[leaf.pointer] = leaf.value = 1.0;
    });
    settings.fields(walker);
    return draw;
}

/// `base`, and large sizes made small: what is tried at the edges of another setting's range need not be large too.
[[nodiscard]] inline Draw with_small_sizes(const Draw &base, const std::vector<Leaf> &leaves) {
    Draw draw = base;
    for (const Leaf &leaf : leaves)
        if (leaf.kind == Leaf::Kind::whole && leaf.range.maximum > 256.0 && leaf.value > largest_size)
            draw.values[leaf.pointer] = std::max(leaf.range.minimum, 12.0);
    return draw;
}

/// One setting at a time at either end of its range, the others as `base` has them; every other value of flags and
/// choices; lists of numbers with no element and with three, lists of records with none.
[[nodiscard]] inline std::vector<Draw> edges(AnySettings &settings, const Draw &base = {}) {
    std::vector<Draw> result;
    (void)base.apply(settings, {});
    const std::vector<Leaf> leaves = leaves_of(settings);
    const Draw small = with_small_sizes(base, leaves);
    const auto add = [&](const Leaf &leaf, double value) {
        if (value == leaf.value || no_bound(value))
            return;
        result.push_back(small);
        result.back().values[leaf.pointer] = value;
    };
    for (const Leaf &leaf : leaves) {
        add(leaf, lowest(leaf));
        if (leaf.kind != Leaf::Kind::records) // `base` has filled what can be filled
            add(leaf, highest(leaf));
        for (double index = 1; leaf.kind == Leaf::Kind::choice && index < leaf.range.maximum; ++index)
            add(leaf, index);
    }
    return result;
}

/// A value that is as likely to be met in a manifest: near the default where the range is wide, else anywhere in it.
[[nodiscard]] inline double drawn(const Leaf &leaf, Random random) {
    const double low = lowest(leaf);
    const double high = leaf.kind == Leaf::Kind::whole ? std::min(highest(leaf), std::max(low, 16.0)) : highest(leaf);
    const auto uniform = static_cast<double>(random.uniform(0));
    if (!leaf.is_number() || leaf.kind == Leaf::Kind::whole)
        return std::floor(low + uniform * (high - low + 0.999));
    if (high - low <= 10.0)
        return low + uniform * (high - low);
    const double near = leaf.value == 0.0 ? std::pow(10.0, 3.0 * (uniform - 1.0))
                                          : leaf.value * std::exp2(static_cast<double>(random.normal_pair(1).first));
    return std::clamp(near, low, high);
}

[[nodiscard]] inline Draw random_draw(AnySettings &settings, Random random, const Draw &base = {}) {
    (void)base.apply(settings, {});
    Draw draw = base;
    LeafWalker walker([&](Leaf &leaf) {
        if (leaf.kind == Leaf::Kind::records)
            return;
        leaf.value = drawn(leaf, random.at(leaf.pointer));
        draw.values[leaf.pointer] = leaf.value;
    });
    settings.fields(walker);
    return draw;
}

} // namespace retort::sdk::conformance
