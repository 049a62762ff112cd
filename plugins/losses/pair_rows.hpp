// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/loss.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <plugins/shared/families/family.hpp>
#include <string_view>

namespace retort::losses {

using plugin_support::FamilyGradient;
using plugin_support::FamilyRow;

/// Row `row` of a distribution.
[[nodiscard]] inline FamilyRow row_of(const sdk::Distribution &q, std::size_t row) {
    return {q.parameters[0].row(row), q.parameters[1].empty() ? std::span<const float>() : q.parameters[1].row(row)};
}

/// Row `row` of the gradients with respect to its parameters; those that are not wanted stay empty.
[[nodiscard]] inline FamilyGradient row_of(const std::array<sdk::Matrix, 2> &gradient, std::size_t row) {
    return {gradient[0].empty() ? std::span<float>() : gradient[0].row(row),
            gradient[1].empty() ? std::span<float>() : gradient[1].row(row)};
}

/// The mean of `of_row(row, weight)` over `rows` rows, where `weight` is what gradients are multiplied by.
template <class OfRow> double mean_over_rows(std::size_t rows, float scale, OfRow &&of_row) {
    const double share = rows == 0 ? 0.0 : 1.0 / static_cast<double>(rows);
    double sum = 0.0;
    for (std::size_t row = 0; row < rows; ++row)
        sum += of_row(row, static_cast<double>(scale) * share);
    return share * sum;
}

/// The family of both heads of a pair. Throws sdk::Error where they differ or have no density: then there is no closed
/// form of `what`, as "the divergence"; `also` says what else it allows, from "; " on. Null before the families are
/// known: no pair was named, and the trainer says so.
[[nodiscard]] std::unique_ptr<plugin_support::Family> shared_family(const sdk::LossContext &context,
                                                                    std::string_view what, std::string_view also = {});

} // namespace retort::losses
