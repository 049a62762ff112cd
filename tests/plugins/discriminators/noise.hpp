// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fixture.hpp"

#include <cmath>
#include <cstdint>

namespace retort::test {

/// Of a linear discriminator noise moves a score along its slope: half way from 0.5 to 0 its standard deviation is
/// 0.25, by 6,000 scores within three standard errors.
template <class Discriminator> void check_size_of_noise() {
    typename Discriminator::Settings settings = noisy_settings<Discriminator>();
    settings.hidden = {};
    settings.dropout = 0.0;
    DiscriminatorFixture<Discriminator> fixture(settings);
    const auto pass = fixture.make_pass(sdk::Mode::sample, false);
    const auto scores = [&](std::uint64_t draw, sdk::Progress progress) {
        pass->forward(2 * examples, fixture.condition(), sdk::Random{draw}, progress);
        return copy(pass->scores());
    };
    const std::vector<float> quiet = scores(0, {4, 4});
    pass->backward(std::vector<float>(2 * examples, 1.0F), {}, sdk::Write::none);
    std::vector<double> slope_squares(2 * examples);
    for (std::size_t row = 0; row < 2 * examples; ++row)
        for (const float slope : pass->input_gradient().row(row))
            slope_squares[row] += static_cast<double>(slope) * static_cast<double>(slope);
    constexpr std::uint64_t draws = 1000;
    double sum = 0.0;
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
        const std::vector<float> noisy = scores(draw, {2, 4});
        for (std::size_t row = 0; row < 2 * examples; ++row)
            sum += std::pow(static_cast<double>(noisy[row] - quiet[row]), 2) / slope_squares[row];
    }
    constexpr double count = draws * 2 * examples;
    constexpr double variance = 0.25 * 0.25;
    BOOST_TEST(std::abs(sum / count - variance) <= 3.0 * variance * std::sqrt(2.0 / count),
               "variance " << sum / count << ", expected " << variance);
}

/// Same stream, same bytes; a row's noise belongs to its repetition and example; none in evaluation, none once decayed;
/// and its size.
template <class Discriminator> void check_noise() {
    DiscriminatorFixture<Discriminator> fixture(noisy_settings<Discriminator>());
    const auto pass = fixture.make_pass(sdk::Mode::sample, false);
    const auto scores = [&](sdk::Random random, sdk::Progress progress) {
        pass->forward(2 * examples, fixture.condition(), random, progress);
        return copy(pass->scores());
    };
    const auto first = scores(sdk::Random{1}, {0, 4});
    BOOST_TEST(scores(sdk::Random{1}, {0, 4}) == first, boost::test_tools::per_element());
    BOOST_TEST(scores(sdk::Random{2}, {0, 4}) != first);
    BOOST_TEST(scores(sdk::Random{1}, {2, 4}) != first);

    pass->forward(examples, fixture.condition(), sdk::Random{1}, {0, 4});
    for (std::size_t row = 0; row < examples; ++row)
        BOOST_TEST(std::abs(pass->scores()[row] - first[row]) < 1e-5F);

    typename Discriminator::Settings quiet = noisy_settings<Discriminator>();
    quiet.noise = 0.0;
    DiscriminatorFixture<Discriminator> dropping(quiet);
    const auto decayed = dropping.make_pass(sdk::Mode::sample, false);
    decayed->forward(2 * examples, fixture.condition(), sdk::Random{1}, {0, 4});
    BOOST_TEST(scores(sdk::Random{1}, {4, 4}) == copy(decayed->scores()), boost::test_tools::per_element());

    quiet.dropout = 0.0;
    DiscriminatorFixture<Discriminator> plain(quiet);
    const auto expected = plain.make_pass(sdk::Mode::train);
    const auto evaluation = fixture.make_pass(sdk::Mode::evaluate, false);
    expected->forward(2 * examples, fixture.condition(), sdk::Random{1}, {0, 4});
    evaluation->forward(2 * examples, fixture.condition(), sdk::Random{2}, {0, 4});
    BOOST_TEST(copy(evaluation->scores()) == copy(expected->scores()), boost::test_tools::per_element());
    BOOST_TEST(copy(fixture.samples.view()) == copy(pass->input()), boost::test_tools::per_element());
    check_size_of_noise<Discriminator>();
}

} // namespace retort::test
