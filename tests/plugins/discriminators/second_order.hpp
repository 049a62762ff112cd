// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fixture.hpp"

#include <retort/sdk/conformance/numeric.hpp>

#include <cmath>
#include <support/resolved.hpp>

namespace retort::test {

/// `second_backward` against differences of sum_r <v_r, d a_r / d z_r>, noise held: in every
/// entry of every tensor.
template <class Discriminator>
void check_second_order(const typename Discriminator::Settings &settings, std::size_t rows) {
    DiscriminatorFixture<Discriminator> fixture(settings);
    BOOST_TEST_REQUIRE(fixture.discriminator.twice_differentiable());
    const auto pass = fixture.make_pass(sdk::Mode::sample);
    const sdk::MatrixBuffer direction = normal_matrix(rows, sample_width, sdk::Random{8});
    const std::vector<float> units(rows, 1.0F);
    const auto sum = [&] {
        fixture.discriminator.parameters_changed(sdk::Change::restore);
        pass->forward(rows, fixture.condition(), sdk::Random{9}, {1, 4});
        pass->backward(units, {}, sdk::Write::none);
        sdk::conformance::Sum result;
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t i = 0; i < sample_width; ++i) {
                const double term = static_cast<double>(direction.view().row(row)[i]) *
                                    static_cast<double>(pass->input_gradient().row(row)[i]);
                result.value += term;
                result.size += std::abs(term);
            }
        return result;
    };
    sum();
    const sdk::Parameters all = fixture.discriminator.parameters();
    std::fill(all.gradients.begin(), all.gradients.end(), 7.0F);
    pass->second_backward(direction.view(), sdk::Write::replace);
    pass->second_backward(direction.view(), sdk::Write::add);
    std::vector<float> gradient = copy(all.gradients);
    for (float &value : gradient)
        value *= 0.5F;
    Resolved resolved;
    resolved.check_all(all, gradient, sum);
    resolved.check_count(settings.activation != plugin_support::Activation::leaky_relu || settings.hidden.empty());
}

/// With every activation, with and without hidden layers, of a full and of a short batch.
template <class Discriminator> void check_second_order_of_all(typename Discriminator::Settings settings) {
    using plugin_support::Activation;
    for (const Activation activation : {Activation::leaky_relu, Activation::tanh, Activation::gelu})
        for (const std::vector<std::size_t> &hidden : {std::vector<std::size_t>{}, {7, 5}})
            for (const std::size_t rows : {2 * examples, examples})
                BOOST_TEST_CONTEXT(plugin_support::names_of(activation)[static_cast<std::size_t>(activation)]
                                   << ", " << hidden.size() << " hidden layers, " << rows << " rows") {
                    settings.activation = activation;
                    settings.hidden = hidden;
                    check_second_order<Discriminator>(settings, rows);
                }
}

} // namespace retort::test
