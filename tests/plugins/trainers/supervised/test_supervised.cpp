// SPDX-License-Identifier: Apache-2.0
#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <support/allocations.hpp>
#include <support/fake_profiler.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

namespace test_supervised {

using namespace retort;
using namespace retort::test;
using trainer_supervised::Supervised;

struct Fixture : Stage {
    Fixture() {
        supervised.model.name = "student";
        supervised.data.name = "data";
        supervised.batch = 10;
        supervised.epochs = 4;
        supervised.optimizer = fake_optimizer(0.05F);
        supervised.losses = {{fake_loss(sdk::Loss::On::labels), 1.0}};
    }

    Supervised::Settings supervised;
};

} // namespace test_supervised

BOOST_FIXTURE_TEST_SUITE(test_supervised, Fixture)

BOOST_AUTO_TEST_CASE(training_lowers_the_loss) {
    supervised.epochs = 30;
    Supervised subject(supervised, context());
    BOOST_TEST(subject.trains() == "student");
    BOOST_TEST(subject.steps() == 90U);
    subject.prepare(false);
    subject.step(0, metrics);
    const double first = metrics["loss"];
    for (std::uint64_t k = 1; k < subject.steps(); ++k)
        subject.step(k, metrics);
    BOOST_TEST(metrics["loss"] < 0.5 * first);
    BOOST_TEST(metrics["loss"] == metrics["squares"]);
    BOOST_TEST(metrics.values.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_the_weighted_losses) {
    supervised.losses = {{fake_loss(sdk::Loss::On::labels), 1.0}, {fake_loss(sdk::Loss::On::labels), 2.0}};
    supervised.batch = 23;
    supervised.optimizer = fake_optimizer(0.0F);
    Supervised subject(supervised, context());
    subject.prepare(false);
    const auto loss = [&] {
        subject.step(0, metrics);
        return metrics["loss"];
    };
    loss();
    BOOST_TEST(metrics["loss"] == 3.0 * metrics["squares_2"], boost::test_tools::tolerance(1e-12));
    const std::vector<float> gradient = copy_of(student.parameters().gradients);
    check_gradient(loss, student.parameters().values, gradient, 1e-2F, 5e-3);
}

BOOST_AUTO_TEST_CASE(mistakes_are_reported) {
    supervised.losses = {{fake_loss(sdk::Loss::On::labels), 1.0}, {fake_loss(sdk::Loss::On::logits), 1.0}};
    supervised.augmentation.shift = 1;
    const Supervised subject(supervised, context());
    BOOST_TEST_REQUIRE(surroundings.problems.items.size() == 2U);
    BOOST_TEST(surroundings.problems.items[0].first == "/augmentation");
    BOOST_TEST(surroundings.problems.items[1].first == "/losses/1/type");

    surroundings.problems.items.clear();
    supervised.losses.clear();
    supervised.augmentation.shift = 0;
    const Supervised without(supervised, context());
    BOOST_TEST_REQUIRE(surroundings.problems.items.size() == 1U);
    BOOST_TEST(surroundings.problems.items[0].first == "/losses");
}

BOOST_AUTO_TEST_CASE(the_optimizer_is_told_how_many_examples_there_are) {
    FakeOptimizer *optimizer = nullptr;
    supervised.optimizer = fake_optimizer(0.05F, &optimizer);
    const Supervised subject(supervised, context());
    BOOST_TEST(optimizer->examples == 23U);
}

BOOST_AUTO_TEST_CASE(a_restored_stage_goes_on_with_the_same_bytes) {
    Supervised whole(supervised, context());
    whole.prepare(false);
    for (std::uint64_t k = 0; k < 5; ++k)
        whole.step(k, metrics);
    State state = State::of(whole);
    State model = State::of(student);
    for (std::uint64_t k = 5; k < 12; ++k)
        whole.step(k, metrics);
    whole.end_epoch(metrics);
    const std::vector<float> expected = student_values();
    const auto expected_metrics = metrics.values;

    Supervised resumed(supervised, context());
    model.restore(student);
    state.restore(resumed);
    resumed.prepare(true);
    for (std::uint64_t k = 5; k < 12; ++k)
        resumed.step(k, metrics);
    resumed.end_epoch(metrics);
    BOOST_TEST(student_values() == expected);
    BOOST_TEST((metrics.values == expected_metrics));
}

BOOST_AUTO_TEST_CASE(a_steady_step_allocates_nothing) {
    Supervised subject(supervised, context());
    subject.prepare(false);
    for (std::uint64_t k = 0; k < 3; ++k)
        subject.step(k, metrics);
    const std::size_t before = allocations();
    for (std::uint64_t k = 3; k < 12; ++k)
        subject.step(k, metrics);
    BOOST_TEST(allocations() == before);
}

BOOST_AUTO_TEST_CASE(the_phases_of_a_step_follow_each_other) {
    test::FakeProfiler profiler;
    surroundings.services.profiled_by = &profiler;
    Supervised subject(supervised, context());
    subject.prepare(false);
    profiler.phases.clear();
    subject.step(0, metrics);
    const std::vector<std::string> expected{"data", "forward", "losses", "backward", "metrics", "checks", "optimizer"};
    BOOST_TEST(profiler.phases == expected, boost::test_tools::per_element());
    BOOST_TEST(profiler.open.empty());
}

BOOST_AUTO_TEST_SUITE_END()
