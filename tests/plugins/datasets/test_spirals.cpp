// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numeric>
#include <plugins/datasets/spirals/spirals.hpp>
#include <support/context.hpp>
#include <vector>

namespace test_spirals {

using namespace retort;
using dataset_spirals::Spirals;
using sdk::Split;

/// A split of a dataset, read at once.
struct Examples {
    Examples(const Spirals &dataset, Split split)
        : points(dataset.size(split), dataset.width()), labels(dataset.size(split)), rows(dataset.size(split)) {
        std::iota(rows.begin(), rows.end(), std::uint64_t{0});
        dataset.read(split, rows, points.view(), labels);
    }

    [[nodiscard]] double radius(std::size_t row) const {
        return std::hypot(static_cast<double>(points.view().row(row)[0]),
                          static_cast<double>(points.view().row(row)[1]));
    }

    [[nodiscard]] double angle(std::size_t row) const {
        return std::atan2(static_cast<double>(points.view().row(row)[1]),
                          static_cast<double>(points.view().row(row)[0]));
    }

    sdk::MatrixBuffer points;
    std::vector<std::int32_t> labels;
    std::vector<std::uint64_t> rows;
};

struct Fixture {
    [[nodiscard]] std::unique_ptr<Spirals> loaded(std::uint64_t seed = 1) {
        auto dataset =
            std::make_unique<Spirals>(settings, sdk::DatasetContext{surroundings.context(seed), std::string()});
        dataset->load();
        return dataset;
    }

    test::Surroundings surroundings;
    Spirals::Settings settings;
};

} // namespace test_spirals

BOOST_FIXTURE_TEST_SUITE(test_spirals, Fixture)

BOOST_AUTO_TEST_CASE(sizes_are_as_set) {
    settings.train = 7;
    settings.validation = 0;
    settings.test = 5;
    settings.classes = 4;
    const auto dataset = loaded();
    BOOST_TEST(dataset->width() == 2U);
    BOOST_TEST(dataset->classes() == 4U);
    BOOST_TEST(dataset->size(Split::train) == 7U);
    BOOST_TEST(dataset->size(Split::validation) == 0U);
    BOOST_TEST(dataset->size(Split::test) == 5U);
}

BOOST_AUTO_TEST_CASE(without_noise_every_point_lies_on_the_arm_of_its_class) {
    settings.noise = 0.0;
    settings.turns = 0.75;
    const Examples examples(*loaded(), Split::train);
    for (std::size_t row = 0; row < examples.rows.size(); ++row) {
        const double share = static_cast<double>(examples.labels[row]) / 3.0;
        const double expected = 2.0 * M_PI * (0.75 * examples.radius(row) + share);
        BOOST_TEST(std::abs(std::remainder(examples.angle(row) - expected, 2.0 * M_PI)) * examples.radius(row) < 1e-5,
                   "row " << row);
        BOOST_TEST(examples.radius(row) < 1.0 + 1e-6);
    }
}

BOOST_AUTO_TEST_CASE(classes_take_turns_and_points_fill_their_arms) {
    const Examples examples(*loaded(), Split::train);
    double sum = 0.0;
    for (std::size_t row = 0; row < examples.rows.size(); ++row) {
        BOOST_TEST(examples.labels[row] == static_cast<std::int32_t>(row % 3));
        sum += examples.radius(row);
    }
    BOOST_TEST(std::abs(sum / 600.0 - 0.5) < 0.05); // of a uniform number: 0.29 / sqrt(600) = 0.012
}

BOOST_AUTO_TEST_CASE(noise_has_the_deviation_that_is_set) {
    settings.turns = 0.0; // the first arm is the x axis
    settings.classes = 1;
    settings.noise = 0.2;
    settings.train = 4000;
    const Examples examples(*loaded(), Split::train);
    double sum = 0.0;
    for (std::size_t row = 0; row < examples.rows.size(); ++row)
        sum += std::pow(static_cast<double>(examples.points.view().row(row)[1]), 2.0);
    BOOST_TEST(std::abs(std::sqrt(sum / 4000.0) - 0.2) < 0.01); // 0.2 / sqrt(8000) = 0.002
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_points_and_another_gives_others) {
    const auto first_of = [&](std::uint64_t seed, Split split) {
        return Examples(*loaded(seed), split).points.view().row(0)[0];
    };
    BOOST_TEST(first_of(1, Split::train) == first_of(1, Split::train));
    BOOST_TEST(first_of(1, Split::train) != first_of(2, Split::train));
    BOOST_TEST(first_of(1, Split::train) != first_of(1, Split::test));
}

BOOST_AUTO_TEST_SUITE_END()
