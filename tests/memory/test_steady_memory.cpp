// SPDX-License-Identifier: Apache-2.0
// What whole runs allocate while they train: nothing in a step, and over any number of steps no more than at first.
#include "shipped_plugins.hpp"

#include <retort/framework/run.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <string>
#include <support/allocations.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_steady_memory)

using namespace retort;

namespace {

constexpr std::size_t batch = 32;
constexpr std::size_t steps_per_epoch = 100;

/// A distillation on spirals, of `epochs` epochs.
framework::Plan plan_of(const std::string &discriminator, std::size_t epochs, const std::string &observers,
                        const std::string &objective = "expected_probability") {
    static framework::Registry registry = [] {
        framework::Registry made;
        made.add(shipped_plugins());
        return made;
    }();
    const std::string text = R"({"format": 1, "seed": 1, "threads": 2, "observers": )" + observers +
                             R"(, "checkpoints": {"keep": 1}, "data": {"arms": {"type": "spirals", "train": )" +
                             std::to_string(steps_per_epoch * batch) +
                             R"(, "validation": 100}}, "models": {"teacher": {"type": "mlp", "hidden": [24, 16]},
                             "student": {"type": "mlp", "hidden": [12]}}, "stages": [{"name": "distil",
                             "type": "adversarial_distillation", "teacher": "teacher", "student": "student",
                             "data": "arms", "batch": )" +
                             std::to_string(batch) + R"(, "epochs": )" + std::to_string(epochs) +
                             R"(, "pairs": {"logits": {"condition": {"tap": "hidden.1", "head":
                             {"type": "random_projection", "width": 4}}}}, "adversaries": [{"name": "main",
                             "pair": "logits", "discriminator": {"type": ")" +
                             discriminator + R"(", "hidden": [16]}, "objective": {"type": ")" + objective +
                             R"("}}], "losses": [{"type": "cross_entropy"}]}]})";
    return framework::read_plan(framework::Manifest::parse(text, "steady.json", "."), registry);
}

void run_steps(framework::Run &run, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        BOOST_REQUIRE(run.step());
}

/// Bytes that malloc has given out and not taken back.
std::size_t live_bytes() {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

std::size_t wanted_steps() {
    const char *const steps = std::getenv("RETORT_STEPS"); // NOLINT(concurrency-mt-unsafe): read only
    return steps == nullptr ? 2000 : std::stoul(steps);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_step_allocates_nothing) {
    for (const std::string discriminator :
         {"auxiliary_classifier", "conditional_mlp", "mlp", "paired", "projection", "spectral_norm_mlp"})
        BOOST_TEST_CONTEXT(discriminator) {
            framework::Run run(plan_of(discriminator, 3, "[]"), {});
            run_steps(run, 1 + steps_per_epoch + 1); // an epoch's end, and the first step after it
            const std::size_t before = test::allocations();
            run_steps(run, steps_per_epoch - 2);
            BOOST_TEST(test::allocations() == before);
            run_steps(run, 1);                        // the end of an epoch writes a line into the log
            BOOST_TEST(test::allocations() > before); // else nothing was counted
        }
}

BOOST_AUTO_TEST_CASE(a_step_with_a_gradient_penalty_allocates_nothing) {
    for (const std::string discriminator : {"auxiliary_classifier", "paired", "projection", "spectral_norm_mlp"})
        BOOST_TEST_CONTEXT(discriminator) {
            framework::Run run(plan_of(discriminator, 3, "[]", "wasserstein"), {});
            run_steps(run, 1 + steps_per_epoch + 1);
            const std::size_t before = test::allocations();
            run_steps(run, steps_per_epoch - 2);
            BOOST_TEST(test::allocations() == before);
        }
}

BOOST_AUTO_TEST_CASE(live_bytes_do_not_grow_with_steps) {
    const std::size_t epochs = wanted_steps() / steps_per_epoch;
    const test::TemporaryFolder folder;
    framework::RunOptions options;
    options.output = folder.path() / "run";
    framework::Run run(plan_of("paired", epochs, R"([{"type": "csv"}, {"type": "figures"}])"), options);
    run_steps(run, 2 + epochs / 10 * steps_per_epoch);
    const std::size_t before = live_bytes();
    for (std::size_t tenth = 1; tenth < 9; ++tenth) {
        run_steps(run, epochs / 10 * steps_per_epoch);
        BOOST_TEST(live_bytes() == before,
                   "after " << tenth + 1 << " tenths " << live_bytes() << " bytes, after one " << before);
    }
}

BOOST_AUTO_TEST_SUITE_END()
