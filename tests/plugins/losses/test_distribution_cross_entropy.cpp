// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/losses/distribution_cross_entropy.hpp>
#include <plugins/shared/families/families.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_distribution_cross_entropy {

using namespace retort;
using losses::DistributionCrossEntropy;
using Between = DistributionCrossEntropy::Between;

constexpr std::size_t rows = 3;
constexpr std::size_t width = 4;

/// Positive numbers, 0.3 to about 1.
sdk::MatrixBuffer deviations(sdk::Random random) {
    sdk::MatrixBuffer result = test::normal_matrix(rows, width, random, 0.3F);
    for (float &value : std::span(result.view().data, rows * width))
        value = 0.3F + std::abs(value);
    return result;
}

struct Fixture {
    [[nodiscard]] DistributionCrossEntropy make(std::string_view student_family, std::string_view teacher_family,
                                                Between between = Between::heads) {
        return {{between}, sdk::LossContext{surroundings.context(), 10, student_family, teacher_family}};
    }

    /// Of Gaussians, or of a teacher's points.
    double gaussian(bool teacher_is_point, std::array<sdk::Matrix, 2> gradient = {}, float scale = 1.0F) {
        const std::string_view family = teacher_is_point ? "point" : "diagonal_gaussian";
        sdk::LossInput input{.q_student = {"diagonal_gaussian", {student.view(), student_deviation.view()}},
                             .q_teacher = {family, {teacher.view(), {}}}};
        if (!teacher_is_point)
            input.q_teacher.parameters[1] = teacher_deviation.view();
        return make("diagonal_gaussian", family).evaluate(input, scale, {.q_student = gradient}, {});
    }

    double categorical(sdk::Matrix gradient = {}, float scale = 1.0F) {
        const sdk::LossInput input{.q_student = {"categorical", {student.view(), {}}},
                                   .q_teacher = {"categorical", {teacher.view(), {}}}};
        return make("categorical", "categorical").evaluate(input, scale, {.q_student = {gradient, {}}}, {});
    }

    double predictions(sdk::Matrix gradient = {}, float scale = 1.0F) {
        return make("", "", Between::predictions)
            .evaluate({.student = student.view(), .teacher = teacher.view()}, scale, {.student = gradient}, {});
    }

    /// log q_s(z) of row r, plainly.
    double log_density(std::size_t r, std::span<const double> z) {
        double sum = 0.0;
        for (std::size_t c = 0; c < width; ++c) {
            const double sigma = static_cast<double>(student_deviation.view().row(r)[c]);
            const double x = (z[c] - static_cast<double>(student.view().row(r)[c])) / sigma;
            sum += std::log(std::exp(-0.5 * x * x) / (sigma * std::sqrt(2.0 * M_PI)));
        }
        return sum;
    }

    test::Surroundings surroundings;
    sdk::MatrixBuffer student = test::normal_matrix(rows, width, sdk::Random{1});
    sdk::MatrixBuffer teacher = test::normal_matrix(rows, width, sdk::Random{2});
    sdk::MatrixBuffer student_deviation = deviations(sdk::Random{3});
    sdk::MatrixBuffer teacher_deviation = deviations(sdk::Random{4});
};

struct Refusal {
    const char *student;
    const char *teacher;
    const char *part; ///< of the message
};

const Refusal refusals[] = {
    {"point", "point", "infinite; allowed: a student's head with a spread, such as \"gaussian\""},
    {"point", "diagonal_gaussian", "\"between\": \"predictions\""},
    {"diagonal_gaussian", "categorical", "from \"categorical\" to \"diagonal_gaussian\"; allowed"},
    {"categorical", "point", "from \"point\" to \"categorical\"; allowed"},
    {"dirichlet", "categorical", "allowed: two heads of one family, \"diagonal_gaussian\", \"laplace\""},
    {"something", "something", "or a teacher's \"point\" with one of these but categorical"},
    {"something", "point", "from \"point\" to \"something\""},
};

} // namespace test_distribution_cross_entropy

BOOST_FIXTURE_TEST_SUITE(test_distribution_cross_entropy, Fixture, *boost::unit_test::tolerance(1e-9))

BOOST_AUTO_TEST_CASE(compares_heads_or_predictions) {
    BOOST_TEST((make("diagonal_gaussian", "point").on() == sdk::Loss::On::distributions));
    BOOST_TEST((make("", "", Between::predictions).on() == sdk::Loss::On::logits));
}

// The mean of -log q_s over 20,000 draws of q_t for each row, within three standard errors.
BOOST_AUTO_TEST_CASE(gaussians_closed_form_is_what_monte_carlo_tends_to) {
    constexpr std::size_t draws = 20000;
    double sum = 0.0, squares = 0.0;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        double mean = 0.0;
        for (std::size_t r = 0; r < rows; ++r) {
            std::array<float, width> e{};
            std::array<double, width> z{};
            sdk::fill_normal(sdk::Random{7}.at(draw).at(r), e);
            for (std::size_t c = 0; c < width; ++c)
                z[c] = static_cast<double>(teacher.view().row(r)[c]) +
                       static_cast<double>(teacher_deviation.view().row(r)[c]) * static_cast<double>(e[c]);
            mean -= log_density(r, z) / rows;
        }
        sum += mean;
        squares += mean * mean;
    }
    const double estimate = sum / draws;
    const double error = std::sqrt((squares / draws - estimate * estimate) / draws);
    BOOST_TEST(std::abs(gaussian(false) - estimate) <= 3.0 * error, gaussian(false) << " against " << estimate);
    BOOST_TEST(error < 0.05);
}

BOOST_AUTO_TEST_CASE(of_a_teachers_point_it_is_the_negative_log_density_there) {
    double expected = 0.0;
    for (std::size_t r = 0; r < rows; ++r)
        expected -= log_density(r, std::vector<double>(teacher.view().row(r).begin(), teacher.view().row(r).end()));
    BOOST_TEST(gaussian(true) == expected / rows);
}

BOOST_AUTO_TEST_CASE(a_student_that_agrees_has_the_teachers_entropy) {
    std::copy_n(teacher.view().data, rows * width, student.view().data);
    std::copy_n(teacher_deviation.view().data, rows * width, student_deviation.view().data);
    double entropy = 0.0;
    for (std::size_t i = 0; i < rows * width; ++i)
        entropy += 0.5 * std::log(2.0 * M_PI * M_E) + std::log(static_cast<double>(teacher_deviation.view().data[i]));
    const sdk::MatrixBuffer on_mean(rows, width), on_deviation(rows, width);
    BOOST_TEST(gaussian(false, {on_mean.view(), on_deviation.view()}) == entropy / rows);
    for (std::size_t i = 0; i < rows * width; ++i) {
        BOOST_TEST(on_mean.view().data[i] == 0.0F);
        BOOST_TEST(std::abs(on_deviation.view().data[i]) <= 1e-6F);
    }
}

BOOST_AUTO_TEST_CASE(gaussian_gradients_are_those_of_finite_differences_and_added_times_the_scale) {
    for (const bool point : {false, true}) {
        const sdk::MatrixBuffer on_mean(rows, width), on_deviation(rows, width);
        gaussian(point, {on_mean.view(), on_deviation.view()}, 0.75F);
        gaussian(point, {on_mean.view(), on_deviation.view()}, 0.25F);
        const auto value = [&] { return gaussian(point); };
        test::check_gradient(value, {student.view().data, rows * width}, {on_mean.view().data, rows * width}, 1e-3F,
                             1e-4);
        test::check_gradient(value, {student_deviation.view().data, rows * width},
                             {on_deviation.view().data, rows * width}, 1e-3F, 2e-4);
    }
}

BOOST_AUTO_TEST_CASE(categorical_closed_form_is_the_definition_for_heads_as_for_predictions) {
    double expected = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        double teacher_sum = 0.0, student_sum = 0.0;
        for (std::size_t c = 0; c < width; ++c) {
            teacher_sum += std::exp(static_cast<double>(teacher.view().row(r)[c]));
            student_sum += std::exp(static_cast<double>(student.view().row(r)[c]));
        }
        for (std::size_t c = 0; c < width; ++c)
            expected -= std::exp(static_cast<double>(teacher.view().row(r)[c])) / teacher_sum *
                        std::log(std::exp(static_cast<double>(student.view().row(r)[c])) / student_sum);
    }
    BOOST_TEST(categorical() == expected / rows);
    BOOST_TEST(predictions() == expected / rows);
}

// Classes drawn from the teacher's softmax: 20,000 per row, within three standard errors.
BOOST_AUTO_TEST_CASE(categorical_closed_form_is_what_monte_carlo_tends_to) {
    constexpr std::size_t draws = 20000;
    double sum = 0.0, squares = 0.0;
    const auto probabilities = [](std::span<const float> logits) {
        std::vector<double> result;
        double total = 0.0;
        for (const float logit : logits)
            total += result.emplace_back(std::exp(static_cast<double>(logit)));
        for (double &value : result)
            value /= total;
        return result;
    };
    for (std::size_t draw = 0; draw < draws; ++draw) {
        double mean = 0.0;
        for (std::size_t r = 0; r < rows; ++r) {
            const std::vector<double> p = probabilities(teacher.view().row(r));
            double left = static_cast<double>(sdk::Random{8}.at(draw).uniform(r));
            std::size_t c = 0;
            while (c + 1 < width && left >= p[c])
                left -= p[c++];
            mean -= std::log(probabilities(student.view().row(r))[c]) / rows;
        }
        sum += mean;
        squares += mean * mean;
    }
    const double estimate = sum / draws;
    const double error = std::sqrt((squares / draws - estimate * estimate) / draws);
    BOOST_TEST(std::abs(categorical() - estimate) <= 3.0 * error, categorical() << " against " << estimate);
}

BOOST_AUTO_TEST_CASE(categorical_gradients_are_those_of_finite_differences) {
    const std::span<float> values(student.view().data, rows * width);
    const sdk::MatrixBuffer heads(rows, width), models(rows, width);
    categorical(heads.view(), 0.75F);
    categorical(heads.view(), 0.25F);
    predictions(models.view());
    test::check_gradient([&] { return categorical(); }, values, {heads.view().data, values.size()}, 1e-3F, 1e-5);
    test::check_gradient([&] { return predictions(); }, values, {models.view().data, values.size()}, 1e-3F, 1e-5);
}

// The formulas themselves are those of the families, which have tests of their own.
BOOST_AUTO_TEST_CASE(every_family_has_its_mean_over_rows_and_its_gradient) {
    for (std::size_t i = 0; i < rows * width; ++i) { // concentrations are positive
        student.view().data[i] = 0.5F + std::abs(student.view().data[i]);
        teacher.view().data[i] = 0.5F + std::abs(teacher.view().data[i]);
    }
    for (const char *name : {"laplace", "dirichlet", "logistic_normal"})
        for (const bool point : {false, true})
            BOOST_TEST_CONTEXT(name << (point ? ", of a teacher's point" : "")) {
                const auto family = plugin_support::make_family(name);
                const bool two = family->has_second();
                sdk::LossInput input{
                    .q_student = {name, {student.view(), two ? student_deviation.view() : sdk::Matrix{}}},
                    .q_teacher = {name, {teacher.view(), two ? teacher_deviation.view() : sdk::Matrix{}}}};
                if (point)
                    input.q_teacher = {"point", {teacher.view(), {}}};
                auto loss = make(name, input.q_teacher.family);
                const auto value = [&] { return loss.evaluate(input, 1.0F, {}, {}); };
                double expected = 0.0;
                for (std::size_t r = 0; r < rows; ++r) {
                    const plugin_support::FamilyRow q{student.view().row(r), student_deviation.view().row(r)};
                    const plugin_support::FamilyRow p{teacher.view().row(r), teacher_deviation.view().row(r)};
                    expected +=
                        (point ? -family->log_density(q, p.first) : family->cross_entropy(p, q, 0.0, {})) / rows;
                }
                BOOST_TEST(value() == expected);
                const sdk::MatrixBuffer on_first(rows, width), on_second(rows, width);
                const sdk::LossGradient wanted{.q_student = {on_first.view(), two ? on_second.view() : sdk::Matrix{}}};
                loss.evaluate(input, 0.75F, wanted, {});
                loss.evaluate(input, 0.25F, wanted, {});
                test::check_gradient(value, {student.view().data, rows * width}, {on_first.view().data, rows * width},
                                     1e-3F, 5e-4);
                if (two)
                    test::check_gradient(value, {student_deviation.view().data, rows * width},
                                         {on_second.view().data, rows * width}, 1e-3F, 5e-4);
            }
}

BOOST_AUTO_TEST_CASE(families_without_a_finite_closed_form_are_refused) {
    (void)make("", "");                                 // no pair was named: the trainer says so
    (void)make("point", "point", Between::predictions); // likewise of a pair that is not wanted
    for (const Refusal &refusal : refusals)
        BOOST_TEST_CONTEXT(refusal.student << " and " << refusal.teacher)
    BOOST_CHECK_EXCEPTION((void)make(refusal.student, refusal.teacher), sdk::Error, [&](const sdk::Error &error) {
        return error.kind() == sdk::ErrorKind::settings &&
               std::string(error.what()).find(refusal.part) != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
