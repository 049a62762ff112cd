// SPDX-License-Identifier: Apache-2.0
#include "tensors.hpp"
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_alarms_of_a_run)

using namespace retort::test;
namespace fs = std::filesystem;

namespace {

/// A discriminator without weights that could move, which says the same of everything.
Words blinded(const Words &more = {}) {
    Words settings{"/observers=[{\"type\": \"csv\"}]",
                   "/stages/distil/alarms/window=3",
                   R"(/stages/distil/adversaries/main/discriminator={"type": "mlp", "hidden": [], "noise": 0})",
                   R"(/stages/distil/adversaries/main/optimizer={"type": "sgd", "learning_rate": 0})",
                   "/stages/distil/alarms/blind_spread=100",
                   "/stages/distil/alarms/blind_accuracy=0.5"};
    settings.insert(settings.end(), more.begin(), more.end());
    return tiny(settings);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_alarm_is_a_warning_and_an_event_and_training_goes_on) {
    const Place place;
    const Outcome outcome = place.run("run", blinded());
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "warning: alarm: adversary main: its discriminator is blind: accuracy "),
               outcome.err);
    const std::string events = read_file(place.path("run/metrics/distil.events.csv"));
    BOOST_TEST(contains(events, "\n3,1,alarm,"), events);
}

BOOST_AUTO_TEST_CASE(an_alarm_that_stops_ends_the_run_with_the_last_good_weights) {
    const Place place;
    const Outcome outcome = place.run("run", blinded({R"(/stages/distil/on_alarm="stop")"}), {"--log-level", "info"});
    BOOST_TEST(outcome.exit_code == 6, outcome.err);
    BOOST_TEST(contains(outcome.err, "error: /stages/2: alarm: adversary main: its discriminator is blind: "),
               outcome.err);
    BOOST_TEST(contains(outcome.err, "; the student has its weights of after step 0 again; stopped at step 3 of "),
               outcome.err);
    BOOST_TEST(contains(outcome.err, "the last good weights are in weights/student.last_good.safetensors"),
               outcome.err);
    BOOST_TEST(contains(read_file(place.path("run/metrics/distil.events.csv")), "\n3,1,alarm,"));
    BOOST_TEST(!read_tensors(place.path("run/weights/student.last_good.safetensors")).empty());
    BOOST_TEST(!fs::exists(place.path("run/result.json")));
}

BOOST_AUTO_TEST_SUITE_END()
