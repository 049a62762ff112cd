// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/losses/kl_divergence.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>

namespace test_kl_divergence {

using namespace retort;
using losses::KlDivergence;
using Direction = KlDivergence::Direction;

constexpr std::size_t rows = 3;
constexpr std::size_t width = 4;

struct Fixture {
    [[nodiscard]] KlDivergence make(std::string_view student_family, std::string_view teacher_family,
                                    Direction direction = Direction::forward) {
        return {{direction}, sdk::LossContext{surroundings.context(), 10, student_family, teacher_family}};
    }

    double evaluate(std::string_view family, Direction direction, std::array<sdk::Matrix, 2> gradient = {},
                    float scale = 1.0F) {
        const bool two = family == "diagonal_gaussian" || family == "laplace" || family == "logistic_normal";
        const sdk::LossInput input{
            .q_student = {family, {student.view(), two ? student_spread.view() : sdk::Matrix{}}},
            .q_teacher = {family, {teacher.view(), two ? teacher_spread.view() : sdk::Matrix{}}}};
        if (!two)
            gradient[1] = {};
        return make(family, family, direction).evaluate(input, scale, {.q_student = gradient}, {});
    }

    /// Positive numbers: what all parameters may be.
    static sdk::MatrixBuffer positive(std::uint64_t seed) {
        sdk::MatrixBuffer result = test::normal_matrix(rows, width, sdk::Random{seed});
        for (float &value : std::span(result.view().data, rows * width))
            value = 0.4F + std::abs(value);
        return result;
    }

    test::Surroundings surroundings;
    sdk::MatrixBuffer student = positive(1);
    sdk::MatrixBuffer teacher = positive(2);
    sdk::MatrixBuffer student_spread = positive(3);
    sdk::MatrixBuffer teacher_spread = positive(4);
};

constexpr std::string_view families[] = {"diagonal_gaussian", "laplace", "categorical", "dirichlet", "logistic_normal"};

} // namespace test_kl_divergence

BOOST_FIXTURE_TEST_SUITE(test_kl_divergence, Fixture, *boost::unit_test::tolerance(1e-9))

// Of normal distributions, written down: sum log(s_s / s_t) + (s_t^2 + (m_t - m_s)^2) / 2 s_s^2 - 1/2; reverse, with
// both sides exchanged.
BOOST_AUTO_TEST_CASE(forward_is_from_the_teacher_to_the_student) {
    const auto plainly = [](const sdk::MatrixBuffer &m_p, const sdk::MatrixBuffer &s_p, const sdk::MatrixBuffer &m_q,
                            const sdk::MatrixBuffer &s_q) {
        double sum = 0.0;
        for (std::size_t i = 0; i < rows * width; ++i) {
            const double p = static_cast<double>(s_p.view().data[i]);
            const double q = static_cast<double>(s_q.view().data[i]);
            const double difference = static_cast<double>(m_p.view().data[i]) - static_cast<double>(m_q.view().data[i]);
            sum += std::log(q / p) + (p * p + difference * difference) / (2.0 * q * q) - 0.5;
        }
        return sum / rows;
    };
    BOOST_TEST(evaluate("diagonal_gaussian", Direction::forward) ==
               plainly(teacher, teacher_spread, student, student_spread));
    BOOST_TEST(evaluate("diagonal_gaussian", Direction::reverse) ==
               plainly(student, student_spread, teacher, teacher_spread));
}

BOOST_AUTO_TEST_CASE(both_directions_differ_and_are_zero_where_the_two_agree) {
    for (const std::string_view family : families)
        BOOST_TEST_CONTEXT(family) {
            const double forward = evaluate(family, Direction::forward);
            BOOST_TEST(forward > 0.0);
            BOOST_TEST(std::abs(forward - evaluate(family, Direction::reverse)) > 1e-3);
        }
    std::copy_n(teacher.view().data, rows * width, student.view().data);
    std::copy_n(teacher_spread.view().data, rows * width, student_spread.view().data);
    for (const std::string_view family : families)
        for (const Direction direction : {Direction::forward, Direction::reverse})
            BOOST_TEST(std::abs(evaluate(family, direction)) <= 1e-9);
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences_and_added_times_the_scale) {
    for (const std::string_view family : families)
        for (const Direction direction : {Direction::forward, Direction::reverse})
            BOOST_TEST_CONTEXT(family << (direction == Direction::forward ? ", forward" : ", reverse")) {
                const sdk::MatrixBuffer on_first(rows, width), on_second(rows, width);
                evaluate(family, direction, {on_first.view(), on_second.view()}, 0.75F);
                evaluate(family, direction, {on_first.view(), on_second.view()}, 0.25F);
                const auto value = [&] { return evaluate(family, direction); };
                test::check_gradient(value, {student.view().data, rows * width}, {on_first.view().data, rows * width},
                                     1e-3F, 5e-4);
                test::check_gradient(value, {student_spread.view().data, rows * width},
                                     {on_second.view().data, rows * width}, 1e-3F, 5e-4);
            }
}

BOOST_AUTO_TEST_CASE(heads_of_different_families_and_points_are_refused) {
    (void)make("", ""); // no pair was named: the trainer says so
    const std::pair<const char *, const char *> refused[] = {
        {"point", "point"}, {"diagonal_gaussian", "point"}, {"categorical", "dirichlet"}}; // student's, teacher's
    for (const auto &pair : refused)
        BOOST_CHECK_EXCEPTION((void)make(pair.first, pair.second), sdk::Error, [&](const sdk::Error &error) {
            const std::string text = error.what();
            return error.kind() == sdk::ErrorKind::settings &&
                   text.find("of the divergence from \"" + std::string(pair.second)) != std::string::npos &&
                   text.find("allowed: two heads of one family") != std::string::npos;
        });
}

BOOST_AUTO_TEST_SUITE_END()
