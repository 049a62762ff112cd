// SPDX-License-Identifier: Apache-2.0
// What whole runs allocate while they train: nothing in a step, and over any number of steps no more than at first.
#include "shipped_plugins.hpp"

#include <retort/framework/run.hpp>
#include <retort/sdk/conformance.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <host/instruments.hpp>
#include <malloc.h>
#include <string>
#include <support/allocations.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_steady_memory)

using namespace retort;

namespace {

struct Size {
    std::string teacher = "[24, 16]"; ///< widths of its hidden layers
    std::string student = "[12]";
    std::size_t batch = 32;
    std::size_t steps_per_epoch = 100;
};

/// The settings of a distillation's stage. `cache`: of the teacher's outputs, in MiB.
std::string distillation(const std::string &discriminator, const std::string &objective = "expected_probability",
                         std::size_t cache = 256) {
    return R"("teacher_cache": )" + std::to_string(cache) +
           R"(, "type": "adversarial_distillation", "teacher": "teacher", "student": "student",
           "pairs": {"logits": {"condition": {"tap": "hidden.1", "head": {"type": "random_projection", "width": 4}}}},
           "adversaries": [{"name": "main", "pair": "logits", "discriminator": {"type": ")" +
           discriminator + R"(", "hidden": [16]}, "objective": {"type": ")" + objective +
           R"("}}], "losses": [{"type": "cross_entropy"}])";
}

/// Those of a stage that learns from labels, with dropout.
std::string supervised() {
    return R"("type": "supervised", "model": "teacher")";
}

/// One stage on spirals, of `epochs` epochs.
framework::Plan plan_of(const std::string &stage, std::size_t epochs, const Size &size, const std::string &precision,
                        const std::string &observers = "[]") {
    static framework::Registry registry = [] {
        framework::Registry made;
        made.add(shipped_plugins());
        return made;
    }();
    const std::string text =
        R"({"format": 1, "seed": 1, "threads": 2, "precision": ")" + precision + R"(", "observers": )" + observers +
        R"(, "checkpoints": {"keep": 1}, "data": {"arms": {"type": "spirals", "train": )" +
        std::to_string(size.steps_per_epoch * size.batch) +
        R"(, "validation": 100}}, "models": {"teacher": {"type": "mlp", "dropout": 0.1, "hidden": )" + size.teacher +
        R"(}, "student": {"type": "mlp", "hidden": )" + size.student +
        R"(}}, "stages": [{"name": "stage", "data": "arms", "batch": )" + std::to_string(size.batch) +
        R"(, "epochs": )" + std::to_string(epochs) + ", " + stage + "}]}";
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

/// A step in the middle of training allocates nothing: no code of this executable, on any thread, and on the one that
/// steps not by way of the standard libraries either.
void check_steps(const std::string &stage, const std::string &precision = "f32", const Size &size = {}) {
    framework::Run run(plan_of(stage, 3, size, precision), {});
    const sdk::conformance::Offers offers(*shipped_plugins().front());
    host::ProcessInstruments instruments(*offers.all.front().factory); // whose file is this executable
    run_steps(run, 1 + size.steps_per_epoch + 1);                      // an epoch's end, and the first step after it
    const std::size_t before = test::allocations();
    instruments.start(true);
    run_steps(run, size.steps_per_epoch - 2);
    BOOST_TEST(instruments.stop().own == 0U);
    BOOST_TEST(test::allocations() == before);
    instruments.start(true);
    run_steps(run, 1); // the end of an epoch writes a line into the log
    BOOST_TEST((instruments.stop().own > 0U || !instruments.blind().empty()));
    BOOST_TEST(test::allocations() > before);
}

std::size_t wanted_steps() {
    const char *const steps = std::getenv("RETORT_STEPS"); // NOLINT(concurrency-mt-unsafe): read only
    return steps == nullptr ? 2000 : std::stoul(steps);
}

/// After an epoch, and after each tenth of a run; the last is looked at an epoch before its end.
void check_live_bytes(const std::string &stage, const std::string &precision) {
    const Size size;
    const std::size_t tenth = wanted_steps() / 10;
    const test::TemporaryFolder folder;
    framework::RunOptions options;
    options.output = folder.path() / "run";
    const std::string observers = R"([{"type": "csv"}, {"type": "figures"}])";
    framework::Run run(plan_of(stage, wanted_steps() / size.steps_per_epoch, size, precision, observers), options);
    run_steps(run, 1 + size.steps_per_epoch + 1);
    const std::size_t before = live_bytes();
    for (std::size_t i = 1; i <= 10; ++i) {
        run_steps(run, i == 1 || i == 10 ? tenth - size.steps_per_epoch : tenth);
        BOOST_TEST(live_bytes() == before,
                   precision << ": after " << i << " tenths " << live_bytes() << " bytes, after one epoch " << before);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_step_allocates_nothing) {
    for (const std::string discriminator :
         {"auxiliary_classifier", "conditional_mlp", "mlp", "paired", "projection", "spectral_norm_mlp"})
        BOOST_TEST_CONTEXT(discriminator) {
            check_steps(distillation(discriminator));
        }
}

BOOST_AUTO_TEST_CASE(a_step_with_a_gradient_penalty_allocates_nothing) {
    for (const std::string discriminator : {"auxiliary_classifier", "paired", "projection", "spectral_norm_mlp"})
        BOOST_TEST_CONTEXT(discriminator) {
            check_steps(distillation(discriminator, "wasserstein"));
        }
}

BOOST_AUTO_TEST_CASE(a_supervised_step_allocates_nothing) {
    check_steps(supervised());
}

// Of float32 where the processor multiplies no bfloat16.
BOOST_AUTO_TEST_CASE(a_step_in_bfloat16_allocates_nothing) {
    check_steps(distillation("paired"), "bf16");
    check_steps(distillation("paired", "wasserstein"), "bf16");
    check_steps(supervised(), "bf16");
}

// Where products are cut into slices, of weights and of the batch, loops are shared, and a teacher that runs on every
// batch has packed weights.
BOOST_AUTO_TEST_CASE(a_step_of_wide_layers_allocates_nothing) {
    const Size sizes[] = {{"[512, 512]", "[512, 512]", 64, 6}, {"[384, 384]", "[384, 384]", 512, 6}};
    for (const Size &size : sizes)
        for (const std::string precision : {"f32", "bf16"})
            BOOST_TEST_CONTEXT("batch " << size.batch << ", " << precision) {
                check_steps(distillation("paired", "expected_probability", 0), precision, size);
                check_steps(supervised(), precision, size);
            }
}

BOOST_AUTO_TEST_CASE(live_bytes_do_not_grow_with_steps) {
    check_live_bytes(distillation("paired"), "f32");
    check_live_bytes(supervised(), "bf16");
}

BOOST_AUTO_TEST_SUITE_END()
