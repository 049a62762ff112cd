// SPDX-License-Identifier: Apache-2.0
#include "standardisation.hpp"

#include <algorithm>
#include <cmath>

namespace retort::plugin_support {

void Moments::add(sdk::ConstMatrix rows) {
    if (rows.empty())
        return;
    const auto piece = static_cast<double>(rows.rows);
    std::fill(piece_mean_.begin(), piece_mean_.end(), 0.0);
    std::fill(piece_squares_.begin(), piece_squares_.end(), 0.0);
    for (std::size_t r = 0; r < rows.rows; ++r)
        for (std::size_t c = 0; c < rows.columns; ++c)
            piece_mean_[c] += static_cast<double>(rows.row(r)[c]);
    for (double &mean : piece_mean_)
        mean /= piece;
    for (std::size_t r = 0; r < rows.rows; ++r)
        for (std::size_t c = 0; c < rows.columns; ++c) {
            const double difference = static_cast<double>(rows.row(r)[c]) - piece_mean_[c];
            piece_squares_[c] += difference * difference;
        }
    const double share = piece / (piece + static_cast<double>(count_));
    for (std::size_t c = 0; c < rows.columns; ++c) {
        const double step = piece_mean_[c] - mean_[c];
        mean_[c] += step * share;
        squares_[c] += piece_squares_[c] + step * step * share * static_cast<double>(count_);
    }
    count_ += rows.rows;
}

void StandardisationSettings::fields(sdk::Fields &fields) {
    fields("standardise", standardise,
           "Teacher's side: shift and scale every dimension to mean 0 and standard deviation 1 over the training data. "
           "A student's head applies the map of the teacher's head, whatever it says itself.");
    fields("floor", floor,
           "Least standard deviation to divide by, relative to the root mean square of those of all dimensions: a "
           "dimension in which the teacher hardly varies is not blown up.",
           {1e-6, 1.0});
}

Standardisation::Standardisation(const StandardisationSettings &settings, std::size_t width)
    : settings_(settings), width_(width), moments_(width), shift_(wanted() ? width : 0), scale_(shift_.size(), 1.0F) {}

std::vector<double> Standardisation::finish() {
    double variance = 0.0;
    for (std::size_t c = 0; c < width_; ++c)
        variance += moments_.variance(c) / static_cast<double>(width_);
    const double least = settings_.floor * std::sqrt(variance);
    std::vector<double> deviations(width_);
    for (std::size_t c = 0; c < width_; ++c) {
        const double deviation = std::max(std::sqrt(moments_.variance(c)), least);
        deviations[c] = deviation > 0.0 ? deviation : 1.0;
    }
    for (std::size_t c = 0; c < shift_.size(); ++c) {
        shift_[c] = static_cast<float>(moments_.mean(c));
        scale_[c] = static_cast<float>(1.0 / deviations[c]);
    }
    moments_ = Moments(width_);
    return deviations;
}

void Standardisation::visit_state(sdk::StateVisitor &visitor) {
    if (!wanted())
        return;
    visitor.array("shift", std::span(shift_));
    visitor.array("scale", std::span(scale_));
}

void apply(sdk::Affine affine, sdk::ConstMatrix u, sdk::Matrix z) {
    for (std::size_t r = 0; r < u.rows; ++r) {
        const std::span<const float> from = u.row(r);
        const std::span<float> to = z.row(r);
        if (affine.scale.empty())
            std::copy(from.begin(), from.end(), to.begin());
        else
            for (std::size_t c = 0; c < from.size(); ++c)
                to[c] = (from[c] - affine.shift[c]) * affine.scale[c];
    }
}

} // namespace retort::plugin_support
