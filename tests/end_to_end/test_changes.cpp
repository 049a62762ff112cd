// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <support/run_files.hpp>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_changes_of_a_run)

using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const std::string swap = R"(/changes=[{"epoch": 2, "set": )"
                         R"({"/stages/distil/adversaries/main/discriminator/type": "spectral_norm_mlp"}}])";

/// With every observer, and long enough to be edited.
Words settings(const std::string &epochs, const Words &more = {}) {
    Words all = tiny({R"(/observers=[{"type": "csv"}, {"type": "figures"}])", "/stages/distil/epochs=" + epochs});
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// A place with an example of its own, whose manifest can be edited.
struct Edited {
    Edited() {
        fs::copy(example / "quick.json", file);
        fs::copy(example / "data", place.path("data"));
    }

    void edit(const std::string &what, const std::string &by) const {
        std::string text = read_file(file);
        text.replace(text.find(what), what.size(), by);
        write_file(place.path("edited.json"), text);
        fs::rename(place.path("edited.json"), file); // as editors save
    }

    [[nodiscard]] Process start(const std::string &output) const {
        Words words{RETORT_COMMAND, "run", "quick.json", "--watch", "--output", output};
        for (const std::string &setting : settings("60"))
            words.insert(words.end(), {"--set", setting});
        return {words, place.path(".")};
    }

    /// Waits until the distillation is past so many epochs.
    void await_epochs(const std::string &output, std::size_t count) const {
        const fs::path table = place.path(output) / "metrics" / "distil.epochs.csv";
        while (true) {
            const std::string text = read_file(table);
            if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) > count)
                return;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    /// Waits until the run says that something changes in it.
    void await_change(const std::string &output) const {
        while (contains(read_file(place.path(output) / "manifest.json"), "\"changes\": []"))
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    Place place;
    fs::path file = place.path("quick.json");
};

const std::string paired = R"({"type": "paired", "hidden": [128, 128], "noise": 0.3})";
const std::string plain = R"({"type": "mlp", "hidden": [64]})";

} // namespace

BOOST_AUTO_TEST_CASE(a_manifest_swaps_the_discriminator_after_an_epoch) {
    const Place &place = tiny_place();
    const Outcome outcome = place.run("swapped_while", settings("4", {swap}), {"--log-level", "info"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "info: change: /stages/distil/adversaries/main/discriminator/type: \"paired\" -> "
                                     "\"spectral_norm_mlp\"\n"));
    BOOST_TEST_REQUIRE(place.run("not_swapped", settings("4")).exit_code == 0);
    BOOST_TEST((place.weights("swapped_while", "student") != place.weights("not_swapped", "student")));
    BOOST_TEST((place.weights("swapped_while", "labels_alone") == place.weights("not_swapped", "labels_alone")));
    const auto files = files_of(place.path("swapped_while"));
    BOOST_TEST(contains(files.at("distil.events.csv"), "10,2,change,"));
    BOOST_TEST(contains(files.at("distil.discriminator.main.svg"), "paired \u2192 spectral_norm_mlp"));
    BOOST_TEST_REQUIRE(place.run_file(place.path("swapped_while/manifest.json"), "again", {}).exit_code == 0);
    check_same(files, files_of(place.path("again")));
}

BOOST_AUTO_TEST_CASE(a_run_that_is_watched_ends_with_the_bytes_of_what_it_recorded) {
    const Edited edited;
    Process process = edited.start("run");
    edited.await_epochs("run", 1);
    edited.edit(paired, plain);
    const Outcome outcome = process.wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err == "");
    BOOST_TEST(contains(outcome.out, "quick.json was edited, and from here on the run has "
                                     "/stages/distil/adversaries/main/discriminator={\"type\": \"mlp\""));
    const json::value changes = read_json(edited.place.path("run/manifest.json")).at("changes");
    BOOST_TEST(changes.as_array().size() == 1U);
    BOOST_TEST_REQUIRE(edited.place.run_file("run/manifest.json", "again", {}).exit_code == 0);
    const auto files = files_of(edited.place.path("run"));
    BOOST_TEST(files.count("distil.events.csv") == 1U);
    check_same(files, files_of(edited.place.path("again")));
}

BOOST_AUTO_TEST_CASE(a_watched_run_that_is_killed_goes_on_with_its_change) {
    for (const int wait : {0, 5, 40}) { // milliseconds after the change was recorded
        const Edited edited;
        Process process = edited.start("run");
        edited.await_epochs("run", 1);
        edited.edit(paired, plain);
        edited.await_change("run");
        std::this_thread::sleep_for(std::chrono::milliseconds(wait));
        process.send(SIGKILL);
        BOOST_TEST_REQUIRE(process.wait().exit_code == -1);
        const Outcome resumed = Process({RETORT_COMMAND, "run", "--resume", "run"}, edited.place.path(".")).wait();
        BOOST_TEST_REQUIRE(resumed.exit_code == 0, resumed.err);
        BOOST_TEST_REQUIRE(edited.place.run_file("run/manifest.json", "whole", {}).exit_code == 0);
        check_same(files_of(edited.place.path("whole")), files_of(edited.place.path("run")));
    }
}

BOOST_AUTO_TEST_CASE(a_bad_edit_is_told_and_changes_nothing) {
    const Edited edited;
    Process process = edited.start("run");
    edited.await_epochs("run", 1);
    edited.edit(R"("batch": 100, "augmentation")", R"("batch": 50, "augmentation")");
    const Outcome outcome = process.wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err ==
               "warning: quick.json was edited, and the run goes on as it was: /stages/teach/batch: lies "
               "in a stage that does not run now; allowed: settings of stage distil\n");
    BOOST_TEST_REQUIRE(edited.place.run("whole", settings("60")).exit_code == 0);
    check_same(files_of(edited.place.path("whole")), files_of(edited.place.path("run")));
}

BOOST_AUTO_TEST_SUITE_END()
