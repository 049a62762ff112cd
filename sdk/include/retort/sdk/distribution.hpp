// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace retort::sdk {

/// Where samples live. Two heads meet when their spaces are equal.
struct Space {
    enum class Kind {
        real,   ///< R^width
        simplex ///< non-negative, summing to one
    };

    Kind kind = Kind::real;
    std::size_t width = 0;

    friend constexpr bool operator==(const Space &, const Space &) = default;
};

/// A map per dimension, z = (u - shift) * scale. Empty spans: the identity.
struct Affine {
    std::span<const float> shift;
    std::span<const float> scale;
};

/// A distribution per row, as data: a family's name and its parameter matrices. So two head plugins can meet, and a
/// loss can work on both, without knowing each other's classes.
///
/// | family              | space            | parameters[0]           | parameters[1]                         |
/// |---------------------|------------------|-------------------------|---------------------------------------|
/// | "point"             | R^n or a simplex | location                | -                                     |
/// | "diagonal_gaussian" | R^n              | mean                    | standard deviation                    |
/// | "laplace"           | R^n              | location                | scale b > 0, density exp(-|z-m|/b)/2b |
/// | "categorical"       | simplex of n     | logits                  | -                                     |
/// | "dirichlet"         | simplex of n     | concentration > 0       | -                                     |
/// | "logistic_normal"   | simplex of n     | mean                    | standard deviation                    |
///
/// All have as many columns as the space. A logistic normal z is the softmax of y ~ N(mean, diag of the squared
/// standard deviations) (Atchison and Shen 1980). Samples of a categorical distribution are relaxed: they lie within
/// the simplex.
struct Distribution {
    std::string_view family = {};
    std::array<ConstMatrix, 2> parameters = {};
};

} // namespace retort::sdk
