// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "noise.hpp"
#include "second_order.hpp"

#include <plugins/discriminators/mlp/mlp.hpp>

BOOST_AUTO_TEST_SUITE(test_discriminator_mlp)

using namespace retort;
using discriminator_mlp::Mlp;
using test::examples;

// a = W1 leaky_relu(W0 z + b0) + b1; W0 z + b0 = (1 + 4 + 9, -1 + 1) - (0, 2) = (14, -2), leaky: (14, -0.4).
BOOST_AUTO_TEST_CASE(forward_by_hand) {
    Mlp::Settings settings;
    settings.hidden = {2};
    test::DiscriminatorFixture<Mlp> fixture(settings);
    const auto parameters = fixture.discriminator.parameters();
    const std::vector<std::vector<float>> tensors{{1, 2, 3, -1, 0.5F, 0}, {0, -2}, {0.5F, 10}, {1}};
    for (std::size_t i = 0; i < tensors.size(); ++i)
        std::copy(tensors[i].begin(), tensors[i].end(), parameters.values.data() + parameters.table[i].offset);
    const auto pass = fixture.make_pass(sdk::Mode::evaluate);
    std::copy_n(std::vector<float>{1, 2, 3}.begin(), 3, pass->input().row(1).begin());
    pass->forward(2 * examples, {}, sdk::Random{}, {});
    BOOST_TEST(std::abs(pass->scores()[1] - 4.0F) < 1e-5F); // 0.5 * 14 + 10 * -0.4 + 1
    BOOST_TEST(pass->scores().size() == 2 * examples);
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    test::check_gradients_of_all<Mlp>(test::noisy_settings<Mlp>());
}

BOOST_AUTO_TEST_CASE(noise) {
    test::check_noise<Mlp>();
}

BOOST_AUTO_TEST_CASE(ignores_conditions) {
    test::DiscriminatorFixture<Mlp> fixture({});
    BOOST_TEST(!fixture.discriminator.needs().features);
    BOOST_TEST(fixture.discriminator.parameters().table[0].shape[1] == test::sample_width);
    const auto pass = fixture.make_pass(sdk::Mode::train);
    pass->forward(2 * examples, {}, sdk::Random{}, {});
    const auto without = test::copy(pass->scores());
    pass->forward(2 * examples, fixture.condition(), sdk::Random{}, {});
    BOOST_TEST(test::copy(pass->scores()) == without, boost::test_tools::per_element());
}

// With noise and dropout, whose streams are held.
BOOST_AUTO_TEST_CASE(second_order_gradients_are_those_of_finite_differences) {
    Mlp::Settings settings = test::noisy_settings<Mlp>();
    test::check_second_order_of_all<Mlp>(settings);
}

BOOST_AUTO_TEST_SUITE_END()
