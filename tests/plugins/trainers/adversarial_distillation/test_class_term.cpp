// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/batch.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/trainers/adversarial_distillation/class_term.hpp>
#include <support/numeric.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_class_term, *boost::unit_test::tolerance(1e-6))

using namespace retort;
using trainer_adversarial_distillation::ClassTerm;

constexpr std::size_t classes = 3;
const std::vector<std::int32_t> labels{2, sdk::unlabelled, 0, 1};

/// Cross-entropy of a row, plainly.
double cross_entropy(std::span<const float> logits, std::int32_t label) {
    double sum = 0.0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit));
    return std::log(sum) - static_cast<double>(logits[static_cast<std::size_t>(label)]);
}

double expected(sdk::ConstMatrix logits, std::size_t silent) {
    double sum = 0.0;
    for (std::size_t row = silent; row < logits.rows; ++row)
        if (const std::int32_t label = labels[(row - silent) % labels.size()]; label != sdk::unlabelled)
            sum += cross_entropy(logits.row(row), label) / 3.0;
    return sum;
}

// Two sides; rows of the logits lie further apart than they are wide, as those of a layer that gives the score, too.
BOOST_AUTO_TEST_CASE(it_is_the_sum_over_the_sides_of_the_mean_over_labelled_rows) {
    ClassTerm term;
    term.prepare(8, classes);
    const sdk::MatrixBuffer wide = test::normal_matrix(8, classes + 1, sdk::Random{1});
    const sdk::ConstMatrix logits{wide.view().data + 1, 8, classes, classes + 1};
    BOOST_TEST(term.evaluate(logits, labels, 0, 1.0) == expected(logits, 0));
    BOOST_TEST(term.evaluate(logits, labels, 4, 1.0) == expected(logits, 4));
    BOOST_TEST(term.evaluate(logits.slice(0, 4), labels, 0, 1.0) == expected(logits.slice(0, 4), 0));
}

BOOST_AUTO_TEST_CASE(its_gradient_is_that_of_finite_differences_times_the_scale) {
    for (const std::size_t silent : {0U, 4U}) {
        ClassTerm term;
        term.prepare(8, classes);
        const sdk::MatrixBuffer logits = test::normal_matrix(8, classes, sdk::Random{1});
        term.evaluate(logits.view(), labels, silent, 0.5);
        const std::vector<float> gradient(term.gradient(8).data, term.gradient(8).data + 8 * classes);
        const auto loss = [&] { return 0.5 * expected(logits.view(), silent); };
        test::check_gradient(loss, {logits.view().data, 8 * classes}, gradient, 1e-2F, 1e-4);
        for (const std::size_t row : {1U, 5U}) // unlabelled
            for (std::size_t c = 0; c < classes; ++c)
                BOOST_TEST(gradient[row * classes + c] == 0.0F);
    }
}

BOOST_AUTO_TEST_CASE(without_labels_or_without_logits_it_is_nothing) {
    ClassTerm term;
    term.prepare(2, classes);
    const sdk::MatrixBuffer logits = test::normal_matrix(2, classes, sdk::Random{1});
    const std::vector<std::int32_t> none(2, sdk::unlabelled);
    BOOST_TEST(term.evaluate(logits.view(), none, 0, 1.0) == 0.0);
    for (const float value : term.gradient(2).row(1))
        BOOST_TEST(value == 0.0F);
    ClassTerm without;
    without.prepare(2, 0);
    BOOST_TEST(without.evaluate({}, none, 0, 1.0) == 0.0);
    BOOST_TEST(without.gradient(2).empty());
}

BOOST_AUTO_TEST_SUITE_END()
