// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_command_run)

using namespace retort;
using test::contains;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(shows_epochs_a_table_and_what_was_written) {
    const test::Workplace place;
    const auto outcome = place.call("run", {"toy.json"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err == "");
    BOOST_TEST(contains(outcome.out, "stage 1/1 play  epoch 1/2"));
    BOOST_TEST(contains(outcome.out, "images/s"));
    BOOST_TEST(contains(outcome.out, "validation_accuracy 0.75"));
    BOOST_TEST(contains(outcome.out, "model  weights   stage  test errors"));
    BOOST_TEST(contains(outcome.out, "net    selected  play"));
    BOOST_TEST(contains(outcome.out, "runs/toy/weights/net.last.safetensors"));
    BOOST_TEST(!contains(outcome.out, "\r")); // that is for terminals
    BOOST_TEST(fs::exists(place.folder.path() / "runs" / "toy" / "result.json"));
}

BOOST_AUTO_TEST_CASE(json_is_all_that_stands_on_stdout) {
    const test::Workplace place;
    const auto outcome = place.call("run", {"toy.json", "--json", "--output", "here", "--seed", "9", "--threads", "2"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    const auto result = boost::json::parse(outcome.out);
    BOOST_TEST(fs::equivalent(std::string(result.at("directory").as_string()), place.folder.path() / "here"));
    BOOST_TEST(result.at("seed").to_number<int>() == 9);
    BOOST_TEST(result.at("threads").to_number<int>() == 2);
    BOOST_TEST(result.at("reports").as_array().size() == 2U);
    const auto &plugin = result.at("plugins").at(0);
    BOOST_TEST(plugin.at("name").as_string() == "host_toy");
    BOOST_TEST(plugin.at("sha256").as_string().size() == 64U);
}

BOOST_AUTO_TEST_CASE(quiet_prints_nothing) {
    const test::Workplace place;
    const auto outcome = place.call("run", {"toy.json", "--quiet"});
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(outcome.out == "");
    BOOST_TEST(outcome.err == "");
}

BOOST_AUTO_TEST_CASE(same_manifest_twice_gives_the_same_bytes) {
    const test::Workplace place;
    for (const char *output : {"a", "b"})
        BOOST_TEST(place.call("run", {"toy.json", "--output", output}).exit_code == 0);
    for (const char *file : {"manifest.json", "weights/net.last.safetensors", "weights/net.selected.safetensors"}) {
        const std::string bytes = test::read_file(place.folder.path() / "a" / file);
        BOOST_TEST(!bytes.empty());
        BOOST_TEST(bytes == test::read_file(place.folder.path() / "b" / file));
    }
}

BOOST_AUTO_TEST_CASE(the_resolved_manifest_is_a_manifest) {
    const test::Workplace place;
    BOOST_TEST(place.call("run", {"toy.json", "--set", "/stages/play/noise=3", "--output", "a"}).exit_code == 0);
    const auto manifest = boost::json::parse(test::read_file(place.folder.path() / "a" / "manifest.json"));
    BOOST_TEST(manifest.at("stages").at(0).at("noise").to_number<int>() == 3);
    BOOST_TEST(manifest.at("stages").at(0).at("behaviour").as_string() == "normal");
    BOOST_TEST(place.call("run", {"a/manifest.json", "--output", "b"}).exit_code == 0);
    BOOST_TEST(test::read_file(place.folder.path() / "a" / "manifest.json") ==
               test::read_file(place.folder.path() / "b" / "manifest.json"));
}

BOOST_AUTO_TEST_CASE(every_kind_of_failure_has_its_exit_code) {
    struct Case {
        std::vector<std::string> words;
        int exit_code;
        std::string message;
        bool writes = false; ///< whether the run got as far as that
    };
    const std::vector<Case> cases{
        {{}, 2, "manifest (or --resume DIR) is required"},
        {{"toy.json", "--nonsense"}, 2, "--nonsense"},
        {{"toy.json", "--set", "no assignment"}, 2, "no assignment"},
        {{"toy.json", "--quiet", "--json"}, 2, "excludes"},
        {{"toy.json", "--log-level", "loud"}, 2, "loud"},
        {{"nowhere.json"}, 3, "nowhere.json"},
        {{"toy.json", "--set", "/stages/play/noise=11"}, 3, "error: /stages/0/noise: 11 is out of range"},
        {{"toy.json", "--set", "/models/net/type=teapot"}, 4, "teapot"},
        {{"toy.json", "--plugin-path", "nowhere"}, 4, "nowhere"},
        {{"toy.json", "--set", "/data/toys/damaged=true"}, 5, "error: /data/toys/damaged: the toy is damaged"},
        {{"toy.json", "--set", "/stages/play/behaviour=nan"}, 6, "metric 'loss' is nan at step 4 of 6", true},
        {{"toy.json", "--set", "/stages/play/behaviour=throws"}, 4, "step 4 is too much", true},
        {{"toy.json", "--output", "."}, 7, "neither empty nor an earlier run of Retort"},
    };
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.message) {
            const test::Workplace place;
            const auto outcome = place.call("run", expected.words);
            BOOST_TEST(outcome.exit_code == expected.exit_code);
            BOOST_TEST(contains(outcome.err, expected.message), "stderr: " << outcome.err);
            BOOST_TEST(fs::exists(place.folder.path() / "runs") == expected.writes);
        }
}

BOOST_AUTO_TEST_CASE(both_signals_cancel_after_the_step) {
    for (const int number : {SIGINT, SIGTERM}) {
        const test::Workplace place;
        auto process = place.start("run", {"toy.json", "--set", "/stages/play/behaviour=slow"});
        for (int i = 0; i < 500 && !contains(process.out(), "epoch 1/2"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        process.send(number);
        const auto outcome = process.wait();
        BOOST_TEST(outcome.exit_code == 130);
        BOOST_TEST(contains(outcome.err, "cancelled"));
        BOOST_TEST(!contains(outcome.out, "epoch 2/2"));
        BOOST_TEST(fs::exists(place.folder.path() / "runs" / "toy" / "log.txt"));
        BOOST_TEST(!fs::exists(place.folder.path() / "runs" / "toy" / "result.json"));
        BOOST_TEST(place.call("run", {"toy.json"}).exit_code == 0); // replaces the cancelled run
    }
}

BOOST_AUTO_TEST_CASE(log_level_chooses_what_is_logged) {
    const test::Workplace place;
    BOOST_TEST(contains(place.call("run", {"toy.json", "--log-level", "info"}).err, "info: stage play begins"));
}

BOOST_AUTO_TEST_CASE(a_profile_is_printed_however_the_run_ended) {
    const test::Workplace place;
    const std::string head = "  calls  seconds  own seconds    share  ms a call  GFLOP/s\n";
    const auto whole = place.call("run", {"toy.json", "--profile", "--output", "whole"});
    BOOST_TEST_REQUIRE(whole.exit_code == 0, whole.err);
    BOOST_TEST(contains(whole.out, head), whole.out);
    BOOST_TEST(contains(whole.out, "\n    step "));
    BOOST_TEST(contains(whole.out, "whole/profile.json\n"));
    const auto failed =
        place.call("run", {"toy.json", "--profile", "--output", "failed", "--set", "/stages/play/behaviour=nan"});
    BOOST_TEST(failed.exit_code == 6);
    BOOST_TEST(contains(failed.out, head), failed.out);
    BOOST_TEST(fs::exists(place.folder.path() / "failed" / "profile.json"));
    const auto quiet = place.call("run", {"toy.json", "--profile", "--output", "quiet", "--quiet"});
    BOOST_TEST(quiet.out == "");
    BOOST_TEST(fs::exists(place.folder.path() / "quiet" / "profile.csv"));
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_tells_where_its_time_went) {
    const test::Workplace place;
    auto process = place.start("run", {"toy.json", "--profile", "--set", "/stages/play/behaviour=slow"});
    for (int i = 0; i < 500 && !contains(process.out(), "epoch 1/2"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    process.send(SIGINT);
    const test::Outcome outcome = process.wait();
    BOOST_TEST(outcome.exit_code == 130);
    BOOST_TEST(contains(outcome.out, "\n    step "), outcome.out);
    BOOST_TEST(fs::exists(place.folder.path() / "runs" / "toy" / "profile.csv"));
    BOOST_TEST(place.call("run", {"toy.json"}).exit_code == 0);
    BOOST_TEST(!fs::exists(place.folder.path() / "runs" / "toy" / "profile.csv")); // it was the cancelled run's
}

BOOST_AUTO_TEST_SUITE_END()
