// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <plugins/losses/cross_entropy.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_cross_entropy {

using namespace retort;
using losses::CrossEntropy;

struct Fixture {
    double evaluate(double smoothing, sdk::ConstMatrix logits, sdk::Matrix gradient = {}, float scale = 1.0F) {
        CrossEntropy loss({smoothing}, sdk::LossContext{surroundings.context()});
        return loss.evaluate({.labels = labels, .student = logits}, scale, {.student = gradient}, {});
    }

    test::Surroundings surroundings;
    std::vector<std::int32_t> labels{2, sdk::unlabelled, 0, 4};
};

constexpr std::size_t classes = 5;

sdk::MatrixBuffer logits_of(std::size_t rows) {
    return test::normal_matrix(rows, classes, sdk::Random{3}, 2.0F);
}

} // namespace test_cross_entropy

BOOST_FIXTURE_TEST_SUITE(test_cross_entropy, Fixture, *boost::unit_test::tolerance(1e-9))

BOOST_AUTO_TEST_CASE(is_on_labels) {
    CrossEntropy loss({}, sdk::LossContext{surroundings.context()});
    BOOST_TEST((loss.on() == sdk::Loss::On::labels));
}

BOOST_AUTO_TEST_CASE(even_logits_cost_the_log_of_the_classes) {
    const sdk::MatrixBuffer logits(4, classes);
    BOOST_TEST(evaluate(0.0, logits.view()) == std::log(5.0));
    BOOST_TEST(evaluate(0.3, logits.view()) == std::log(5.0));
}

BOOST_AUTO_TEST_CASE(two_classes_cost_the_softplus_of_their_difference) {
    labels = {1};
    sdk::MatrixBuffer logits(1, 2);
    logits.view().row(0)[0] = 1.5F;
    const double softplus = std::log1p(std::exp(1.5));
    BOOST_TEST(evaluate(0.0, logits.view()) == softplus);
    BOOST_TEST(evaluate(0.2, logits.view()) == softplus - 0.1 * 1.5);
}

BOOST_AUTO_TEST_CASE(gradient_is_that_of_finite_differences) {
    const sdk::MatrixBuffer logits = logits_of(4);
    const std::span<float> values(logits.view().data, 4 * classes);
    for (const double smoothing : {0.0, 0.1, 1.0}) {
        const sdk::MatrixBuffer gradient(4, classes);
        evaluate(smoothing, logits.view(), gradient.view());
        test::check_gradient([&] { return evaluate(smoothing, logits.view()); }, values,
                             {gradient.view().data, values.size()}, 1e-3F, 1e-5);
    }
}

BOOST_AUTO_TEST_CASE(gradient_is_added_times_the_scale) {
    const sdk::MatrixBuffer logits = logits_of(4);
    const sdk::MatrixBuffer once(4, classes);
    const sdk::MatrixBuffer onto(4, classes);
    evaluate(0.0, logits.view(), once.view());
    for (float &value : std::span(onto.view().data, 4 * classes))
        value = 1.0F;
    evaluate(0.0, logits.view(), onto.view(), -3.0F);
    for (std::size_t i = 0; i < 4 * classes; ++i)
        BOOST_TEST(std::abs(onto.view().data[i] - (1.0F - 3.0F * once.view().data[i])) <= 1e-6F);
}

BOOST_AUTO_TEST_CASE(unlabelled_rows_count_for_nothing) {
    const sdk::MatrixBuffer logits = logits_of(4);
    const sdk::MatrixBuffer gradient(4, classes);
    const double all = evaluate(0.0, logits.view(), gradient.view());
    for (const float value : gradient.view().row(1))
        BOOST_TEST(value == 0.0F);
    double sum = 0.0;
    const std::vector<std::int32_t> kept = labels;
    for (const std::size_t row : {0U, 2U, 3U}) {
        labels = {kept[row]};
        sum += evaluate(0.0, logits.view().slice(row, 1));
    }
    BOOST_TEST(all == sum / 3.0);
}

BOOST_AUTO_TEST_CASE(without_labels_it_is_zero) {
    labels.assign(4, sdk::unlabelled);
    const sdk::MatrixBuffer logits = logits_of(4);
    const sdk::MatrixBuffer gradient(4, classes);
    BOOST_TEST(evaluate(0.1, logits.view(), gradient.view()) == 0.0);
    for (const float value : std::span(gradient.view().data, 4 * classes))
        BOOST_TEST(value == 0.0F);
}

BOOST_AUTO_TEST_CASE(extreme_logits_have_right_values_and_gradients) {
    for (const float size : {80.0F, 1000.0F, 1e30F}) {
        labels = {0, 1};
        sdk::MatrixBuffer logits(2, 2);
        for (const std::size_t row : {0U, 1U}) {
            logits.view().row(row)[0] = size;
            logits.view().row(row)[1] = -size;
        }
        const sdk::MatrixBuffer gradient(2, 2);
        const double loss = evaluate(0.0, logits.view(), gradient.view());
        BOOST_TEST(loss == static_cast<double>(size)); // half of 2 size, for the wrong row; the other costs nothing
        BOOST_TEST(gradient.view().row(0)[0] == 0.0F);
        BOOST_TEST(gradient.view().row(1)[0] == 0.5F);
        BOOST_TEST(gradient.view().row(1)[1] == -0.5F);
    }
}

BOOST_AUTO_TEST_SUITE_END()
