// SPDX-License-Identifier: Apache-2.0
// A manifest that is edited while its run goes on, with the real plugins.
#include <boost/test/unit_test.hpp>

#include <functional>
#include <host/watch.hpp>
#include <map>
#include <support/octants.hpp>
#include <support/process.hpp>
#include <support/run_files.hpp>
#include <support/temporary_folder.hpp>
#include <support/thread_replicas.hpp>

BOOST_AUTO_TEST_SUITE(test_watch)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

std::string replaced(std::string text, const std::string &what, const std::string &by) {
    return text.replace(text.find(what), what.size(), by);
}

const std::string text = replaced(replaced(std::string(octants_manifest), "\"epochs\": 3", "\"epochs\": 1"),
                                  "\"format\": 1", "\"format\": 1, \"threads\": 1");
const std::string swapped = replaced(text, R"("type": "paired")", R"("type": "spectral_norm_mlp")");

/// A run of a manifest in a file that is edited after steps of its distillation, which has four epochs of seven.
struct Watched {
    void run() {
        write_file(file, begin);
        host::ManifestWatch watch(file);
        framework::RunOptions options;
        options.output = output();
        std::uint64_t step = 0;
        options.progress = [&](const framework::RunProgress &progress) {
            watch.hear(progress);
            step = progress.stage == "distil" && progress.activity == "training" ? progress.done : 0;
        };
        framework::Run run(watch.begin(
                               octants_plan_of(file), octants_registry(), [&] { return octants_plan_of(file); },
                               [&](const std::string &line) { warnings.push_back(line); },
                               [&](const std::string &line) { said.push_back(line); }),
                           options);
        while (run.step()) {
            if (edits.count(step) != 0)
                edits.at(step)(file);
            watch.look(run);
        }
    }

    [[nodiscard]] fs::path output() const { return folder.path() / "run"; }

    std::string begin = text;
    TemporaryFolder folder;
    fs::path file = folder.path() / "manifest.json";
    std::map<std::uint64_t, std::function<void(const fs::path &)>> edits;
    std::vector<std::string> warnings;
    std::vector<std::string> said;
};

auto writing(const std::string &edited) {
    return [edited](const fs::path &file) { write_file(file, edited); };
}

RunFiles run_of(const std::string &manifest) {
    const TemporaryFolder folder;
    framework::RunOptions options;
    options.output = folder.path() / "run";
    framework::Run run(framework::read_plan(framework::Manifest::parse(manifest, "text", "."), octants_registry()),
                       options);
    run.execute();
    return files_of(options.output);
}

/// The manifest with the swap as one of its "changes".
const std::string scheduled_text =
    replaced(text, "\"format\": 1",
             R"("format": 1, "changes": [{"epoch": 2, "set": )"
             R"({"/stages/distil/adversaries/main/discriminator/type": "spectral_norm_mlp"}}])");

const RunFiles &scheduled() {
    static const RunFiles files = run_of(scheduled_text);
    return files;
}

/// The run `manifest` in two replicas, of which the first edits its file after step 13 of the distillation, if it does.
RunFiles of_two_replicas(const std::string &manifest, const std::string &edited) {
    const TemporaryFolder folder;
    const auto errors = run_replicas(2, [&](framework::Replicas &replicas) {
        const fs::path file = folder.path() / ("manifest" + std::to_string(replicas.index()) + ".json");
        write_file(file, manifest);
        host::ManifestWatch watch(file, &replicas);
        framework::RunOptions options;
        options.output = folder.path() / "run";
        options.replicas = &replicas;
        std::uint64_t step = 0;
        options.progress = [&](const framework::RunProgress &progress) {
            watch.hear(progress);
            step = progress.stage == "distil" && progress.activity == "training" ? progress.done : 0;
        };
        const auto ignore = [](const std::string &) {};
        framework::Run run(
            watch.begin(
                octants_plan_of(file), octants_registry(), [&] { return octants_plan_of(file); }, ignore, ignore),
            options);
        while (run.step()) {
            if (step == 13 && replicas.is_first() && !edited.empty())
                write_file(file, edited);
            watch.look(run);
        }
    });
    BOOST_TEST(errors == std::vector<std::string>(2), boost::test_tools::per_element());
    return files_of(folder.path() / "run");
}

} // namespace

BOOST_AUTO_TEST_CASE(what_the_first_of_several_replicas_sees_all_of_them_change) {
    const RunFiles expected = of_two_replicas(scheduled_text, {});
    BOOST_TEST((of_two_replicas(text, swapped) == expected));
    BOOST_TEST((of_two_replicas(text, {}) != expected));
    BOOST_TEST((of_two_replicas(text, swapped.substr(0, 99)) == of_two_replicas(text, {}))); // half-saved
}

BOOST_AUTO_TEST_CASE(an_edit_that_cannot_be_made_is_told_and_the_next_one_counts_from_what_runs) {
    Watched watched;
    watched.edits = {{8, writing(replaced(text, R"({"type": "paired", "hidden": [16]})", R"({"type": "stuck"})"))},
                     {16, writing(text)}};
    watched.run();
    BOOST_TEST(watched.said.empty());
    BOOST_TEST_REQUIRE(watched.warnings.size() == 1U);
    BOOST_TEST(watched.warnings[0] ==
               watched.file.string() + " was edited, and the run goes on as it was: "
                                       "/stages/1/adversaries/0/discriminator: the motor is stuck; at step 14 of 28");
    RunFiles files = files_of(watched.output());
    BOOST_TEST(files.erase("distil.events.csv") == 1U);
    check_same(run_of(text), files);
}

BOOST_AUTO_TEST_CASE(an_edit_gives_the_bytes_of_a_scheduled_change) {
    for (const std::uint64_t step : {8U, 13U, 14U}) { // in the second epoch; the last is seen between two
        Watched watched;
        watched.edits = {{step, writing(swapped)}};
        watched.run();
        BOOST_TEST(watched.warnings.empty());
        BOOST_TEST_REQUIRE(watched.said.size() == 1U);
        BOOST_TEST(watched.said[0].starts_with(watched.file.string() +
                                               " was edited, and from here on the run has "
                                               "/stages/distil/adversaries/main/discriminator={\"type\": "
                                               "\"spectral_norm_mlp\""));
        check_same(scheduled(), files_of(watched.output()));
        check_same(scheduled(), run_of(read_file(watched.output() / "manifest.json"))); // it says what was done
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_half_saved_is_told_once_and_read_when_it_is_whole) {
    Watched watched;
    watched.edits = {{3, writing(swapped.substr(0, swapped.size() / 2))}, {15, writing(text)}};
    watched.run();
    BOOST_TEST_REQUIRE(watched.warnings.size() == 1U);
    BOOST_TEST(watched.warnings[0].starts_with(
        watched.file.string() + " was edited, and the run goes on as it was: " + watched.file.string() + ":"));
    check_same(run_of(text), files_of(watched.output()));

    Watched mended;
    mended.edits = {{3, writing("{")}, {10, writing(swapped)}};
    mended.run();
    BOOST_TEST(mended.warnings.size() == 1U);
    check_same(scheduled(), files_of(mended.output()));
}

BOOST_AUTO_TEST_CASE(what_cannot_change_is_named_and_the_run_goes_on) {
    const std::pair<std::string, std::string> edits[] = {
        {replaced(text, R"("hidden": [20])", R"("hidden": [21])"),
         "/models/student/hidden: lies in no stage; allowed: settings of one stage"},
        {replaced(swapped, R"("epochs": 4)", R"("epochs": 5)"),
         "/stages/1/epochs: cannot change while the stage runs; allowed: "},
        {replaced(text, R"("epochs": 1)", R"("epochs": 2)"), "/stages/teach/epochs: lies in a stage that does not run"},
        {replaced(text, R"("paired")", R"("pared")"), "/stages/1/adversaries/0/discriminator/type: there is no "},
        {replaced(text, R"("threads": 1)", R"("threads": 2)"), "/threads: lies in no stage"},
    };
    for (const auto &[edited, complaint] : edits)
        BOOST_TEST_CONTEXT(complaint) {
            Watched watched;
            watched.edits = {{9, writing(edited)}};
            watched.run();
            BOOST_TEST_REQUIRE(watched.warnings.size() == 1U);
            BOOST_TEST(contains(watched.warnings[0], " was edited, and the run goes on as it was: " + complaint));
            BOOST_TEST(watched.said.empty());
            check_same(run_of(text), files_of(watched.output()));
        }
}

BOOST_AUTO_TEST_CASE(a_file_that_says_the_same_or_is_gone_changes_nothing) {
    Watched watched;
    watched.edits = {{3, writing(text + "\n")}, {10, [](const fs::path &file) { fs::remove(file); }}};
    watched.run();
    BOOST_TEST_REQUIRE(watched.warnings.size() == 1U);
    BOOST_TEST(contains(watched.warnings[0], "cannot be read: No such file or directory"));
    check_same(run_of(text), files_of(watched.output()));
}

BOOST_AUTO_TEST_CASE(several_edits_follow_each_other_and_one_is_taken_back) {
    const std::string lambda = replaced(swapped, R"("lambda": 0.1)", R"("lambda": 0.5)");
    Watched watched;
    watched.edits = {{3, writing(lambda)}, {10, writing(swapped)}, {17, writing(text)}};
    watched.run();
    BOOST_TEST(watched.warnings.empty());
    BOOST_TEST(watched.said.size() == 3U);
    check_same(files_of(watched.output()), run_of(read_file(watched.output() / "manifest.json")));
    const std::string events = read_file(watched.output() / "metrics" / "distil.events.csv");
    BOOST_TEST(contains(events, "7,1,change,/stages/distil/adversaries/main/lambda: 0.1 -> 0.5\n"));
    BOOST_TEST(contains(events, "14,2,change,/stages/distil/adversaries/main/lambda: 0.5 -> 0.1\n"));
    BOOST_TEST(contains(events, "21,3,change,\"/stages/distil/adversaries/main/discriminator/type: "));
}

BOOST_AUTO_TEST_CASE(what_is_planned_stands_in_nobodys_way_and_stays) {
    const std::string planned =
        replaced(text, "\"format\": 1",
                 R"("format": 1, "changes": [{"epoch": 3, "set": )"
                 R"({"/stages/distil/adversaries/main/discriminator/type": "spectral_norm_mlp"}}])");
    const std::string narrower = replaced(planned, R"("hidden": [16])", R"("hidden": [8])");
    Watched watched;
    watched.begin = planned;
    watched.edits = {{8, writing(narrower)}, {15, writing(replaced(narrower, "\"epoch\": 3", "\"epoch\": 2"))}};
    watched.run();
    BOOST_TEST_REQUIRE(watched.said.size() == 1U);
    BOOST_TEST(watched.said[0].ends_with("the run has /stages/distil/adversaries/main/discriminator/hidden=[8]"));
    BOOST_TEST_REQUIRE(watched.warnings.size() == 1U);
    BOOST_TEST(contains(watched.warnings[0], "/changes/0/epoch: lies in no stage"));
    check_same(files_of(watched.output()), run_of(read_file(watched.output() / "manifest.json")));
    const std::string events = read_file(watched.output() / "metrics" / "distil.events.csv");
    BOOST_TEST(contains(events, "14,2,change,/stages/distil/adversaries/main/discriminator/hidden: [16] -> [8]\n"));
    BOOST_TEST(contains(events, "21,3,change,\"/stages/distil/adversaries/main/discriminator/type: "));
}

BOOST_AUTO_TEST_CASE(an_edit_in_the_last_epoch_is_told_to_come_too_late) {
    for (const std::uint64_t step : {22U, 28U}) {
        Watched watched;
        watched.edits = {{step, writing(swapped)}};
        watched.run();
        BOOST_TEST_REQUIRE(watched.warnings.size() == 1U);
        BOOST_TEST(contains(watched.warnings[0], "the last epoch of stage distil has begun: no epoch follows"));
        check_same(run_of(text), files_of(watched.output()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
