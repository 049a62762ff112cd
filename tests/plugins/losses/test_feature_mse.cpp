// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/losses/feature_mse.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>

namespace test_feature_mse {

using namespace retort;
using losses::FeatureMse;

constexpr std::size_t rows = 3;
constexpr std::size_t width = 4;

struct Fixture {
    [[nodiscard]] FeatureMse make(std::string_view student_family, std::string_view teacher_family) {
        return FeatureMse(sdk::LossContext{surroundings.context(), 10, student_family, teacher_family});
    }

    double evaluate(sdk::Matrix gradient = {}, float scale = 1.0F) {
        FeatureMse loss = make("diagonal_gaussian", "point");
        const sdk::LossInput input{.q_student = {"diagonal_gaussian", {student.view(), deviation.view()}},
                                   .q_teacher = {"point", {teacher.view(), {}}}};
        return loss.evaluate(input, scale, {.q_student = {gradient, untouched.view()}}, {});
    }

    test::Surroundings surroundings;
    sdk::MatrixBuffer student = test::normal_matrix(rows, width, sdk::Random{1});
    sdk::MatrixBuffer teacher = test::normal_matrix(rows, width, sdk::Random{2});
    sdk::MatrixBuffer deviation = test::normal_matrix(rows, width, sdk::Random{3});
    sdk::MatrixBuffer untouched = sdk::MatrixBuffer(rows, width);
};

} // namespace test_feature_mse

BOOST_FIXTURE_TEST_SUITE(test_feature_mse, Fixture)

BOOST_AUTO_TEST_CASE(is_the_mean_square_over_rows_and_dimensions) {
    BOOST_TEST((make("point", "point").on() == sdk::Loss::On::distributions));
    double expected = 0.0;
    for (std::size_t i = 0; i < rows * width; ++i) {
        const double difference =
            static_cast<double>(student.view().data[i]) - static_cast<double>(teacher.view().data[i]);
        expected += difference * difference / (rows * width);
    }
    BOOST_TEST(evaluate() == expected, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(gradient_is_that_of_finite_differences_and_added_times_the_scale) {
    const sdk::MatrixBuffer gradient(rows, width);
    evaluate(gradient.view(), 0.75F);
    evaluate(gradient.view(), 0.25F);
    test::check_gradient([&] { return evaluate(); }, {student.view().data, rows * width},
                         {gradient.view().data, rows * width}, 1e-2F, 1e-5);
    for (std::size_t i = 0; i < rows * width; ++i)
        BOOST_TEST(untouched.view().data[i] == 0.0F); // of the standard deviation
}

BOOST_AUTO_TEST_CASE(families_without_a_location_are_refused) {
    (void)make("", ""); // no pair was named: the trainer says so
    (void)make("laplace", "laplace");
    for (const auto &[student_family, teacher_family] :
         {std::pair{"categorical", "point"}, std::pair{"point", "categorical"}})
        BOOST_CHECK_EXCEPTION((void)make(student_family, teacher_family), sdk::Error, [](const sdk::Error &error) {
            const std::string text = error.what();
            return error.kind() == sdk::ErrorKind::settings && text.find("\"categorical\"") != std::string::npos &&
                   text.find("allowed") != std::string::npos;
        });
}

BOOST_AUTO_TEST_SUITE_END()
