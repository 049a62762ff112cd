// SPDX-License-Identifier: Apache-2.0
#include "games.hpp"

#include <retort/sdk/error.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/objectives/relativistic.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_relativistic {

using namespace retort;
using objectives::Against;
using objectives::Relativistic;

/// log(1 + e^-x), plainly.
double f(double x) {
    return std::log1p(std::exp(-x));
}

double mean(const std::vector<float> &values) {
    double sum = 0.0;
    for (const float value : values)
        sum += static_cast<double>(value);
    return sum / static_cast<double>(values.size());
}

struct Fixture {
    [[nodiscard]] Relativistic make(Against against) { return Relativistic({against, 0.0}, {surroundings.context()}); }

    test::Surroundings surroundings;
    std::vector<float> t{-2.5F, -0.3F, 0.0F, 1.7F};
    std::vector<float> s{-1.6F, 0.2F, 2.9F, 0.4F};
    std::vector<float> t_gradient = std::vector<float>(4);
    std::vector<float> s_gradient = std::vector<float>(4);
};

} // namespace test_relativistic

BOOST_FIXTURE_TEST_SUITE(test_relativistic, Fixture, *boost::unit_test::tolerance(1e-6))

BOOST_AUTO_TEST_CASE(losses_match_their_formulas) {
    double pairs = 0.0;
    double fooled = 0.0;
    double means = 0.0;
    double fooled_means = 0.0;
    for (std::size_t i = 0; i < 4; ++i) {
        const double at = static_cast<double>(t[i]);
        const double as = static_cast<double>(s[i]);
        pairs += f(at - as) / 4.0;
        fooled += f(as - at) / 4.0;
        means += (f(at - mean(s)) + f(mean(t) - as)) / 4.0;
        fooled_means += (f(as - mean(t)) + f(mean(s) - at)) / 4.0;
    }
    Relativistic by_pairs = make(Against::pairs);
    Relativistic by_means = make(Against::means);
    BOOST_TEST(by_pairs.discriminator_loss(t, s, t_gradient, s_gradient, {}) == pairs);
    BOOST_TEST(by_pairs.student_loss(t, s, 1.0F, s_gradient, {}) == fooled);
    BOOST_TEST(by_means.discriminator_loss(t, s, t_gradient, s_gradient, {}) == means);
    BOOST_TEST(by_means.student_loss(t, s, 1.0F, s_gradient, {}) == fooled_means);
    BOOST_TEST(by_pairs.compares_scores());
    BOOST_TEST((by_pairs.score() == sdk::Objective::Score::raw));
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const Against against : {Against::pairs, Against::means}) {
        Relativistic game = make(against);
        std::vector<float> unused_t(4), unused_s(4);
        const auto loss = [&] { return game.discriminator_loss(t, s, unused_t, unused_s, {}); };
        game.discriminator_loss(t, s, t_gradient, s_gradient, {});
        test::check_gradient(loss, t, t_gradient, 1e-3F, 1e-6);
        test::check_gradient(loss, s, s_gradient, 1e-3F, 1e-6);
        game.student_loss(t, s, 0.25F, s_gradient, {});
        test::check_gradient([&] { return 0.25 * game.student_loss(t, s, 1.0F, unused_s, {}); }, s, s_gradient, 1e-3F,
                             1e-6);
    }
}

BOOST_AUTO_TEST_CASE(the_level_of_the_scores_means_nothing) {
    std::vector<float> t_up = t, s_up = s, gradient(4);
    for (std::size_t i = 0; i < 4; ++i) {
        t_up[i] += 7.0F;
        s_up[i] += 7.0F;
    }
    for (const Against against : {Against::pairs, Against::means}) {
        Relativistic game = make(against);
        BOOST_TEST(game.discriminator_loss(t, s, t_gradient, s_gradient, {}) ==
                   game.discriminator_loss(t_up, s_up, gradient, gradient, {}));
        const std::vector<float> same(4, -3.0F); // at rest where both sides score alike
        game.discriminator_loss(same, same, t_gradient, s_gradient, {});
        BOOST_TEST(std::abs(t_gradient[0] + s_gradient[0]) <= 1e-7F);
    }
}

BOOST_AUTO_TEST_CASE(extreme_scores_are_finite) {
    for (const Against against : {Against::pairs, Against::means})
        for (const float far : {-1000.0F, 1000.0F}) {
            Relativistic game = make(against);
            const std::vector<float> high{far, far}, low{-far, -far};
            std::vector<float> a(2), b(2);
            BOOST_TEST(std::isfinite(game.discriminator_loss(high, low, a, b, {})));
            BOOST_TEST(std::isfinite(a[0] + b[0]));
            BOOST_TEST(std::isfinite(game.student_loss(high, low, 1.0F, b, {})));
            BOOST_TEST(std::isfinite(b[0]));
        }
}

BOOST_AUTO_TEST_CASE(no_rows_cost_nothing_and_unequal_numbers_are_refused) {
    for (const Against against : {Against::pairs, Against::means}) {
        Relativistic game = make(against);
        BOOST_TEST(game.discriminator_loss({}, {}, {}, {}, {}) == 0.0);
        BOOST_TEST(game.student_loss({}, {}, 1.0F, {}, {}) == 0.0);
        BOOST_CHECK_THROW(game.student_loss({}, s, 1.0F, s_gradient, {}), sdk::Error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
