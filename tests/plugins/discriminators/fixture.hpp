// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <plugins/shared/dense_discriminator.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace retort::test {

constexpr std::size_t sample_width = 3;
constexpr std::size_t condition_width = 4;
constexpr std::size_t examples = 3;
constexpr std::size_t classes = 3;
constexpr std::int32_t labels[examples] = {2, sdk::unlabelled, 0};

/// How the settings are listed that all fully connected discriminators have, without hidden layers.
inline const std::string dense_listing = R"(
hidden: list of 0
: integer 1..65536 = 0
activation: choice of 4 = leaky_relu
negative_slope: real 0..1 = 0.2
dropout: real 0..0.99 = 0
noise: schedule 0..1e+06 = 0
)";

inline std::vector<float> copy(std::span<const float> values) {
    return {values.begin(), values.end()};
}

inline std::vector<float> copy(sdk::ConstMatrix matrix) {
    std::vector<float> result;
    for (std::size_t row = 0; row < matrix.rows; ++row)
        result.insert(result.end(), matrix.row(row).begin(), matrix.row(row).end());
    return result;
}

/// A discriminator of samples in R^3 and conditions in R^4 with biases that are not zero, 2 * 3 samples and the
/// features and labels of 3 examples.
template <class Discriminator> struct DiscriminatorFixture {
    explicit DiscriminatorFixture(const typename Discriminator::Settings &settings)
        : discriminator(settings,
                        {surroundings.context(), {sdk::Space::Kind::real, sample_width}, condition_width, 0, classes}) {
        discriminator.initialise(sdk::Random{3});
        for (const sdk::Parameter &entry : discriminator.parameters().table)
            if (!entry.decays)
                sdk::fill_normal(sdk::Random{entry.offset},
                                 discriminator.parameters().values.subspan(entry.offset, entry.size));
        discriminator.parameters_changed(sdk::Change::restore);
    }

    /// A pass for 6 rows, or 3, with the samples in its input.
    std::unique_ptr<sdk::DiscriminatorPass> make_pass(sdk::Mode mode, bool parameters = true) {
        auto pass = discriminator.make_pass({mode, 2 * examples, examples, parameters, true, {}});
        const sdk::Matrix input = pass->input();
        for (std::size_t row = 0; row < input.rows; ++row)
            std::copy_n(samples.view().row(row).begin(), sample_width, input.row(row).begin());
        return pass;
    }

    /// The numbers of a tensor of its table, and those behind it.
    [[nodiscard]] std::span<const float> tensor(std::size_t index) {
        const sdk::Parameters all = discriminator.parameters();
        return all.values.subspan(all.table[index].offset);
    }

    /// [z, c] of a row.
    [[nodiscard]] std::vector<float> joined(std::size_t row) const {
        std::vector<float> result = copy(samples.view().row(row));
        const auto of_example = features.view().row(row % examples);
        result.insert(result.end(), of_example.begin(), of_example.end());
        return result;
    }

    /// The score of a network with one hidden layer of leaky_relu, whose tensors are the first four, by plain loops.
    [[nodiscard]] float score_of(std::span<const float> input, std::size_t units) {
        float score = tensor(3)[0];
        for (std::size_t unit = 0; unit < units; ++unit) {
            float sum = tensor(1)[unit];
            for (std::size_t i = 0; i < input.size(); ++i)
                sum += tensor(0)[unit * input.size() + i] * input[i];
            score += tensor(2)[unit] * (sum > 0.0F ? sum : 0.2F * sum);
        }
        return score;
    }

    [[nodiscard]] sdk::Condition condition() const { return {{{}, labels}, features.view()}; }

    Surroundings surroundings;
    Discriminator discriminator;
    sdk::MatrixBuffer samples = normal_matrix(2 * examples, sample_width, sdk::Random{4});
    sdk::MatrixBuffer features = normal_matrix(examples, condition_width, sdk::Random{5});
    std::vector<float> coefficients = copy(normal_matrix(2 * examples, 1, sdk::Random{6}).view());
};

template <class Discriminator> typename Discriminator::Settings noisy_settings() {
    typename Discriminator::Settings settings;
    settings.hidden = {7, 5};
    settings.dropout = 0.3;
    settings.noise = sdk::Schedule(sdk::Schedule::Shape::linear, 0.5, 0.0);
    return settings;
}

/// Parameter and input gradients of a weighted sum of scores. Step and tolerance 2e-3, as for the model.
template <class Discriminator>
void check_gradients(const typename Discriminator::Settings &settings, std::size_t rows) {
    DiscriminatorFixture<Discriminator> fixture(settings);
    const auto pass = fixture.make_pass(sdk::Mode::train);
    const std::span<const float> coefficients = std::span<const float>(fixture.coefficients).first(rows);
    const auto loss = [&] {
        fixture.discriminator.parameters_changed(sdk::Change::restore);
        pass->forward(rows, fixture.condition(), sdk::Random{9}, {1, 4});
        double sum = 0.0;
        for (std::size_t row = 0; row < rows; ++row)
            sum += static_cast<double>(coefficients[row]) * static_cast<double>(pass->scores()[row]);
        return sum;
    };
    loss();
    const auto parameters = fixture.discriminator.parameters();
    std::fill(parameters.gradients.begin(), parameters.gradients.end(), 0.0F);
    pass->backward(coefficients, {}, sdk::Write::replace);
    const auto gradient = copy(parameters.gradients);
    const auto input_gradient = copy(pass->input_gradient());
    check_gradient(loss, parameters.values, gradient, 2e-3F, 2e-3);
    check_gradient(loss, {pass->input().data, rows * sample_width}, input_gradient, 2e-3F, 2e-3);
}

/// The same with and without hidden layers, of a full and of a short batch.
template <class Discriminator> void check_gradients_of_all(typename Discriminator::Settings settings) {
    for (const std::size_t rows : {2 * examples, examples})
        for (const std::vector<std::size_t> &hidden : {std::vector<std::size_t>{}, {7}, {7, 5}})
            BOOST_TEST_CONTEXT(rows << " rows, " << hidden.size() << " hidden layers") {
                settings.hidden = hidden;
                check_gradients<Discriminator>(settings, rows);
            }
}

} // namespace retort::test
