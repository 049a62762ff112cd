// SPDX-License-Identifier: Apache-2.0
#include "../discriminators/fixture.hpp"

#include <plugins/shared/conditioned_discriminator.hpp>
#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_conditioned_discriminator)

using namespace retort;
using namespace retort::plugin_support;
using test::copy;
using test::examples;

namespace {

/// The shared part and nothing else.
class Plain final : public ConditionedDiscriminator {
  public:
    using Settings = ConditionedSettings;

    Plain(const Settings &settings, const sdk::DiscriminatorContext &context)
        : ConditionedDiscriminator(settings, context) {}

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override {
        return std::make_unique<ConditionedDiscriminatorPass>(network(), widths(), noise(), services(), spec);
    }
};

ConditionedSettings labelled() {
    ConditionedSettings settings = test::noisy_settings<Plain>();
    settings.labels = true;
    return settings;
}

} // namespace

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    ConditionedSettings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
hidden: list of 2 
: integer 1..65536 = 256 
: integer 1..65536 = 256
: integer 1..65536 = 0
activation: choice of 4 = leaky_relu
negative_slope: real 0..1 = 0.2
dropout: real 0..0.99 = 0
noise: schedule 0..1e+06 = 0
labels: flag = 0)");
}

BOOST_AUTO_TEST_CASE(it_needs_what_there_is_and_what_it_is_asked_to_see) {
    for (const std::size_t features : {0U, 4U})
        for (const bool labels : {false, true}) {
            ConditionedSettings settings;
            settings.labels = labels;
            test::Surroundings surroundings;
            Plain made(settings, {surroundings.context(), {sdk::Space::Kind::real, 3}, features, 0, 10});
            BOOST_TEST(made.needs().features == (features > 0));
            BOOST_TEST(made.needs().labels == labels);
            BOOST_TEST(made.parameters().table[0].shape[1] == 3 + features + (labels ? 10U : 0U));
            const auto pass = made.make_pass({sdk::Mode::evaluate, 2, 0, false, false, {}});
            BOOST_TEST(pass->input().columns == 3U);
            if (features + (labels ? 1 : 0) == 0)
                BOOST_CHECK_NO_THROW(pass->forward(2, {}, {}, {}));
            else
                BOOST_CHECK_THROW(pass->forward(2, {}, {}, {}), sdk::Error);
        }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const std::size_t rows : {2 * examples, examples})
        test::check_gradients<Plain>(labelled(), rows);
}

BOOST_AUTO_TEST_SUITE_END()
