// SPDX-License-Identifier: Apache-2.0
// What the student descends while D is held at its optimum, in closed form (docs: method and numerics).
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string_view>

namespace test_identities {

using namespace retort;

constexpr std::size_t outcomes = 6;
using Distribution = std::array<double, outcomes>;
using Gradient = std::array<double, outcomes>;

Distribution softmax(const Distribution &weights) {
    Distribution result{};
    double sum = 0.0;
    for (std::size_t k = 0; k < outcomes; ++k)
        sum += result[k] = std::exp(weights[k]);
    for (double &value : result)
        value /= sum;
    return result;
}

constexpr Distribution student_weights{0.3, -1.0, 0.8, 0.0, -0.4, 1.1};
const Distribution q_teacher = softmax({1.0, 0.2, -0.7, 0.5, -1.3, 0.4});

double divergence(const Distribution &p, const Distribution &q) {
    double sum = 0.0;
    for (std::size_t k = 0; k < outcomes; ++k)
        sum += p[k] * std::log(p[k] / q[k]);
    return sum;
}

Distribution mixture(const Distribution &q_student) {
    Distribution result{};
    for (std::size_t k = 0; k < outcomes; ++k)
        result[k] = 0.5 * (q_teacher[k] + q_student[k]);
    return result;
}

double jensen_shannon(const Distribution &q_student) {
    const Distribution middle = mixture(q_student);
    return 0.5 * divergence(q_teacher, middle) + 0.5 * divergence(q_student, middle);
}

/// Central differences in double of a divergence, by the student's weights.
Gradient gradient_of(const std::function<double(const Distribution &)> &f) {
    Gradient result{};
    constexpr double step = 1e-4;
    for (std::size_t k = 0; k < outcomes; ++k) {
        const auto at = [&](double offset) {
            Distribution moved = student_weights;
            moved[k] += offset;
            return f(softmax(moved));
        };
        // Fourth order: errors of about step^4.
        result[k] = (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step))) / (12.0 * step);
    }
    return result;
}

/// The discriminator's scores after descending its loss from 0, every outcome by itself, the student held still. A
/// restored game ends at log q_t / q_s; one that is unbounded runs away.
Distribution descended_scores(sdk::Objective &game) {
    const Distribution q = softmax(student_weights);
    Distribution scores{};
    for (int step = 0; step < 300; ++step) {
        for (std::size_t k = 0; k < outcomes; ++k) {
            const auto score = static_cast<float>(scores[k]);
            const test::DiscriminatorLoss loss = test::discriminator_loss(game, score, score);
            const double slope =
                q_teacher[k] * static_cast<double>(loss.teacher_slope) + q[k] * static_cast<double>(loss.student_slope);
            scores[k] -= 4.0 * slope / (q_teacher[k] + q[k]);
        }
    }
    return scores;
}

/// Gradient of E over q_s of the student's loss by the student's weights, with D frozen where it came to rest:
/// d/dw_k sum_j q_j loss_j = q_k (loss_k - sum_j q_j loss_j).
Gradient student_gradient(sdk::Objective &game) {
    const Distribution q = softmax(student_weights);
    const Distribution scores = descended_scores(game);
    Distribution loss{};
    double mean = 0.0;
    for (std::size_t k = 0; k < outcomes; ++k) {
        loss[k] = test::student_loss(game, static_cast<float>(scores[k])).value;
        mean += q[k] * loss[k];
    }
    Gradient result{};
    for (std::size_t k = 0; k < outcomes; ++k)
        result[k] = q[k] * (loss[k] - mean);
    return result;
}

double norm(const Gradient &gradient) {
    double sum = 0.0;
    for (const double value : gradient)
        sum += value * value;
    return std::sqrt(sum);
}

/// |a - b| / |b|.
double relative_distance(const Gradient &a, const Gradient &b) {
    Gradient difference{};
    for (std::size_t k = 0; k < outcomes; ++k)
        difference[k] = a[k] - b[k];
    return norm(difference) / norm(b);
}

struct Identity {
    std::string_view game;
    std::function<double(const Distribution &)> descends;
};

const Identity identities[] = {
    {"expected_probability", [](const Distribution &q) { return divergence(q_teacher, mixture(q)); }},
    {"minimax", [](const Distribution &q) { return 2.0 * jensen_shannon(q); }},
    {"non_saturating", [](const Distribution &q) { return divergence(q, q_teacher) - 2.0 * jensen_shannon(q); }},
};

constexpr double tolerance = 1e-6; // scores are float

double mismatch(sdk::Objective &game, const Identity &identity) {
    return relative_distance(student_gradient(game), gradient_of(identity.descends));
}

/// E over z = mean + e, e ~ N(0, 1), of the student's slope times d a / d z, by the trapezoidal rule: what reaches the
/// student's mean through D = q_t / (q_t + q_s) for q_t = N(0, 1), whose score is a(z) = mean^2 / 2 - mean z.
double slope_through_scores(sdk::Objective &game, double mean) {
    double sum = 0.0;
    constexpr double width = 1e-2;
    for (double e = -9.0; e <= 9.0; e += width) {
        const double density = std::exp(-0.5 * e * e) / std::sqrt(2.0 * 3.14159265358979323846);
        const auto score = static_cast<float>(0.5 * mean * mean - mean * (mean + e));
        sum += width * density * static_cast<double>(test::student_loss(game, score).slope) * -mean;
    }
    return sum;
}

/// KL(q_t || (q_t + q_s) / 2) for the same two normal distributions.
double gaussian_teacher_divergence(double mean) {
    double sum = 0.0;
    constexpr double width = 1e-2;
    for (double z = -9.0; z <= 9.0; z += width) {
        const double density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979323846);
        sum += width * density * std::log(2.0 / (1.0 + std::exp(mean * z - 0.5 * mean * mean)));
    }
    return sum;
}

} // namespace test_identities

BOOST_FIXTURE_TEST_SUITE(test_identities, test::Games)

BOOST_AUTO_TEST_CASE(discriminator_descends_to_the_log_of_the_ratio) {
    const Distribution q = softmax(student_weights);
    for (const Identity &identity : identities) {
        const Distribution scores = descended_scores(*make(identity.game));
        for (std::size_t k = 0; k < outcomes; ++k)
            BOOST_TEST(std::abs(scores[k] - std::log(q_teacher[k] / q[k])) <= tolerance, identity.game);
    }
}

BOOST_AUTO_TEST_CASE(student_descends_a_divergence_while_d_is_at_its_optimum) {
    for (const Identity &identity : identities)
        BOOST_TEST(mismatch(*make(identity.game), identity) <= tolerance, identity.game);
}

// A control: the test above tells the games apart, and the printed game fails it although its student's loss is that
// of expected_probability.
BOOST_AUTO_TEST_CASE(no_other_game_satisfies_an_identity) {
    for (const Identity &identity : identities)
        for (const std::string_view name : {"expected_probability", "minimax", "non_saturating", "as_printed"})
            if (name != identity.game)
                BOOST_TEST(mismatch(*make(name), identity) > 0.01, name << " with the identity of " << identity.game);
}

BOOST_AUTO_TEST_CASE(printed_discriminator_runs_away) {
    const test::DiscriminatorLoss start = test::discriminator_loss(*make("as_printed"), 0.0F, 0.0F);
    const Distribution scores = descended_scores(*make("as_printed"));
    for (const double score : scores)
        BOOST_TEST(std::abs(score) > 50.0);
    BOOST_TEST(test::discriminator_loss(*make("as_printed"), -50.0F, 50.0F).value < start.value - 90.0);
}

BOOST_AUTO_TEST_CASE(gradient_through_scores_is_that_of_the_divergence) {
    const auto game = make("expected_probability");
    for (const double mean : {-1.5, 0.4, 2.0}) {
        constexpr double step = 1e-4;
        const double expected =
            (gaussian_teacher_divergence(mean + step) - gaussian_teacher_divergence(mean - step)) / (2.0 * step);
        BOOST_TEST(slope_through_scores(*game, mean) == expected, boost::test_tools::tolerance(1e-6));
        BOOST_TEST(expected * mean > 0.0); // descent leads to the teacher
    }
}

BOOST_AUTO_TEST_SUITE_END()
