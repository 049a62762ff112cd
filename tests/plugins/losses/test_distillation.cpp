// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/losses/distillation.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_distillation {

using namespace retort;
using losses::Distillation;

constexpr std::size_t rows = 3;
constexpr std::size_t classes = 4;

struct Fixture {
    double evaluate(const sdk::Schedule &temperature, sdk::Matrix gradient = {}, float scale = 1.0F,
                    sdk::Progress progress = {}) {
        Distillation loss({temperature}, sdk::LossContext{surroundings.context()});
        return loss.evaluate({.student = student.view(), .teacher = teacher.view()}, scale, {.student = gradient},
                             progress);
    }

    test::Surroundings surroundings;
    sdk::MatrixBuffer student = test::normal_matrix(rows, classes, sdk::Random{1}, 3.0F);
    sdk::MatrixBuffer teacher = test::normal_matrix(rows, classes, sdk::Random{2}, 3.0F);
};

/// The definition, written down naively.
double divergence(sdk::ConstMatrix teacher, sdk::ConstMatrix student, double temperature) {
    double sum = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        double teacher_sum = 0.0;
        double student_sum = 0.0;
        for (std::size_t c = 0; c < classes; ++c) {
            teacher_sum += std::exp(static_cast<double>(teacher.row(r)[c]) / temperature);
            student_sum += std::exp(static_cast<double>(student.row(r)[c]) / temperature);
        }
        for (std::size_t c = 0; c < classes; ++c) {
            const double p = std::exp(static_cast<double>(teacher.row(r)[c]) / temperature) / teacher_sum;
            const double q = std::exp(static_cast<double>(student.row(r)[c]) / temperature) / student_sum;
            sum += p * std::log(p / q);
        }
    }
    return temperature * temperature * sum / static_cast<double>(rows);
}

} // namespace test_distillation

BOOST_FIXTURE_TEST_SUITE(test_distillation, Fixture, *boost::unit_test::tolerance(1e-9))

BOOST_AUTO_TEST_CASE(is_on_logits) {
    Distillation loss({}, sdk::LossContext{surroundings.context()});
    BOOST_TEST((loss.on() == sdk::Loss::On::logits));
}

BOOST_AUTO_TEST_CASE(matches_the_definition) {
    for (const double temperature : {0.5, 1.0, 4.0, 20.0})
        BOOST_TEST(evaluate(temperature) == divergence(teacher.view(), student.view(), temperature));
}

BOOST_AUTO_TEST_CASE(a_student_that_agrees_costs_nothing) {
    std::copy_n(teacher.view().data, rows * classes, student.view().data);
    for (std::size_t i = 0; i < classes; ++i)
        student.view().row(0)[i] += 5.0F; // softmax does not see it
    const sdk::MatrixBuffer gradient(rows, classes);
    BOOST_TEST(std::abs(evaluate(4.0, gradient.view())) <= 1e-6);
    for (const float value : std::span(gradient.view().data, rows * classes))
        BOOST_TEST(std::abs(value) <= 1e-6F);
}

BOOST_AUTO_TEST_CASE(gradient_is_that_of_finite_differences) {
    const std::span<float> values(student.view().data, rows * classes);
    for (const double temperature : {0.5, 1.0, 4.0, 20.0}) {
        const sdk::MatrixBuffer gradient(rows, classes);
        evaluate(temperature, gradient.view());
        test::check_gradient([&] { return evaluate(temperature); }, values, {gradient.view().data, values.size()},
                             1e-3F, 1e-5);
    }
}

BOOST_AUTO_TEST_CASE(gradient_is_added_times_the_scale) {
    const sdk::MatrixBuffer once(rows, classes);
    const sdk::MatrixBuffer onto(rows, classes);
    evaluate(4.0, once.view());
    evaluate(4.0, onto.view(), 0.5F);
    evaluate(4.0, onto.view(), 0.25F);
    for (std::size_t i = 0; i < rows * classes; ++i)
        BOOST_TEST(std::abs(onto.view().data[i] - 0.75F * once.view().data[i]) <= 1e-6F);
}

// As T grows, T^2 KL tends to the half mean square of the differences of centred logits over the classes.
BOOST_AUTO_TEST_CASE(high_temperature_matches_centred_logits) {
    double expected = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        double mean = 0.0;
        for (std::size_t c = 0; c < classes; ++c)
            mean += static_cast<double>(student.view().row(r)[c] - teacher.view().row(r)[c]) / classes;
        for (std::size_t c = 0; c < classes; ++c) {
            const double gap = static_cast<double>(student.view().row(r)[c] - teacher.view().row(r)[c]) - mean;
            expected += 0.5 * gap * gap / (classes * rows);
        }
    }
    BOOST_TEST(evaluate(1000.0) == expected, boost::test_tools::tolerance(1e-2));
}

BOOST_AUTO_TEST_CASE(temperature_follows_its_schedule) {
    const sdk::Schedule falling(sdk::Schedule::Shape::linear, 8.0, 2.0);
    BOOST_TEST(evaluate(falling, {}, 1.0F, {0, 10}) == evaluate(8.0));
    BOOST_TEST(evaluate(falling, {}, 1.0F, {5, 10}) == evaluate(5.0));
}

BOOST_AUTO_TEST_CASE(extreme_logits_stay_finite) {
    for (const float size : {80.0F, 1000.0F, 1e30F}) {
        for (std::size_t i = 0; i < rows * classes; ++i) {
            student.view().data[i] = i % 2 == 0 ? size : -size;
            teacher.view().data[i] = i % 2 == 0 ? -size : size;
        }
        const sdk::MatrixBuffer gradient(rows, classes);
        BOOST_TEST(evaluate(1.0, gradient.view()) == 2.0 * static_cast<double>(size));
        BOOST_TEST(gradient.view().data[0] == 0.5F / rows);
        BOOST_TEST(gradient.view().data[1] == -0.5F / rows);
    }
}

BOOST_AUTO_TEST_SUITE_END()
