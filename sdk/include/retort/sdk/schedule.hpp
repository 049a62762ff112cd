// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

namespace retort::sdk {

/// How far a stage is: step `step` of `steps`, counted from 0. Whatever decays is a function of this.
struct Progress {
    std::uint64_t step = 0;
    std::uint64_t steps = 1;

    /// 0 at the first step, towards 1 at the end.
    [[nodiscard]] double fraction() const {
        return steps == 0 ? 0.0 : static_cast<double>(step) / static_cast<double>(steps);
    }
};

/// A number that changes over a stage. In a manifest: a plain number (constant), or an object such as
/// {"schedule": "cosine", "value": 0.001, "final": 0, "warm_up": 0.05}.
///
/// With p the fraction of the stage after the warm-up, the value is
///   constant  value
///   step      value * factor^floor(p / every)
///   linear    value + (final - value) * p
///   cosine    final + (value - final) * (1 + cos(pi p)) / 2      (Loshchilov and Hutter 2017)
/// and during the warm-up, the first `warm_up` of the stage, it rises linearly from 0 to `value`.
struct Schedule {
    enum class Shape { constant, step, linear, cosine };

    friend bool operator==(const Schedule &, const Schedule &) = default;

    Schedule() = default;

    Schedule(double constant) : value(constant) {} // NOLINT(google-explicit-constructor): a number is a schedule

    Schedule(Shape kind, double first, double last) : shape(kind), value(first), final_value(last) {}

    Shape shape = Shape::constant;
    double value = 0.0;
    double final_value = 0.0;
    double warm_up = 0.0;
    double every = 0.3;
    double factor = 0.1;

    [[nodiscard]] double at(Progress progress) const {
        const double done = progress.fraction();
        if (done < warm_up) // step 0 would otherwise be lost to a zero rate
            return value * std::min(1.0, (done + 1.0 / static_cast<double>(progress.steps)) / warm_up);
        const double p = warm_up < 1.0 ? (done - warm_up) / (1.0 - warm_up) : 0.0;
        switch (shape) {
        case Shape::step: return value * std::pow(factor, std::floor(p / every));
        case Shape::linear: return value + (final_value - value) * p;
        case Shape::cosine:
            return final_value + (value - final_value) * 0.5 * (1.0 + std::cos(3.14159265358979323846 * p));
        case Shape::constant: break;
        }
        return value;
    }
};

/// Names of an enumeration's values, in order, for settings. Every enumeration used as a setting has such an overload.
inline std::span<const std::string_view> names_of(Schedule::Shape) {
    static constexpr std::string_view names[] = {"constant", "step", "linear", "cosine"};
    return names;
}

} // namespace retort::sdk
