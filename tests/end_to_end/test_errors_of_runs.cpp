// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_errors_of_runs)

using namespace retort::test;

namespace {

using Case = Cases::value_type;

Case faulty(const std::string &cause, const Words &settings) {
    return {cause, [=](Workbench &bench) {
                bench.add_plugin("fixture_faulty");
                return bench.run(settings);
            }};
}

Case loss(const std::string &cause, const std::string &stage, const std::string &settings) {
    return faulty(
        cause, {"/stages/" + stage + R"(/losses=[{"type": "cross_entropy"}, {"type": "faulty", )" + settings + "}]"});
}

Case observer(const std::string &cause, const std::string &call) {
    return faulty(cause, {R"(/observers=[{"type": "csv"}, {"type": "faulty", "in": ")" + call + R"("}])"});
}

const Cases failing{
    loss("a loss throws an `sdk::Error`", "teach", R"("in": "step", "throws": "error")"),
    loss("a loss throws a `std::exception`", "teach", R"("in": "step")"),
    loss("a loss throws an integer", "teach", R"("in": "step", "throws": "integer")"),
    loss("a loss runs out of memory", "teach", R"("in": "step", "throws": "bad_alloc")"),
    loss("a loss of the last stage throws in its second epoch", "distil", R"("in": "step", "step": 7)"),
    loss("a loss throws when a checkpoint is written", "distil", R"("in": "state")"),
    faulty("a discriminator throws",
           {R"(/stages/distil/adversaries/main/discriminator={"type": "faulty", "in": "step"})"}),
    observer("an observer throws when the run begins", "begin_run"),
    observer("an observer throws when a stage begins", "begin_stage"),
    observer("an observer throws after a step", "step"),
    observer("an observer throws after an epoch", "epoch"),
    observer("an observer throws when a stage ends", "end_stage"),
    observer("an observer throws when a checkpoint is written", "state"),
    observer("an observer throws when the run ends", "end_run"),
    loss("a loss is not a number", "teach", R"("in": "step", "throws": "nothing")"),
};

/// What a run is made of that is in its second stage long enough to be disturbed.
Words disturbable(const Workbench &bench) {
    Words words = bench.run_words(tiny({"/stages/labels_alone/epochs=100"}));
    std::erase(words, "--quiet");
    return words;
}

void wait_for_second_stage(const Process &process) {
    for (int i = 0; i < 3000 && !contains(process.out(), "labels_alone  epoch 2/"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

/// Runs it, and interrupts it in its second stage.
Outcome interrupted(const Workbench &bench) {
    Process process(disturbable(bench), bench.path("."));
    wait_for_second_stage(process);
    process.send(SIGINT);
    return process.wait();
}

/// The same run, with nothing that disturbs it.
const Workbench &undisturbed() {
    static const Workbench bench;
    static const Outcome outcome = bench.run({"/stages/labels_alone/epochs=100"});
    if (outcome.exit_code != 0)
        throw std::runtime_error("the run that others are compared with failed: " + outcome.err);
    return bench;
}

std::string file_of(const Workbench &bench, const std::string &name) {
    return bench.shown(read_file(bench.path("output") / name));
}

void check_like_undisturbed(const Workbench &bench) {
    BOOST_TEST(file_of(bench, "manifest.json") == file_of(undisturbed(), "manifest.json"));
    for (const char *model : {"teacher", "labels_alone", "student"}) {
        const std::string weights = "weights/" + std::string(model) + ".last.safetensors";
        BOOST_TEST((file_of(bench, weights) == file_of(undisturbed(), weights)), model);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_run_that_fails_leaves_whole_files) {
    check_cases("While a run goes on", failing, [](const Workbench &bench) { bench.check_whole(); });
}

BOOST_AUTO_TEST_CASE(what_a_failed_run_completed_is_used_when_the_mistake_is_mended) {
    const Workbench bench;
    bench.add_plugin("fixture_faulty");
    const std::string losses = R"(/stages/distil/losses=[{"type": "cross_entropy"}, {"type": "faulty", "in": ")";
    BOOST_TEST(bench.run({losses + "step\"}]"}).exit_code == 4);
    const Outcome outcome = bench.run({losses + "none\"}]"});
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(file_of(bench, "log.txt"), "stage teach is unchanged, and loaded"));
    BOOST_TEST(fs::exists(bench.path("output/result.json")));
}

BOOST_AUTO_TEST_CASE(a_manifest_that_changes_under_a_run_changes_nothing) {
    for (const char *text : {"{\"format\": 1}", "no manifest any more"}) {
        const Workbench bench;
        Process process(disturbable(bench), bench.path("."));
        wait_for_second_stage(process);
        write_file(bench.path("quick.json"), text);
        const Outcome outcome = process.wait();
        BOOST_TEST(outcome.exit_code == 0);
        BOOST_TEST(outcome.err == "");
        check_like_undisturbed(bench);
    }
}

BOOST_AUTO_TEST_CASE(resuming_reads_the_manifest_that_the_run_began_with) {
    const Workbench bench;
    const Outcome first = interrupted(bench);
    BOOST_TEST(first.exit_code == 130);
    BOOST_TEST(first.err == "cancelled: the run was cancelled; it goes on with: "
                            "retort run --resume output --plugin-path plugins\n");
    fs::remove(bench.path("quick.json"));
    const Outcome outcome = bench.command("retort run --resume output --quiet");
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(outcome.err == "");
    check_like_undisturbed(bench);
}

BOOST_AUTO_TEST_CASE(a_run_whose_own_manifest_was_changed_is_not_gone_on_with) {
    const Cases cases{{"the manifest in the run directory was changed since",
                       [](Workbench &bench) {
                           (void)interrupted(bench);
                           const fs::path manifest = bench.path("output/manifest.json");
                           std::string text = read_file(manifest);
                           text.replace(text.find("\"threads\": 1"), 12, "\"threads\": 2");
                           write_file(manifest, text);
                           return bench.command("retort run --resume output --quiet");
                       }},
                      {"somebody else's folder", [](Workbench &bench) {
                           fs::create_directory(bench.path("output"));
                           write_file(bench.path("output/result.json"), "mine");
                           return bench.run({});
                       }}};
    check_cases("Run directories", cases, [](const Workbench &) {});
}

BOOST_AUTO_TEST_SUITE_END()
