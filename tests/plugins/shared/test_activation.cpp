// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/silent_services.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/shared/activation.hpp>
#include <plugins/shared/matmul.hpp>

BOOST_AUTO_TEST_SUITE(test_activation)

using namespace retort::plugin_support;

// Values at -1, leaky_relu with a slope of 0.3. tanh(-1) = -0.761594 and gelu(-1) = -0.158808 (tanh form).
BOOST_AUTO_TEST_CASE(each_name_is_that_of_its_function) {
    const struct {
        std::string_view name;
        Activation kind;
        float at_minus_one;
    } cases[] = {
        {"relu", Activation::relu, 0.0F},
        {"leaky_relu", Activation::leaky_relu, -0.3F},
        {"tanh", Activation::tanh, -0.761594F},
        {"gelu", Activation::gelu, -0.158808F},
    };
    BOOST_TEST(names_of(Activation{}).size() == std::size(cases));
    for (const auto &c : cases) {
        BOOST_TEST(names_of(c.kind)[static_cast<std::size_t>(c.kind)] == c.name);
        retort::sdk::SilentServices services;
        const float minus_one = -1.0F;
        const float one = 1.0F;
        float value = 0.0F;
        const ActivationFunction function{c.kind, 0.3F};
        Matmul({1, 1, 1, {1, 1}, {1, 1}, 1, false, false, function}, services)(&minus_one, &one, &value);
        BOOST_TEST(std::abs(value - c.at_minus_one) <= 1e-6F, c.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
