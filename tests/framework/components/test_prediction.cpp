// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/run.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <framework/source/components/prediction.hpp>
#include <limits>
#include <support/fake_plan.hpp>

BOOST_AUTO_TEST_SUITE(test_prediction)

using namespace retort;
using framework::ErrorCode;

namespace {

/// One input of two numbers, as a matrix with a stride of three.
struct Inputs {
    explicit Inputs(std::size_t rows) : values(rows * 3, std::numeric_limits<float>::quiet_NaN()) {
        for (std::size_t r = 0; r < rows; ++r) {
            values[3 * r] = static_cast<float>(r % 7) / 7.0F;
            values[3 * r + 1] = static_cast<float>(r % 5) / 5.0F;
        }
    }

    [[nodiscard]] sdk::ConstMatrix view() const { return {values.data(), values.size() / 3, 2, 3}; }

    std::vector<float> values;
};

/// logits = (x_0 + 2 x_1, -x_0)
struct Model : test::FakeModel {
    Model() {
        const float w[] = {1.0F, 2.0F, -1.0F, 0.0F};
        std::copy(std::begin(w), std::end(w), arena.values(weight).begin());
    }

    std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override {
        specs.push_back({spec.mode, spec.rows, spec.tail_rows});
        return FakeModel::make_pass(spec);
    }

    std::vector<sdk::PassSpec> specs;
};

ErrorCode code_of(const std::function<void()> &call) {
    try {
        call();
    } catch (const framework::Error &error) {
        return error.code();
    }
    throw std::logic_error("no error was thrown");
}

} // namespace

BOOST_AUTO_TEST_CASE(every_row_has_the_softmax_of_its_logits) {
    for (const std::size_t rows : {1U, 7U, 1000U, 2300U})
        BOOST_TEST_CONTEXT(rows) {
            Model model;
            const Inputs inputs(rows);
            const sdk::MatrixBuffer result = framework::class_probabilities(model, inputs.view());
            BOOST_TEST_REQUIRE(result.view().rows == rows);
            BOOST_TEST_REQUIRE(result.view().columns == 2U);
            for (std::size_t r = 0; r < rows; ++r) {
                const std::span<const float> x = inputs.view().row(r);
                const double difference = 2.0 * static_cast<double>(x[0] + x[1]);
                const std::span<const float> p = result.view().row(r);
                BOOST_TEST(static_cast<double>(p[0]) == 1.0 / (1.0 + std::exp(-difference)),
                           boost::test_tools::tolerance(1e-6));
                BOOST_TEST(p[0] + p[1] == 1.0F, boost::test_tools::tolerance(1e-6F));
            }
        }
}

BOOST_AUTO_TEST_CASE(label_and_entropy_follow_from_the_logits) {
    struct Case {
        std::vector<float> logits;
        std::int32_t label;
        double entropy;
    };
    const auto binary = [](double p) { return -p * std::log(p) - (1 - p) * std::log(1 - p); };
    const double tail = std::exp(-3.0) / (2.0 + std::exp(-3.0)); // beside two that are equal
    for (const Case &test :
         {Case{{0, 0, 0, 0}, 0, std::log(4.0)}, Case{{-1, 2, 2}, 1, binary(tail) + (1 - tail) * std::log(2.0)},
          Case{{3, 4}, 1, binary(1.0 / (1.0 + std::exp(1.0)))}, Case{{-1e30F, 1e30F, 0}, 1, 0.0},
          Case{{1e-3F, 500, -500}, 1, 0.0}}) {
        std::vector<float> probabilities(test.logits.size());
        const auto [label, entropy] = framework::predict_example(test.logits, probabilities);
        BOOST_TEST(label == test.label);
        BOOST_TEST(static_cast<double>(entropy) == test.entropy, boost::test_tools::tolerance(1e-6));
        BOOST_TEST(!std::signbit(entropy));
    }
    float probabilities[2];
    const float infinity = std::numeric_limits<float>::infinity();
    for (const std::vector<float> &logits : {std::vector<float>{infinity, 0},
                                             {-infinity, 0},
                                             {std::nanf(""), 0},
                                             {0, std::nanf("")},
                                             {infinity, infinity}})
        BOOST_TEST(!std::isfinite(framework::predict_example(logits, probabilities).entropy));
}

BOOST_AUTO_TEST_CASE(passes_are_made_for_evaluation_and_for_the_rows_there_are) {
    struct Case {
        std::size_t inputs, rows, tail;
    };
    for (const Case &test : {Case{1, 1, 0}, Case{1000, 1000, 0}, Case{2300, 1000, 300}})
        BOOST_TEST_CONTEXT(test.inputs) {
            Model model;
            (void)framework::class_probabilities(model, Inputs(test.inputs).view());
            BOOST_TEST_REQUIRE(model.specs.size() == 1U);
            BOOST_CHECK(model.specs[0].mode == sdk::Mode::evaluate);
            BOOST_TEST(model.specs[0].rows == test.rows);
            BOOST_TEST(model.specs[0].tail_rows == test.tail);
        }
}

BOOST_AUTO_TEST_CASE(without_rows_there_is_nothing_to_say) {
    Model model;
    const sdk::MatrixBuffer result = framework::class_probabilities(model, Inputs(0).view());
    BOOST_TEST(result.view().empty());
    BOOST_TEST(result.view().columns == 2U);
    BOOST_TEST(model.specs.empty());
}

BOOST_AUTO_TEST_CASE(logits_that_overflow_an_exponential_are_no_trouble) {
    Model model;
    const float far[] = {500.0F, 500.0F};
    const sdk::MatrixBuffer result = framework::class_probabilities(model, {far, 1, 2, 2});
    BOOST_TEST(result.view().row(0)[0] == 1.0F);
    BOOST_TEST(result.view().row(0)[1] == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_run_predicts_from_its_start_on_with_the_weights_of_the_moment) {
    test::FakePlan fakes;
    framework::Run run(fakes.plan(), {});
    const float one[] = {1.0F, 0.0F};
    const sdk::ConstMatrix input{one, 1, 2, 2};
    BOOST_CHECK((code_of([&] { (void)run.predict("net", input); }) == ErrorCode::usage));
    run.start();
    const float before = run.predict("net", input).view().row(0)[0];
    while (run.step()) {
    }
    const float after = run.predict("net", input).view().row(0)[0]; // the trainer set the weight of x_0 to 6
    BOOST_TEST(after != before);
    BOOST_TEST(after > 0.9F);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_predicted_is_an_error) {
    test::FakePlan fakes;
    fakes.make_model = [](const auto &) {
        struct Broken : test::FakeModel {
            std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &) override { throw std::runtime_error("x"); }
        };
        return std::make_unique<Broken>();
    };
    framework::Run run(fakes.plan(), {});
    run.start();
    const float numbers[] = {1.0F, 0.0F, 2.0F};
    BOOST_CHECK((code_of([&] { (void)run.predict("none", {numbers, 1, 2, 2}); }) == ErrorCode::usage));
    BOOST_CHECK((code_of([&] { (void)run.predict("net", {numbers, 1, 3, 3}); }) == ErrorCode::usage));
    BOOST_CHECK((code_of([&] { (void)run.predict("net", {numbers, 1, 2, 2}); }) == ErrorCode::plugin));
    BOOST_TEST(run.step()); // none of which ended the run
}

BOOST_AUTO_TEST_SUITE_END()
