// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/dense_network.hpp>

BOOST_AUTO_TEST_SUITE(test_dense_network)

using namespace retort;
using plugin_support::Activation;
using plugin_support::DenseNetwork;
using plugin_support::DenseShape;
using plugin_support::Initialisation;

namespace {

DenseShape shape(Initialisation initialisation, Activation activation, float slope) {
    DenseShape made;
    made.input_width = 200;
    made.hidden = {300};
    made.output_width = 100;
    made.activation = {activation, slope};
    made.initialisation = initialisation;
    return made;
}

double variance(std::span<const float> values) {
    double sum = 0.0;
    double squares = 0.0;
    for (const float value : values) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto count = static_cast<double>(values.size());
    return squares / count - (sum / count) * (sum / count);
}

/// Within 4 standard deviations of a normal sample's variance.
void check_variance(std::span<const float> values, double expected) {
    const double tolerance = 4.0 * std::sqrt(2.0 / static_cast<double>(values.size()));
    BOOST_TEST(std::abs(variance(values) / expected - 1.0) < tolerance);
}

} // namespace

BOOST_AUTO_TEST_CASE(he_initialisation) {
    DenseNetwork relu(shape(Initialisation::he, Activation::relu, 0.5F));
    relu.initialise(sdk::Random{1});
    check_variance(relu.weight(0), 2.0 / 200.0);
    check_variance(relu.weight(1), 1.0 / 300.0);
    DenseNetwork leaky(shape(Initialisation::he, Activation::leaky_relu, 0.5F));
    leaky.initialise(sdk::Random{1});
    check_variance(leaky.weight(0), 2.0 / 1.25 / 200.0);
}

BOOST_AUTO_TEST_CASE(xavier_initialisation) {
    DenseNetwork network(shape(Initialisation::xavier, Activation::tanh, 0.0F));
    network.initialise(sdk::Random{1});
    const float bound = std::sqrt(6.0F / 500.0F);
    check_variance(network.weight(0), 2.0 / 500.0);
    for (const float value : network.weight(0))
        BOOST_TEST(std::abs(value) <= bound);
}

BOOST_AUTO_TEST_CASE(biases_begin_at_zero_and_streams_differ) {
    DenseNetwork network(shape(Initialisation::he, Activation::relu, 0.0F));
    std::fill(network.bias(0).begin(), network.bias(0).end(), 1.0F);
    network.initialise(sdk::Random{1});
    BOOST_TEST(std::count(network.bias(0).begin(), network.bias(0).end(), 0.0F) == 300);
    const float first = network.weight(0)[0];
    BOOST_TEST(first != network.weight(1)[0]);
    network.initialise(sdk::Random{2});
    BOOST_TEST(first != network.weight(0)[0]);
    network.initialise(sdk::Random{1});
    BOOST_TEST(first == network.weight(0)[0]);
}

BOOST_AUTO_TEST_SUITE_END()
