// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>
#include <retort/sdk/distribution.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace retort::plugin_support {

/// Mean and variance of every column of a matrix that is shown piece by piece, in double (Chan, Golub and LeVeque
/// 1983: pieces are merged by their own means, so that nothing cancels).
class Moments {
  public:
    explicit Moments(std::size_t width) : mean_(width), squares_(width), piece_mean_(width), piece_squares_(width) {}

    void add(sdk::ConstMatrix rows);

    [[nodiscard]] std::uint64_t count() const { return count_; }

    [[nodiscard]] double mean(std::size_t column) const { return mean_[column]; }

    /// Divided by the number of rows; 0 before there are any.
    [[nodiscard]] double variance(std::size_t column) const {
        return count_ == 0 ? 0.0 : squares_[column] / static_cast<double>(count_);
    }

  private:
    std::uint64_t count_ = 0;
    std::vector<double> mean_;
    std::vector<double> squares_; ///< sums of squared differences from the mean
    std::vector<double> piece_mean_;
    std::vector<double> piece_squares_;
};

struct StandardisationSettings {
    bool standardise = true;
    double floor = 0.1;

    void fields(sdk::Fields &fields);
};

/// The map z = (u - mean) / max(standard deviation, least) per dimension, fitted to the teacher's training data, with
/// least = floor * root mean square of all standard deviations. The identity until it is fitted, and where not wanted.
class Standardisation {
  public:
    Standardisation(const StandardisationSettings &settings, std::size_t width);

    [[nodiscard]] bool wanted() const { return settings_.standardise; }

    void add(sdk::ConstMatrix rows) { moments_.add(rows); }

    /// Takes the moments of all that was added, and forgets them. Returns what the map divides by, or would where it is
    /// not wanted: the standard deviations with their floor, 1 where that is 0.
    std::vector<double> finish();

    /// Spans that stay the same for the life of this object; empty where not wanted.
    [[nodiscard]] sdk::Affine affine() const { return {shift_, scale_}; }

    void visit_state(sdk::StateVisitor &visitor);

  private:
    StandardisationSettings settings_;
    std::size_t width_;
    Moments moments_;
    std::vector<float> shift_;
    std::vector<float> scale_;
};

/// z = (u - shift) * scale, row by row; a copy for the identity. Both of one shape; they may be the same.
void apply(sdk::Affine affine, sdk::ConstMatrix u, sdk::Matrix z);

} // namespace retort::plugin_support
