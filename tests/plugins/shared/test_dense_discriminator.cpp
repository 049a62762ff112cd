// SPDX-License-Identifier: Apache-2.0
#include "../discriminators/fixture.hpp"

#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_dense_discriminator)

using namespace retort;
using namespace retort::plugin_support;
using test::copy;
using test::examples;
using test::sample_width;

namespace {

/// The condition's part of the first layer by plain loops, W_c c + b: what a discriminator adds to the shared part.
class Offset final : public DenseDiscriminator {
  public:
    using Settings = DenseDiscriminatorSettings;

    Offset(const DenseDiscriminatorSettings &settings, const sdk::DiscriminatorContext &context)
        : DenseDiscriminator(settings, context, sample_width + test::condition_width) {}

    class Pass final : public DenseDiscriminatorPass {
      public:
        Pass(const DenseNetwork &network, const sdk::Schedule &noise, sdk::Services &services,
             const sdk::PassSpec &spec)
            : DenseDiscriminatorPass(network, noise, services, spec, test::condition_width), network_(network),
              offset_(examples, network.output_width(0)) {}

        void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random random,
                     sdk::Progress progress) override {
            for (std::size_t r = 0; r < condition.features.rows; ++r)
                for (std::size_t unit = 0; unit < network_.output_width(0); ++unit) {
                    float sum = network_.bias(0)[unit];
                    for (std::size_t i = 0; i < test::condition_width; ++i)
                        sum += network_.weight(0)[unit * network_.input_width(0) + sample_width + i] *
                               condition.features.row(r)[i];
                    offset_.view().row(r)[unit] = sum;
                }
            score(rows, condition, random, progress, offset_.view(condition.features.rows));
        }

      private:
        const DenseNetwork &network_;
        sdk::MatrixBuffer offset_;
    };

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override {
        return std::make_unique<Pass>(network(), noise(), services(), spec);
    }
};

DenseDiscriminatorSettings one_layer() {
    DenseDiscriminatorSettings settings;
    settings.hidden = {7};
    return settings;
}

} // namespace

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    DenseDiscriminatorSettings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
hidden: list of 2 
: integer 1..65536 = 256 
: integer 1..65536 = 256
: integer 1..65536 = 0
activation: choice of 4 = leaky_relu
negative_slope: real 0..1 = 0.2
dropout: real 0..0.99 = 0
noise: schedule 0..1e+06 = 0)");
}

BOOST_AUTO_TEST_CASE(the_slope_is_that_of_the_settings) {
    DenseDiscriminatorSettings settings = one_layer();
    settings.negative_slope = 1.0; // a linear map: a(z) + a(-z) = 2 a(0), without a condition's part
    test::DiscriminatorFixture<Offset> fixture(settings);
    const auto pass = fixture.make_pass(sdk::Mode::evaluate, false);
    for (std::size_t i = 0; i < sample_width; ++i) {
        pass->input().row(1)[i] = -pass->input().row(0)[i];
        pass->input().row(2)[i] = 0.0F;
    }
    for (std::size_t r = 1; r < examples; ++r)
        std::ranges::copy(fixture.features.view().row(0), fixture.features.view().row(r).begin());
    pass->forward(examples, fixture.condition(), {}, {});
    BOOST_TEST(std::abs(pass->scores()[0] + pass->scores()[1] - 2.0F * pass->scores()[2]) < 1e-5F);
}

// The network on [z, c] in one piece, by plain loops; tolerance 1e-5 for sums of 7 terms.
BOOST_AUTO_TEST_CASE(an_offset_stands_for_the_conditions_columns) {
    test::DiscriminatorFixture<Offset> fixture(one_layer());
    const sdk::Parameters all = fixture.discriminator.parameters();
    const auto tensor = [&](std::size_t index) { return all.values.subspan(all.table[index].offset); };
    const auto pass = fixture.make_pass(sdk::Mode::evaluate, false);
    pass->forward(2 * examples, fixture.condition(), {}, {});
    BOOST_TEST_REQUIRE(pass->scores().size() == 2 * examples);
    for (std::size_t r = 0; r < 2 * examples; ++r) {
        std::vector<float> joined = copy(fixture.samples.view().row(r));
        for (const float feature : fixture.features.view().row(r % examples))
            joined.push_back(feature);
        float score = tensor(3)[0];
        for (std::size_t unit = 0; unit < 7; ++unit) {
            float sum = tensor(1)[unit];
            for (std::size_t i = 0; i < joined.size(); ++i)
                sum += tensor(0)[unit * joined.size() + i] * joined[i];
            score += tensor(2)[unit] * (sum > 0.0F ? sum : 0.2F * sum);
        }
        BOOST_TEST(std::abs(pass->scores()[r] - score) < 1e-5F);
    }
}

// Step and tolerance 2e-3, as for the discriminators that are built on it.
BOOST_AUTO_TEST_CASE(the_gradient_of_a_noisy_sample_is_that_of_finite_differences) {
    DenseDiscriminatorSettings settings = test::noisy_settings<Offset>();
    settings.dropout = 0.0;
    test::DiscriminatorFixture<Offset> fixture(settings);
    const auto pass = fixture.make_pass(sdk::Mode::sample);
    const auto loss = [&] {
        pass->forward(2 * examples, fixture.condition(), sdk::Random{9}, {1, 4});
        double sum = 0.0;
        for (std::size_t r = 0; r < 2 * examples; ++r)
            sum += static_cast<double>(fixture.coefficients[r]) * static_cast<double>(pass->scores()[r]);
        return sum;
    };
    loss();
    pass->backward(fixture.coefficients, {}, sdk::Write::none);
    const std::vector<float> gradient = copy(pass->input_gradient());
    test::check_gradient(loss, {pass->input().data, gradient.size()}, gradient, 2e-3F, 2e-3);
}

/// The first sample in every row, and the first example's features.
void make_equal(test::DiscriminatorFixture<Offset> &fixture, sdk::DiscriminatorPass &pass) {
    for (std::size_t r = 1; r < 2 * examples; ++r)
        std::ranges::copy(pass.input().row(0), pass.input().row(r).begin());
    for (std::size_t r = 1; r < examples; ++r)
        std::ranges::copy(fixture.features.view().row(0), fixture.features.view().row(r).begin());
}

// Rows differ in their noise alone, which comes from the repetition and the example's place in the whole batch.
BOOST_AUTO_TEST_CASE(noise_belongs_to_the_repetition_and_the_example) {
    test::DiscriminatorFixture<Offset> fixture(test::noisy_settings<Offset>());
    const auto pass = fixture.make_pass(sdk::Mode::train);
    make_equal(fixture, *pass);
    const auto scores = [&](std::size_t first_row) {
        sdk::Condition condition = fixture.condition();
        condition.batch.first_row = first_row;
        pass->forward(2 * examples, condition, sdk::Random{1}, {0, 4});
        return copy(pass->scores());
    };
    const std::vector<float> first = scores(0);
    const std::vector<float> later = scores(1);
    BOOST_TEST(first[0] != first[1]);
    BOOST_TEST(first[0] != first[examples]);
    for (const std::size_t r : {std::size_t{0}, examples}) {
        BOOST_TEST(std::abs(later[r] - first[r + 1]) < 1e-5F);
        BOOST_TEST(std::abs(later[r + 1] - first[r + 2]) < 1e-5F);
    }
}

BOOST_AUTO_TEST_SUITE_END()
