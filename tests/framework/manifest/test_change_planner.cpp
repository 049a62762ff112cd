// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"

#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/change_planner.hpp> // of which read_plan is made
#include <string>
#include <vector>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_change_planner)

namespace {

namespace json = boost::json;

/// The good manifest with "changes".
framework::Manifest with_changes(const std::string &changes) {
    return parsed(manifest_with(R"("observers")", "\"changes\": " + changes + ", \"observers\""));
}

framework::Plan plan_of(const std::string &changes) {
    static const framework::Registry registry = fake_registry();
    return framework::read_plan(with_changes(changes), registry);
}

/// "after 2: /adversaries/0/lambda 0.1 0.2", a line each.
std::string lines_of(const framework::PlannedStage &stage) {
    std::string lines;
    for (const framework::PlannedChange &change : stage.changes) {
        lines += change.pointer + " after " + std::to_string(change.epoch) + ":";
        for (const framework::ChangedSetting &setting : change.settings)
            lines += " " + setting.pointer + " " + framework::to_text(setting.before) + " " +
                     framework::to_text(setting.after);
        lines += "\n";
    }
    return lines;
}

const std::string swap = R"([{"epoch": 2, "set": {"/stages/distil/adversaries/main/discriminator/type": "paired"}}])";

} // namespace

BOOST_AUTO_TEST_CASE(without_changes_nothing_is_planned) {
    const framework::Plan plan = plan_of("[]");
    BOOST_TEST(plan.stages[0].changes.empty());
    BOOST_TEST(plan.stages[1].changes.empty());
    BOOST_TEST(framework::to_text(plan.resolved.at("changes")) == "[]");
}

BOOST_AUTO_TEST_CASE(a_change_is_planned_for_its_stage) {
    const framework::Plan plan = plan_of(swap);
    BOOST_TEST(plan.stages[0].changes.empty());
    BOOST_TEST(lines_of(plan.stages[1]) ==
               "/changes/0 after 2: /adversaries/0/discriminator/type \"deep\" \"paired\"\n");
    const framework::PlannedChange &change = plan.stages[1].changes[0];
    BOOST_TEST(change.settings[0].path == "/stages/distil/adversaries/main/discriminator/type");
    BOOST_TEST((change.trainer.builder != plan.stages[1].builder));
    BOOST_TEST(change.trainer.pointer == "/stages/1");
    const std::vector<std::string> dropped = change.dropped;
    BOOST_TEST(dropped.empty()); // "hidden" is known to both
    const json::object discriminator{{"type", "paired"}, {"hidden", json::array{6}}, {"dropout", 0.25}};
    BOOST_TEST((change.resolved.at("adversaries").at(0).at("discriminator") == json::value(discriminator)));
    const bool is_used = std::any_of(plan.used.begin(), plan.used.end(),
                                     [](const framework::Entry *entry) { return entry->name == "paired"; });
    BOOST_TEST(is_used);
}

BOOST_AUTO_TEST_CASE(settings_that_a_new_type_lacks_are_dropped) {
    const framework::Plan plan = plan_of(
        R"([{"epoch": 1, "set": {"/stages/distil/losses/0/type": "entropy"}},
            {"epoch": 2, "set": {"/stages/distil/losses/0": {"type": "soft", "temperature": 2}}},
            {"epoch": 3, "set": {"/stages/distil/losses/0/type": "entropy"}}])");
    BOOST_TEST(plan.stages[1].changes[0].dropped.empty()); // none was given
    BOOST_TEST(plan.stages[1].changes[2].dropped == std::vector<std::string>{"/stages/1/losses/0/temperature"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(changes_are_made_in_the_order_of_their_epochs_one_on_the_other) {
    const framework::Plan plan = plan_of(
        R"([{"epoch": 5, "set": {"/stages/distil/adversaries/main/lambda": 3}},
            {"epoch": 1, "set": {"/stages/learn/optimizer/decay": 0.5}},
            {"epoch": 2, "set": {"/stages/distil/adversaries/0/lambda": 1, "/stages/1/losses/0/weight": 4}},
            {"epoch": 5, "set": {"/stages/distil/adversaries/main/lambda": 2}}])");
    BOOST_TEST(lines_of(plan.stages[0]) == "/changes/1 after 1: /optimizer/decay 0.9 0.5\n");
    BOOST_TEST(lines_of(plan.stages[1]) == "/changes/2 after 2: /adversaries/0/lambda 0.1 1 /losses/0/weight 2 4\n"
                                           "/changes/0 after 5: /adversaries/0/lambda 1 3\n"
                                           "/changes/3 after 5: /adversaries/0/lambda 3 2\n");
}

BOOST_AUTO_TEST_CASE(a_type_that_is_set_to_what_it_was_is_made_anew) {
    const framework::Plan plan = plan_of(
        R"([{"epoch": 2, "set": {"/stages/1/adversaries/main/discriminator/type": "deep",
                                 "/stages/1/adversaries/main/discriminator/hidden": [8]}}])");
    BOOST_TEST(lines_of(plan.stages[1]) == "/changes/0 after 2: /adversaries/0/discriminator/hidden [6] [8] "
                                           "/adversaries/0/discriminator/type \"deep\" \"deep\"\n");
}

BOOST_AUTO_TEST_CASE(the_resolved_manifest_has_the_same_changes) {
    const std::string changes[] = {
        swap, R"([{"epoch": 2, "set": {"/stages/1/adversaries/main/discriminator/type": "deep"}}])",
        R"([{"epoch": 5, "set": {"/stages/distil/adversaries/main/lambda": 3}},
            {"epoch": 2, "set": {"/stages/distil/adversaries/0/discriminator": {"type": "deep", "noise": 0.5}}}])"};
    for (const std::string &text : changes)
        BOOST_TEST_CONTEXT(text) {
            const framework::Registry registry = fake_registry();
            const framework::Plan first = plan_of(text);
            const framework::Plan second = framework::read_plan(
                framework::Manifest::from_json(first.resolved, "resolved", "/elsewhere"), registry);
            BOOST_TEST(framework::to_text(second.resolved) == framework::to_text(first.resolved));
            BOOST_TEST(lines_of(second.stages[1]) == lines_of(first.stages[1]));
            BOOST_TEST((second.stages[1].changes[0].resolved == first.stages[1].changes[0].resolved));
        }
}

BOOST_AUTO_TEST_CASE(every_mistake_is_reported_where_it_was_asked_for) {
    const std::pair<const char *, const char *> cases[] = {
        {R"([{"epoch": 1, "set": {"/stages/distil/adversaries/main/discriminator/type": "pared"}}])",
         "/changes/0/set/stages/1/adversaries/0/discriminator/type: there is no discriminator \"pared\"; did you mean "
         "\"paired\"? Available: deep, paired"},
        {R"([{"epoch": 1, "set": {"/stages/distil/adversaries/other/lambda": 1}}])",
         "/changes/0/set/stages/1/adversaries/other: there is no element \"other\". Available: main"},
        {R"([{"epoch": 1, "set": {"/stages/distil/adversaries/main/lambda": -1, "/stages/distil/losses/0/weight": -1}}])",
         "/changes/0/set/stages/1/adversaries/0/lambda: -1 is out of range; allowed: 0 to 1000 (default 1)\n"
         "/changes/0/set/stages/1/losses/0/weight: -1 is out of range; allowed: 0 to 1000 (default 1)"},
        {R"([{"epoch": 1, "set": {"/seed": 3}}])",
         "/changes/0/set/seed: lies in no stage; allowed: settings of one stage, such as "
         "/stages/distil/adversaries/main/lambda"},
        {R"([{"epoch": 1, "set": {"/stages/distill/losses/0/weight": 3}}])",
         "/changes/0/set/stages/distill/losses/0/weight: lies in no stage; allowed: settings of one stage, such as "
         "/stages/distil/adversaries/main/lambda"},
        {R"([{"epoch": 1, "set": {"/stages/distil": {}}}])",
         "/changes/0/set/stages/distil: lies in no stage; allowed: settings of one stage, such as "
         "/stages/distil/adversaries/main/lambda"},
        {R"([{"epoch": 1, "set": {"/stages/distil/losses/0/weight": 3, "/stages/learn/epochs": 3}}])",
         "/changes/0/set/stages/learn/epochs: lies in another stage than the settings before it; allowed: settings of "
         "one stage"},
        {R"([{"epoch": 1, "set": {"/stages/distil/losses/0/weight": 2}}])",
         "/changes/0/set: changes nothing: every setting has its value already"},
        {R"([{"epoch": 1, "set": {"/stages/distil/name": "other"}}])",
         "/changes/0/set/stages/distil/name: what a stage is and is called cannot change"},
        {R"([{"epoch": 2, "set": {"/stages/distil/losses/0/weight": -2}},
             {"epoch": 1, "set": {"/stages/learn/epochs": 0}},
             {"epoch": 3, "set": {"/stages/distil/losses/0/weight": -3}}])",
         "/changes/1/set/stages/0/epochs: 0 is out of range; allowed: 1 to 1000 (default 10)\n"
         "/changes/0/set/stages/1/losses/0/weight: -2 is out of range; allowed: 0 to 1000 (default 1)"},
    };
    for (const auto &[changes, complaint] : cases)
        BOOST_TEST_CONTEXT(changes)
    BOOST_TEST(complaint_of([&, &changes = changes] { (void)plan_of(changes); }) == complaint);
}

BOOST_AUTO_TEST_CASE(a_missing_plugin_is_said_by_the_code) {
    try {
        (void)plan_of(R"([{"epoch": 1, "set": {"/stages/distil/adversaries/main/discriminator/type": "pared"}}])");
        BOOST_FAIL("no error was thrown");
    } catch (const framework::Error &error) {
        BOOST_TEST((error.code() == framework::ErrorCode::plugin));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
