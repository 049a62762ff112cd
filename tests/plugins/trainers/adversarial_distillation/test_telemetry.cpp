// SPDX-License-Identifier: Apache-2.0
#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_telemetry)

using namespace retort;
using namespace retort::test;

namespace {

/// Three losses and two adversaries on one pair, all weighted, none of which moves. `kind`: of the first loss.
void make_still(Stage &stage, sdk::Loss::On kind) {
    stage.settings.adversaries.push_back(stage.adversary("second"));
    stage.settings.losses = {{fake_loss(kind), 0.3, {}},
                             {fake_loss(sdk::Loss::On::logits), 0.5, {}},
                             {fake_loss(sdk::Loss::On::distributions), 0.25, "logits"}};
    stage.settings.adversaries[0].lambda = 0.7;
    stage.settings.adversaries[1].lambda = 3.0;
    stage.settings.optimizer = fake_optimizer(0.0F);
    for (AdversarySettings &adversary : stage.settings.adversaries)
        adversary.optimizer = fake_optimizer(0.0F);
}

/// The student's gradient where all terms but one have the weight 0: losses, then adversaries.
std::vector<float> gradient_of(std::size_t term, sdk::Loss::On kind) {
    Stage stage;
    make_still(stage, kind);
    for (std::size_t i = 0; i < 3; ++i)
        if (i != term)
            stage.settings.losses[i].weight = 0.0;
    for (std::size_t i = 0; i < 2; ++i)
        if (i + 3 != term)
            stage.settings.adversaries[i].lambda = 0.0;
    stage.run(1);
    return copy_of(stage.student.parameters().gradients);
}

double dot(const std::vector<float> &a, const std::vector<float> &b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0, std::plus<>(),
                              [](float x, float y) { return static_cast<double>(x) * static_cast<double>(y); });
}

/// Measured at every second step and judged in windows of four.
void make_watched(Stage &stage) {
    make_rich(stage);
    stage.settings.telemetry_every = 2;
    stage.settings.alarms.window = 4;
    stage.settings.on_alarm = trainer_adversarial_distillation::OnAlarm::stop;
}

} // namespace

BOOST_AUTO_TEST_CASE(norms_and_cosines_are_those_of_each_terms_gradient_alone) {
    for (const sdk::Loss::On kind : {sdk::Loss::On::labels, sdk::Loss::On::logits}) {
        Stage stage;
        make_still(stage, kind);
        stage.run(1);
        const bool on_labels = kind == sdk::Loss::On::labels;
        std::vector<float> reference = gradient_of(0, kind);
        for (std::size_t loss = 1; loss < 3 && !on_labels; ++loss) {
            const std::vector<float> more = gradient_of(loss, kind);
            std::transform(reference.begin(), reference.end(), more.begin(), reference.begin(), std::plus<>());
        }
        const char *const names[] = {"squares", "squares_2", "squares_3", "main", "second"};
        for (std::size_t term = 0; term < 5; ++term) {
            const std::vector<float> gradient = gradient_of(term, kind);
            const double norm = std::sqrt(dot(gradient, gradient));
            const std::string name = names[term];
            BOOST_TEST(norm > 1e-3);
            BOOST_TEST(stage.metrics[name + ".student_gradient_norm"] == norm, boost::test_tools::tolerance(1e-5));
            if (term >= 3) {
                const double cosine = dot(gradient, reference) / norm / std::sqrt(dot(reference, reference));
                BOOST_TEST(std::abs(stage.metrics[name + ".gradient_cosine"] - cosine) < 1e-5);
                BOOST_TEST(std::abs(cosine) > 1e-3);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(without_losses_there_is_no_cosine) {
    Stage stage;
    stage.settings.losses.clear();
    stage.run(1);
    BOOST_TEST(stage.metrics["main.student_gradient_norm"] > 0.0);
    BOOST_TEST(stage.metrics["main.gradient_cosine"] == 0.0);
}

// A loss on labels that has no weight says nothing: the others are the reference.
BOOST_AUTO_TEST_CASE(without_a_weight_on_labels_the_cosine_is_with_the_other_losses) {
    Stage weighted;
    Stage weightless;
    for (Stage *stage : {&weighted, &weightless})
        make_still(*stage, sdk::Loss::On::labels);
    weighted.settings.losses.erase(weighted.settings.losses.begin());
    weightless.settings.losses[0].weight = 0.0;
    weighted.run(1);
    weightless.run(1);
    const double cosine = weighted.metrics["main.gradient_cosine"];
    BOOST_TEST(std::abs(cosine) > 1e-3);
    BOOST_TEST(weightless.metrics["main.gradient_cosine"] == cosine, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(a_batch_without_labels_leaves_the_cosine_as_it_was) {
    Stage stage;
    stage.settings.telemetry_every = 1;
    stage.run(1);
    const double cosine = stage.metrics["main.gradient_cosine"];
    BOOST_TEST(cosine != 0.0);
    stage.data.labelled = false;
    stage.trainer->step(1, stage.metrics);
    BOOST_TEST(stage.metrics["squares.student_gradient_norm"] == 0.0);
    BOOST_TEST(stage.metrics["main.gradient_cosine"] == cosine);
    stage.data.labelled = true;
    stage.trainer->step(2, stage.metrics);
    BOOST_TEST(stage.metrics["main.gradient_cosine"] != cosine);
}

BOOST_AUTO_TEST_CASE(training_is_the_same_to_the_byte_however_often_it_is_measured) {
    Stage plain;
    make_rich(plain);
    plain.settings.telemetry_every = 0;
    plain.settings.alarms.window = 0;
    plain.run(12);
    const State state = State::of(*plain.trainer);
    for (const std::uint64_t every : {1U, 5U, 100U}) {
        Stage stage;
        make_rich(stage);
        stage.settings.telemetry_every = every;
        stage.settings.alarms.window = 3;
        stage.run(12);
        BOOST_TEST(stage.student_values() == plain.student_values());
        for (const auto &[name, value] : plain.metrics.values)
            BOOST_TEST(stage.metrics[name] == value, name);
        BOOST_TEST((State::of(*stage.trainer).floats == state.floats));
    }
}

BOOST_AUTO_TEST_CASE(the_last_measurement_is_repeated_and_none_is_reported_where_there_is_none) {
    Stage stage;
    stage.settings.telemetry_every = 3;
    stage.start();
    std::vector<double> norms;
    for (std::uint64_t k = 0; k < 9; ++k) {
        stage.trainer->step(k, stage.metrics);
        norms.push_back(stage.metrics["main.student_gradient_norm"]);
    }
    for (std::size_t k = 0; k < 9; ++k)
        BOOST_TEST((norms[k] == norms[k - k % 3]));
    BOOST_TEST(norms[0] != norms[3]);
    BOOST_TEST(norms[3] != norms[6]);
    Stage off;
    off.settings.telemetry_every = 0;
    off.run(1);
    BOOST_TEST(!off.metrics.values.contains("main.student_gradient_norm"));
    BOOST_TEST(!off.metrics.values.contains("main.gradient_cosine"));
}

BOOST_AUTO_TEST_CASE(a_restored_stage_goes_on_with_the_same_figures) {
    for (const std::uint64_t at : {3U, 6U, 7U}) {
        Stage whole;
        Stage first;
        Stage resumed;
        for (Stage *stage : {&whole, &first, &resumed})
            make_watched(*stage);
        whole.run(12);
        first.run(at);
        State state = State::of(*first.trainer);
        State student = State::of(first.student);
        resumed.build();
        student.restore(resumed.student);
        state.restore(*resumed.trainer);
        resumed.trainer->prepare(true);
        for (std::uint64_t k = at; k < 12; ++k)
            resumed.trainer->step(k, resumed.metrics);
        BOOST_TEST((resumed.metrics.values == whole.metrics.values));
        BOOST_TEST((State::of(*resumed.trainer) == State::of(*whole.trainer)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
