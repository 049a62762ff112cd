// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/loader.hpp>
#include <retort/sdk/sdk.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <numeric>
#include <support/context.hpp>
#include <support/numeric.hpp>

namespace test_minimal_plugin {

using namespace retort;

constexpr std::size_t rows = 5;
constexpr std::size_t width = 3;

struct Linear {
    Linear() {
        framework::load_plugin(registry, RETORT_LINEAR_PLUGIN);
        const auto &factory = dynamic_cast<const sdk::Factory<sdk::Discriminator> &>(
            *registry.get("discriminator", "linear", "").factory);
        sdk::DiscriminatorContext context{surroundings.context()};
        context.space = {sdk::Space::Kind::real, width};
        discriminator = factory.build(*factory.make_settings(), context);
        discriminator->initialise(sdk::Random{3});
        discriminator->parameters_changed(sdk::Change::restore);
        pass = discriminator->make_pass({sdk::Mode::train, rows, 0, true, true});
        sdk::fill_normal(sdk::Random{4}, std::span(pass->input().data, rows * width));
    }

    /// sum_r g_r a_r, whose gradient with respect to the scores is g.
    double loss() {
        pass->forward(rows, {}, sdk::Random{}, {});
        return std::inner_product(g.begin(), g.end(), pass->scores().begin(), 0.0);
    }

    framework::Registry registry;
    test::Surroundings surroundings;
    std::unique_ptr<sdk::Discriminator> discriminator;
    std::unique_ptr<sdk::DiscriminatorPass> pass;
    std::vector<float> g{0.5F, -1.0F, 2.0F, 0.25F, -0.125F};
};

} // namespace test_minimal_plugin

BOOST_FIXTURE_TEST_SUITE(test_minimal_plugin, Linear)

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    const sdk::Parameters parameters = discriminator->parameters();
    std::fill(parameters.gradients.begin(), parameters.gradients.end(), 7.0F); // to be replaced
    (void)loss();
    pass->backward(g, {}, sdk::Write::replace);
    const std::function<double()> again = [this] { return loss(); };
    for (const sdk::Parameter &parameter : parameters.table)
        test::check_gradient(again, parameters.values.subspan(parameter.offset, parameter.size),
                             parameters.gradients.subspan(parameter.offset, parameter.size), 0.01F, 1e-4);
    const sdk::ConstMatrix input_gradient = pass->input_gradient();
    BOOST_TEST_REQUIRE(input_gradient.rows == rows);
    for (std::size_t row = 0; row < rows; ++row)
        test::check_gradient(again, pass->input().row(row), input_gradient.row(row), 0.01F, 1e-4);
}

BOOST_AUTO_TEST_CASE(gradients_are_added_or_left_alone_as_asked) {
    const std::span<float> gradients = discriminator->parameters().gradients;
    (void)loss();
    pass->backward(g, {}, sdk::Write::replace);
    const std::vector<float> once(gradients.begin(), gradients.end());
    pass->backward(g, {}, sdk::Write::add);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(gradients[i] == 2.0F * once[i], boost::test_tools::tolerance(1e-6F));
    const std::vector<float> twice(gradients.begin(), gradients.end());
    pass->backward(g, {}, sdk::Write::none);
    BOOST_TEST(std::vector<float>(gradients.begin(), gradients.end()) == twice, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(input_gradients_are_empty_unless_asked_for) {
    pass = discriminator->make_pass({sdk::Mode::train, rows, 0, true, false});
    (void)loss();
    pass->backward(g, {}, sdk::Write::replace);
    BOOST_TEST(pass->input_gradient().empty());
}

BOOST_AUTO_TEST_CASE(the_example_stays_short) {
    std::ifstream file(RETORT_LINEAR_SOURCE);
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);)
        ++lines;
    BOOST_TEST(lines > 0U);
    BOOST_TEST(lines <= 70U);
}

BOOST_AUTO_TEST_SUITE_END()
