// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/losses/confidence_penalty.hpp>
#include <plugins/shared/families/families.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>

namespace test_confidence_penalty {

using namespace retort;
using losses::ConfidencePenalty;
using Of = ConfidencePenalty::Of;

constexpr std::size_t rows = 3;
constexpr std::size_t width = 4;

struct Fixture {
    [[nodiscard]] ConfidencePenalty make(Of of, std::string_view family = {}) {
        return {{of}, sdk::LossContext{surroundings.context(), width, family, family}};
    }

    double predictions(sdk::Matrix gradient = {}, float scale = 1.0F) {
        const std::vector<std::int32_t> labels(rows, sdk::unlabelled); // which do not matter
        return make(Of::predictions)
            .evaluate({.labels = labels, .student = first.view()}, scale, {.student = gradient}, {});
    }

    double head(std::string_view family, std::array<sdk::Matrix, 2> gradient = {}) {
        const bool has_second = plugin_support::make_family(family)->has_second();
        const sdk::Distribution q{family, {first.view(), has_second ? second.view() : sdk::Matrix{}}};
        return make(Of::head, family).evaluate({.q_student = q}, 1.0F, {.q_student = gradient}, {});
    }

    test::Surroundings surroundings;
    sdk::MatrixBuffer first = test::normal_matrix(rows, width, sdk::Random{1});
    sdk::MatrixBuffer second = test::normal_matrix(rows, width, sdk::Random{2});
};

} // namespace test_confidence_penalty

BOOST_FIXTURE_TEST_SUITE(test_confidence_penalty, Fixture, *boost::unit_test::tolerance(1e-9))

BOOST_AUTO_TEST_CASE(is_on_logits_or_on_a_pair) {
    BOOST_TEST((make(Of::predictions).on() == sdk::Loss::On::logits));
    BOOST_TEST((make(Of::head).on() == sdk::Loss::On::distributions));
}

// Even logits have the largest entropy, so the least penalty.
BOOST_AUTO_TEST_CASE(is_the_negative_entropy_of_the_predictions) {
    double expected = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        double sum = 0.0;
        for (const float logit : first.view().row(r))
            sum += std::exp(static_cast<double>(logit));
        for (const float logit : first.view().row(r)) {
            const double p = std::exp(static_cast<double>(logit)) / sum;
            expected += p * std::log(p) / rows;
        }
    }
    BOOST_TEST(predictions() == expected);
    std::fill_n(first.view().data, rows * width, 0.7F);
    BOOST_TEST(predictions() == -std::log(4.0));
    BOOST_TEST(expected > -std::log(4.0));
}

BOOST_AUTO_TEST_CASE(gradient_is_that_of_finite_differences_and_added_times_the_scale) {
    const sdk::MatrixBuffer gradient(rows, width);
    predictions(gradient.view(), 0.75F);
    predictions(gradient.view(), 0.25F);
    test::check_gradient([&] { return predictions(); }, {first.view().data, rows * width},
                         {gradient.view().data, rows * width}, 1e-3F, 1e-5);
}

BOOST_AUTO_TEST_CASE(of_a_head_it_is_the_negative_entropy_of_its_family) {
    for (sdk::MatrixBuffer *buffer : {&first, &second})
        for (float &value : std::span(buffer->view().data, rows * width))
            value = 0.5F + std::abs(value);
    for (const char *name : {"diagonal_gaussian", "laplace", "categorical", "dirichlet", "logistic_normal"})
        BOOST_TEST_CONTEXT(name) {
            const auto family = plugin_support::make_family(name);
            double expected = 0.0;
            for (std::size_t r = 0; r < rows; ++r)
                expected -= family->entropy({first.view().row(r), second.view().row(r)}, 0.0, {}) / rows;
            BOOST_TEST(head(name) == expected);
            const sdk::MatrixBuffer on_first(rows, width), on_second(rows, width);
            head(name, {on_first.view(), family->has_second() ? on_second.view() : sdk::Matrix{}});
            test::check_gradient([&] { return head(name); }, {second.view().data, rows * width},
                                 {on_second.view().data, rows * width}, 1e-3F, 5e-4);
            test::check_gradient([&] { return head(name); }, {first.view().data, rows * width},
                                 {on_first.view().data, rows * width}, 1e-3F, 5e-4);
        }
}

BOOST_AUTO_TEST_CASE(a_head_of_points_is_refused) {
    (void)make(Of::head); // no pair was named: the trainer says so
    (void)make(Of::predictions, "point");
    BOOST_CHECK_EXCEPTION((void)make(Of::head, "point"), sdk::Error, [](const sdk::Error &error) {
        return error.kind() == sdk::ErrorKind::settings &&
               std::string(error.what()).find("allowed: a head with a spread") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
