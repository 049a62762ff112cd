// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_alarms_of_a_run)

using namespace retort::test;
namespace fs = std::filesystem;

namespace {

Words with(Words settings, const Words &more) {
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

/// Windows of three steps, of ten, and a table of events.
Words watched(const Words &more = {}) {
    return tiny(with({"/observers=[{\"type\": \"csv\"}]", "/stages/distil/alarms/window=3"}, more));
}

/// A linear discriminator that does not learn, with thresholds under which what it sees is enough to call it blind.
Words blinded(const Words &more = {}) {
    return watched(with({R"(/stages/distil/adversaries/main/discriminator={"type": "mlp", "hidden": [], "noise": 0})",
                         R"(/stages/distil/adversaries/main/optimizer={"type": "sgd", "learning_rate": 0})",
                         "/stages/distil/alarms/blind_spread=100", "/stages/distil/alarms/blind_accuracy=0.5"},
                        more));
}

constexpr const char *many_steps = "/stages/distil/adversaries/main/discriminator_steps=300";

/// A discriminator that in many steps learns a batch by heart, so that it wins, and in one step does not; all rates are
/// the same throughout, so that a stage of one epoch is the beginning of one of two.
Words quick_to_learn(const Words &more) {
    return watched(
        with({R"(/stages/distil/adversaries/main/discriminator={"type": "paired", "hidden": [128], "noise": 0})",
              R"(/stages/distil/adversaries/main/optimizer={"type": "adam", "learning_rate": 0.01})",
              "/stages/distil/adversaries/main/lambda=0.3", "/stages/distil/optimizer/learning_rate=0.001"},
             more));
}

std::string events_of(const Place &place, const std::string &output) {
    return read_file(place.path(output) / "metrics" / "distil.events.csv");
}

std::string last_good(const Place &place, const std::string &output) {
    return read_file(place.path(output) / "weights" / "student.last_good.safetensors");
}

/// A place with the run "still", whose student keeps its first weights to the end, and whose discriminator has won.
const Place &still_place() {
    static const Place place;
    static const Outcome outcome =
        place.run("still", quick_to_learn({many_steps, "/stages/distil/optimizer/learning_rate=0"}));
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "warning: alarm: adversary main: its discriminator has won: accuracy "),
               outcome.err);
    return place;
}

void check_stop(const Outcome &outcome, const std::string &alarm, const std::string &stopped) {
    BOOST_TEST(outcome.exit_code == 6, outcome.err);
    BOOST_TEST(contains(outcome.err, "error: /stages/2: alarm: adversary main: its discriminator " + alarm + ": "),
               outcome.err);
    BOOST_TEST(contains(outcome.err, "; the student has its weights of after step " + stopped), outcome.err);
    BOOST_TEST(contains(outcome.err, "the last good weights are in weights/student.last_good.safetensors"),
               outcome.err);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_alarm_is_a_warning_and_an_event_and_training_goes_on) {
    const Place place;
    const Outcome outcome = place.run("run", blinded());
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "warning: alarm: adversary main: its discriminator is blind: accuracy "),
               outcome.err);
    BOOST_TEST(contains(events_of(place, "run"), "\n3,1,alarm,"), events_of(place, "run"));
}

// As the paper prints it, D drives itself into saturation, where its gradient is nothing beside that of the
// labels.
BOOST_AUTO_TEST_CASE(a_gradient_that_vanishes_is_told) {
    const Place place;
    const Outcome outcome = place.run(
        "run", watched({R"(/stages/distil/adversaries/main/objective={"type": "as_printed", "acknowledge": true})",
                        R"(/stages/distil/adversaries/main/optimizer={"type": "adam", "learning_rate": 0.1})",
                        many_steps, "/stages/distil/telemetry_every=1"}));
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "warning: alarm: adversary main: its gradient has vanished"), outcome.err);
}

// Weight decay takes all of a weight at every step, so that all examples are predicted alike.
BOOST_AUTO_TEST_CASE(logits_that_collapse_are_told) {
    const Place place;
    const Outcome outcome = place.run(
        "run",
        watched(
            {R"(/stages/distil/optimizer={"type": "sgd", "learning_rate": 0.1, "momentum": 0, "weight_decay": 10})"}));
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "warning: alarm: student: its logits have collapsed"), outcome.err);
}

BOOST_AUTO_TEST_CASE(an_alarm_that_stops_ends_the_run_with_the_last_good_weights) {
    const Place place;
    const Outcome outcome = place.run("run", blinded({R"(/stages/distil/on_alarm="stop")"}), {"--log-level", "info"});
    check_stop(outcome, "is blind", "0 again; stopped at step 3 of 10");
    BOOST_TEST(contains(events_of(place, "run"), "\n3,1,alarm,"));
    BOOST_TEST((last_good(place, "run") == still_place().weights("still", "student")));
    BOOST_TEST(!fs::exists(place.path("run/result.json")));
}

// With the thresholds as they are. The student has moved twice when the alarm rings, and has its first weights again.
BOOST_AUTO_TEST_CASE(a_discriminator_that_wins_stops_the_run_at_the_first_weights) {
    const Place &place = still_place();
    BOOST_TEST(contains(events_of(place, "still"), "\n3,1,alarm,"), events_of(place, "still"));
    const Outcome outcome = place.run("stopped", quick_to_learn({many_steps, R"(/stages/distil/on_alarm="stop")"}),
                                      {"--log-level", "info"});
    check_stop(outcome, "has won", "0 again; stopped at step 3 of 10");
    BOOST_TEST(contains(events_of(place, "stopped"), "\n3,1,alarm,"), events_of(place, "stopped"));
    BOOST_TEST((last_good(place, "stopped") == place.weights("still", "student")));
}

// It takes one step, and from the second epoch on many. Step 6 ends the last quiet window: the student then has its
// weights of after the five steps of the first epoch.
BOOST_AUTO_TEST_CASE(one_that_wins_later_stops_the_run_at_the_weights_of_the_last_quiet_window) {
    const Place &place = still_place();
    const std::string change =
        R"(/changes=[{"epoch": 1, "set": {"/stages/distil/adversaries/main/discriminator_steps": 300}}])";
    const Outcome outcome = place.run("stopped_later", quick_to_learn({change, R"(/stages/distil/on_alarm="stop")"}),
                                      {"--log-level", "info"});
    check_stop(outcome, "has won", "5 again; stopped at step 9 of 10");
    const std::string events = events_of(place, "stopped_later");
    BOOST_TEST(contains(events, "\n9,2,alarm,"), events);
    BOOST_TEST(!contains(events, "\n3,1,alarm,"), events);
    BOOST_TEST(!contains(events, "\n6,2,alarm,"), events);

    const Outcome first_epoch = place.run("first_epoch", quick_to_learn({"/stages/distil/epochs=1"}));
    BOOST_TEST_REQUIRE(first_epoch.exit_code == 0, first_epoch.err);
    BOOST_TEST((last_good(place, "stopped_later") == place.weights("first_epoch", "student")));
    BOOST_TEST((last_good(place, "stopped_later") != place.weights("still", "student")));
}

BOOST_AUTO_TEST_SUITE_END()
