// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/error.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/trainable.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What trainers ask before an optimizer writes: training that came to NaN or infinity ends with the weights of the step
// before, and with the name of where it began.
namespace retort::sdk {

namespace detail {

/// By integers, which no compiler's option takes for numbers that are always finite, and in lanes, none of which waits
/// for another.
[[gnu::always_inline]] inline bool all_finite_by_lanes(std::span<const float> values) {
    constexpr std::uint32_t exponent = 0x7f800000U; // all its bits are set in what is not finite
    constexpr std::size_t lanes = 64;
    const auto not_finite = [](float value) {
        return static_cast<std::uint32_t>((std::bit_cast<std::uint32_t>(value) & exponent) == exponent);
    };
    std::uint32_t found[lanes] = {};
    const std::size_t whole = values.size() / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            found[lane] |= not_finite(values[i + lane]);
    for (std::size_t i = whole; i < values.size(); ++i)
        found[0] |= not_finite(values[i]);
    return std::ranges::all_of(found, [](std::uint32_t lane) { return lane == 0; });
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] inline bool all_finite_by_avx2(std::span<const float> values) {
    return all_finite_by_lanes(values);
}
#endif

} // namespace detail

/// Whether no number is NaN or infinite. [any thread]
[[nodiscard]] inline bool all_finite(std::span<const float> values) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return detail::all_finite_by_avx2(values);
#endif
    return detail::all_finite_by_lanes(values);
}

/// Likewise, on all threads. [training thread]
[[nodiscard]] inline bool all_finite(std::span<const float> values, Services &services) {
    std::atomic<bool> finite = true;
    services.parallel_for(values.size(), 32768, [&](std::size_t begin, std::size_t end) {
        if (!all_finite(values.subspan(begin, end - begin)))
            finite = false;
    });
    return finite;
}

/// The first tensor of `table` with a number in `values`, its arena, that is not finite, as "tensor 'layers.0.weight'
/// of OWNER is nan at element 3"; empty if there is none.
[[nodiscard]] inline std::string not_finite_tensor(std::span<const Parameter> table, std::span<const float> values,
                                                   std::string_view owner) {
    for (const Parameter &tensor : table) {
        const std::span<const float> part = values.subspan(tensor.offset, tensor.size);
        const auto bad = std::find_if(part.begin(), part.end(), [](float value) { return !std::isfinite(value); });
        if (bad != part.end())
            return "tensor '" + std::string(tensor.name) + "' of " + std::string(owner) + " is " +
                   (std::isnan(*bad) ? "nan" : "infinite") + " at element " + std::to_string(bad - part.begin());
    }
    return {};
}

/// To be called after a backward and before the optimizer's step. `role` and `name` say whose parameters these are.
/// Errors: ErrorKind::training for a gradient that is not finite, naming its tensor. [training thread]
inline void check_gradients(std::string_view role, std::string_view name, const Parameters &parameters,
                            Services &services) {
    if (all_finite(parameters.gradients, services))
        return;
    const std::string owner = std::string(role) + " '" + std::string(name) + "'";
    throw Error(ErrorKind::training,
                "the gradient of " + not_finite_tensor(parameters.table, parameters.gradients, owner));
}

/// A matrix in which a loss that is not finite may have begun.
struct Suspect {
    std::string_view what; ///< "the inputs"
    ConstMatrix values;
};

/// To be called before a backward. Errors: ErrorKind::training when `value` of the loss `loss` is not finite, naming
/// where that began: the first of the suspects that is not finite, the parameters' tensor, or else the loss itself.
/// Suspects come in order of the computation up to the parameters; `results` are those that follow from the parameters.
inline void check_loss(std::string_view loss, double value, std::string_view role, std::string_view name,
                       const Parameters &parameters, std::span<const Suspect> inputs,
                       std::span<const Suspect> results) {
    if (std::isfinite(value))
        return;
    const auto matrix_text = [](std::span<const Suspect> suspects) -> std::string {
        for (const Suspect &suspect : suspects)
            for (std::size_t row = 0; row < suspect.values.rows; ++row)
                if (!all_finite(suspect.values.row(row)))
                    return std::string(suspect.what) + " are not finite in row " + std::to_string(row);
        return {};
    };
    const std::string owner = std::string(role) + " '" + std::string(name) + "'";
    std::string origin = matrix_text(inputs);
    if (origin.empty())
        origin = not_finite_tensor(parameters.table, parameters.values, owner);
    if (origin.empty())
        origin = matrix_text(results);
    if (origin.empty())
        origin = "everything that it is computed from is finite";
    throw Error(ErrorKind::training,
                "'" + std::string(loss) + "' is " + (std::isnan(value) ? "nan" : "infinite") + ": " + origin);
}

} // namespace retort::sdk
