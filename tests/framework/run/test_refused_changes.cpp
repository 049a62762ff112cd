// SPDX-License-Identifier: Apache-2.0
// Changes of a running stage that are refused: what is said of them, and that the run goes on as it was.
#include "changed_runs.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <support/process.hpp>

BOOST_AUTO_TEST_SUITE(test_refused_changes)

using namespace retort;
using namespace retort::test;
using namespace retort::test::changed_runs;

namespace {

const std::string stuck_set = R"({"/stages/distil/adversaries/main/discriminator/type": "stuck"})";
const std::vector<std::string> stuck{adversary + "discriminator/type=stuck"};
const std::string reason =
    "/stages/1/adversaries/0/discriminator: the motor is stuck; at step 14 of 28 [plugin test, stage distil]";
const std::string refused_row =
    "14,2,refused change,\"" + adversary + "discriminator/type: \"\"stuck\"\": " + reason + "\"\n";

/// Without the events, and the marks of them.
RunFiles without_events(RunFiles files) {
    std::erase_if(files, [](const auto &file) { return file.first.ends_with(".events.csv"); });
    return files;
}

/// What a call complains about.
std::string complaint_of(const std::function<void()> &call) {
    try {
        call();
        return {};
    } catch (const framework::Error &error) {
        return error.what();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_bad_change_is_refused_and_the_run_goes_on) {
    const std::pair<std::vector<std::string>, std::string> cases[] = {
        {{adversary + "discriminator/type=pared"},
         "/stages/1/adversaries/0/discriminator/type: there is no discriminator \"pared\"; did you mean \"paired\"?"},
        {{adversary + "lambda=-1", "/stages/distil/losses/0/weight=-2"},
         "/stages/1/adversaries/0/lambda: -1 is out of range; allowed: 0 to 1e+06 (default 1)\n"
         "/stages/1/losses/0/weight: -2 is out of range; allowed: 0 to 1e+06 (default 1)"},
        {{"/stages/distil/batch=10", adversary + "lambda=2"},
         "/stages/1/batch: cannot change while the stage runs; allowed: an adversary's discriminator, objective,"},
        {{"/stages/distil/epochs=9"}, "/stages/1/epochs: cannot change while the stage runs"},
        {{"/models/student/hidden=[9]"}, "/models/student/hidden: lies in no stage; allowed: settings of one stage"},
        {{"/stages/teach/epochs=2"},
         "/stages/teach/epochs: lies in a stage that does not run now; allowed: settings of stage distil"},
        {{adversary + "lambda=0.1"}, "changes nothing: every setting has its value already"},
        {{}, "there is nothing to change; allowed: at least one /path=value"},
        {{"lambda=1"}, "lambda=1: the path does not begin with \"/\"; allowed: /path=value, such as /seed=7"},
        {{adversary + "discriminator/hidden=[0]"}, "/stages/1/adversaries/0/discriminator/hidden/0: 0 is out of range"},
    };
    Running running(plan_with("[]"));
    running.to(8);
    const std::string manifest = read_file(running.path("manifest.json"));
    for (const auto &[assignments, complaint] : cases) {
        const std::string found = complaint_of([&, &wanted = assignments] { running.change(wanted); });
        BOOST_TEST(found.starts_with(complaint), found);
        BOOST_TEST(read_file(running.path("manifest.json")) == manifest);
        running.run().step();
    }
    BOOST_TEST(contains(read_file(running.path("log.txt")), "a change was refused: /stages/1/epochs: "));
    check_same(unchanged(), running.finished());
}

BOOST_AUTO_TEST_CASE(a_scheduled_change_that_throws_is_refused_and_the_run_goes_on) {
    Running running(plan_with(after(2, stuck_set)));
    const RunFiles files = running.finished();
    check_same(unchanged(), without_events(files));
    BOOST_TEST(files.at("distil.events.csv") == "step,epoch,kind,message\n" + refused_row);
    BOOST_TEST(
        contains(read_file(running.path("log.txt")), "a change was refused, and the run goes on as it was: " + reason));
    BOOST_TEST(contains(read_file(running.path("manifest.json")), "\"changes\": []"));
}

BOOST_AUTO_TEST_CASE(what_was_planned_upon_a_refused_change_goes_with_it) {
    const std::string first = R"({"epoch": 1, "set": {")" + adversary + R"(lambda": 1}})";
    const std::string last = R"({"epoch": 3, "set": {")" + adversary + R"(lambda": 2}})";
    const RunFiles expected = Running(plan_with("[" + first + "]")).finished();
    Running running(plan_with("[" + last + R"(, {"epoch": 2, "set": )" + stuck_set + "}, " + first + "]"));
    const RunFiles files = running.finished();
    check_same(without_events(expected), without_events(files));
    BOOST_TEST(files.at("distil.events.csv") == expected.at("distil.events.csv") + refused_row +
                                                    "14,2,refused change," + adversary +
                                                    "lambda: 2: it was planned upon a change that was refused\n");
    check_same(expected, Running(octants_plan_of(running.path("manifest.json"))).finished());
}

BOOST_AUTO_TEST_CASE(a_change_that_is_asked_for_and_throws_is_refused) {
    Running within(plan_with("[]"));
    within.to(8).change(stuck);
    BOOST_TEST(contains(read_file(within.path("manifest.json")), "stuck"));
    check_same(unchanged(), without_events(within.finished()));
    Running between(plan_with("[]"));
    between.to(14);
    const std::string manifest = read_file(between.path("manifest.json"));
    BOOST_TEST(complaint_of([&] { between.change(stuck); }) == reason);
    BOOST_TEST(read_file(between.path("manifest.json")) == manifest);
    between.change(swap); // another try
    const RunFiles files = between.finished();
    check_same(without_events(swapped_after_2()), without_events(files));
    BOOST_TEST(contains(files.at("distil.events.csv"), refused_row));
    check_same(swapped_after_2(), Running(octants_plan_of(between.path("manifest.json"))).finished());
}

BOOST_AUTO_TEST_CASE(a_dropped_run_goes_on_without_the_change_that_was_refused) {
    for (const std::uint64_t step : {14U, 15U, 21U, 24U})
        BOOST_TEST_CONTEXT("dropped after step " << step) {
            const TemporaryFolder folder;
            const fs::path output = folder.path() / "run";
            Running(plan_with(after(2, stuck_set), {"/checkpoints/every_steps=3"}), false, output).to(step).drop();
            Running resumed(octants_plan_of(output / "manifest.json"), true, output);
            check_same(unchanged(), without_events(resumed.finished()));
        }
}

BOOST_AUTO_TEST_CASE(a_discriminator_needs_its_condition_then_as_at_the_start) {
    Running running(plan_with(
        "[]", {"/stages/distil/pairs/logits/condition=null", adversary + R"(discriminator={"type": "mlp"})"}));
    running.to(8);
    const std::string found = complaint_of([&] { running.change({adversary + "discriminator/type=paired"}); });
    const std::string start =
        complaint_of([&] { Running(plan_with("[]", {"/stages/distil/pairs/logits/condition=null"})); });
    BOOST_TEST(!found.empty());
    BOOST_TEST(found == start);
}

BOOST_AUTO_TEST_CASE(there_must_be_an_epoch_to_change_something_in) {
    Running running(plan_with("[]"));
    const auto complaint = [&] { return complaint_of([&] { running.change(swap); }); };
    BOOST_TEST(complaint() == "no stage is running whose settings could change");
    running.to(22);
    const std::string last = "the last epoch of stage distil has begun: no epoch follows in which its settings could "
                             "change";
    BOOST_TEST(complaint() == last);
    running.to(28);
    BOOST_TEST(complaint() == last);
    running.run().execute();
    BOOST_TEST(complaint() == "no stage is running whose settings could change");
    check_same(unchanged(), running.files());
}

BOOST_AUTO_TEST_CASE(validation_finds_what_a_scheduled_change_would_stumble_over) {
    const auto complaint = [](const std::string &changes, const std::vector<std::string> &more = {}) {
        return complaint_of([&] { framework::Run(plan_with(changes, more), {}); });
    };
    BOOST_TEST(complaint(after(3)) == "");
    BOOST_TEST(complaint(after(4)) ==
               "/changes/0/epoch: 4 is out of range; allowed: 1 to 3, for the stage has 4 epochs");
    BOOST_TEST(complaint(after(1, R"({"/stages/teach/optimizer/beta1": 0.8})")) ==
               "/changes/0/epoch: 1 is out of range; allowed: none, for the stage has 1 epoch\n"
               "/changes/0/set/stages/0/optimizer/beta1: this trainer takes no changes while it runs [plugin "
               "trainer_supervised, stage teach]");
    BOOST_TEST(complaint(after(1, R"({"/stages/distil/augmentation/shift": 1})")) ==
               "/changes/0/set/stages/1/augmentation: the dataset's examples are no images and cannot be moved; "
               "allowed: a shift, rotation and scale of 0 "
               "[plugin trainer_adversarial_distillation, stage distil]");
    BOOST_TEST(complaint(after(1, R"({"/stages/distil/batch": 10})"))
                   .starts_with("/changes/0/set/stages/1/batch: cannot change while the stage runs; allowed: "));
    BOOST_TEST(complaint(after(1), {"/stages/distil/pairs/logits/condition=null",
                                    adversary + R"(discriminator={"type": "mlp"})"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
