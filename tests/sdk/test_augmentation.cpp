// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/augmentation.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace test_augmentation {

using namespace retort;

constexpr float background = -1.0F;
constexpr sdk::ImageShape shape{1, 3, 4, background};

std::vector<float> numbered(std::size_t size) {
    std::vector<float> image(size);
    for (std::size_t i = 0; i < size; ++i)
        image[i] = static_cast<float>(i + 1);
    return image;
}

/// The image moved by definition: pixel (y, x) comes from (y - down, x - right).
std::vector<float> shifted(const std::vector<float> &image, std::ptrdiff_t right, std::ptrdiff_t down) {
    std::vector<float> result(image.size(), background);
    for (std::ptrdiff_t y = 0; y < 3; ++y)
        for (std::ptrdiff_t x = 0; x < 4; ++x)
            if (y - down >= 0 && y - down < 3 && x - right >= 0 && x - right < 4)
                result[static_cast<std::size_t>(y * 4 + x)] =
                    image[static_cast<std::size_t>((y - down) * 4 + x - right)];
    return result;
}

std::vector<float> moved(const std::vector<float> &image, const sdk::ImageShape &of, const sdk::Motion &motion) {
    std::vector<float> result(image.size(), 99.0F);
    sdk::move_image(image, result, of, motion);
    return result;
}

/// f(y, x) at the pixels of a square image of `side`.
template <class Function> std::vector<float> drawn(std::ptrdiff_t side, Function f) {
    std::vector<float> image;
    for (std::ptrdiff_t y = 0; y < side; ++y)
        for (std::ptrdiff_t x = 0; x < side; ++x)
            image.push_back(static_cast<float>(f(static_cast<double>(y), static_cast<double>(x))));
    return image;
}

} // namespace test_augmentation

using namespace test_augmentation;

BOOST_AUTO_TEST_SUITE(test_augmentation)

BOOST_AUTO_TEST_CASE(an_image_is_shifted_by_whole_pixels_and_background_comes_in) {
    const std::vector<float> image = numbered(12);
    for (std::ptrdiff_t down = -4; down <= 4; ++down)
        for (std::ptrdiff_t right = -5; right <= 5; ++right)
            BOOST_TEST_CONTEXT("right " << right << ", down " << down) {
                std::vector<float> result = image;
                sdk::shift_image(result, shape, right, down);
                const std::vector<float> expected = shifted(image, right, down);
                BOOST_TEST(result == expected, boost::test_tools::per_element());
                BOOST_TEST(moved(image, shape, {right, down}) == expected, boost::test_tools::per_element());
            }
}

BOOST_AUTO_TEST_CASE(each_channel_is_moved_within_itself) {
    std::vector<float> image{1, 2, 3, 4};
    const sdk::ImageShape two{2, 1, 2, 0.0F};
    BOOST_TEST(moved(image, two, {1, 0}) == (std::vector<float>{0, 1, 0, 3}), boost::test_tools::per_element());
    sdk::shift_image(image, two, 1, 0);
    BOOST_TEST(image == (std::vector<float>{0, 1, 0, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_quarter_turn_goes_clockwise) {
    const sdk::ImageShape square{1, 3, 3, background};
    BOOST_TEST(moved(numbered(9), square, {0, 0, std::numbers::pi / 2.0, 1.0}) ==
                   (std::vector<float>{7, 4, 1, 8, 5, 2, 9, 6, 3}),
               boost::test_tools::tolerance(1e-5F) << boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_half_turn_of_what_is_not_square_reverses_it) {
    std::vector<float> reversed = numbered(12);
    std::reverse(reversed.begin(), reversed.end());
    BOOST_TEST(moved(numbered(12), shape, {0, 0, std::numbers::pi, 1.0}) == reversed,
               boost::test_tools::tolerance(1e-5F) << boost::test_tools::per_element());
}

// At half the size the two pixels of a row come from -0.5 and 1.5, each half a pixel outside.
BOOST_AUTO_TEST_CASE(the_edge_is_blended_with_the_background) {
    const std::vector<float> pair{4, 8};
    const sdk::Motion half{0, 0, 0.0, 0.5};
    BOOST_TEST(moved(pair, {1, 1, 2, 0.0F}, half) == (std::vector<float>{2, 4}), boost::test_tools::per_element());
    BOOST_TEST(moved(pair, {1, 2, 1, 0.0F}, half) == (std::vector<float>{2, 4}), boost::test_tools::per_element());
    BOOST_TEST(moved({5}, {1, 1, 1, 0.0F}, {0, 0, 1.0, 0.1}) == std::vector<float>{5},
               boost::test_tools::per_element());
    BOOST_TEST(moved(numbered(12), shape, {10000, -10000, 1.0, 0.1}) == std::vector<float>(12, background),
               boost::test_tools::per_element());
}

// Of a function that is linear the bilinear interpolation is exact: the result is the function at the place that the
// definition names, wherever that is within the image.
BOOST_AUTO_TEST_CASE(pixels_come_from_where_the_definition_says) {
    constexpr std::ptrdiff_t side = 21;
    const sdk::ImageShape square{1, side, side, background};
    const std::vector<float> image = drawn(side, [](double y, double x) { return 3.0 * y - 2.0 * x + 100.0; });
    for (const sdk::Motion &motion :
         {sdk::Motion{2, -1, 0.3, 1.0}, {0, 0, -0.2, 1.2}, {-2, 1, 0.0, 0.8}, {1, 1, 3.0, 0.9}}) {
        const std::vector<float> result = moved(image, square, motion);
        std::size_t within = 0;
        for (std::ptrdiff_t y = 0; y < side; ++y)
            for (std::ptrdiff_t x = 0; x < side; ++x) {
                const double dx = static_cast<double>(x - motion.right) - 10.0;
                const double dy = static_cast<double>(y - motion.down) - 10.0;
                const double from_x =
                    10.0 + (std::cos(motion.angle) * dx + std::sin(motion.angle) * dy) / motion.factor;
                const double from_y =
                    10.0 + (-std::sin(motion.angle) * dx + std::cos(motion.angle) * dy) / motion.factor;
                const float found = result[static_cast<std::size_t>(y * side + x)];
                if (from_x >= 0.0 && from_x <= 20.0 && from_y >= 0.0 && from_y <= 20.0) {
                    ++within;
                    BOOST_TEST(std::abs(found - (3.0 * from_y - 2.0 * from_x + 100.0)) < 1e-3);
                } else if (from_x < -1.0 || from_x > 21.0 || from_y < -1.0 || from_y > 21.0) {
                    BOOST_TEST(found == background);
                }
            }
        BOOST_TEST(within > 200U);
    }
}

BOOST_AUTO_TEST_CASE(motions_are_uniform_within_their_ranges) {
    const sdk::Augmentation augmentation{.shift = 1, .rotation = 30.0, .scale = 0.2};
    constexpr int count = 20000;
    double angles = 0.0;
    double squares = 0.0;
    double factors = 0.0;
    double product = 0.0;
    for (int i = 0; i < count; ++i) {
        const sdk::Motion motion = augmentation.draw(sdk::Random{7}.at(i));
        const double angle = motion.angle * 180.0 / std::numbers::pi;
        BOOST_TEST_REQUIRE((std::abs(motion.right) <= 1 && std::abs(motion.down) <= 1));
        BOOST_TEST_REQUIRE((std::abs(angle) <= 30.0 && std::abs(motion.factor - 1.0) <= 0.2 + 1e-12));
        angles += angle / count;
        squares += angle * angle / count;
        factors += motion.factor / count;
        product += angle * (motion.factor - 1.0) / count;
    }
    // Standard deviations of the means: 30 / sqrt(3 n) = 0.12, 0.2 / sqrt(3 n) = 0.0008, 900 * sqrt(4 / 45 n) = 1.9,
    // and of the product 30 * 0.2 / (3 sqrt(n)) = 0.014; allowed are four of them.
    BOOST_TEST(std::abs(angles) < 0.5);
    BOOST_TEST(std::abs(squares - 300.0) < 7.6);
    BOOST_TEST(std::abs(factors - 1.0) < 0.0033);
    BOOST_TEST(std::abs(product) < 0.057);
}

BOOST_AUTO_TEST_CASE(nothing_is_resampled_unless_it_is_turned_or_scaled) {
    BOOST_TEST(!sdk::Augmentation{}.active());
    BOOST_TEST((sdk::Augmentation{.shift = 1}.active() && !sdk::Augmentation{.shift = 1}.resamples()));
    BOOST_TEST(sdk::Augmentation{.rotation = 1.0}.resamples());
    BOOST_TEST(sdk::Augmentation{.scale = 0.1}.resamples());
    const sdk::Motion still = sdk::Augmentation{.shift = 3}.draw(sdk::Random{1});
    BOOST_TEST((still.angle == 0.0 && still.factor == 1.0));
}

BOOST_AUTO_TEST_SUITE_END()
