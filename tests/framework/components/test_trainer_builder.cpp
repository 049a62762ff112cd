// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/components/trainer_builder.hpp>
#include <framework/source/manifest/placed_problems.hpp>
#include <support/context.hpp>
#include <support/fake_plan.hpp>

namespace test_trainer_builder {

using namespace retort;
using framework::PlannedChange;
using framework::PlannedStage;

/// A trainer that lets "/a" change.
struct Changeable : test::FakeTrainer {
    using FakeTrainer::FakeTrainer;

    void check_change(std::span<const std::string> settings, sdk::Problems &problems) const override {
        for (const std::string &pointer : settings)
            if (pointer != "/a")
                problems.add(pointer, "stays");
    }
};

PlannedChange change_of(const PlannedStage &stage, std::uint64_t epoch, const std::string &setting) {
    PlannedChange change{epoch, "/changes/0", {}, {}, {}};
    change.trainer = stage;
    change.settings.push_back({setting, "/stages/teach" + setting, 1, 2});
    return change;
}

struct Fixture {
    Fixture() {
        fakes.make_trainer = [this](const auto &context) {
            ++made;
            return std::make_unique<Changeable>(context, "net");
        };
        plan = fakes.plan();
    }

    /// What is wrong with the changes of the plan's stage, a mistake a line.
    std::string mistakes(const std::vector<PlannedChange> &changes) {
        plan.stages[0].changes = changes;
        try {
            const framework::Components components(plan, services, {});
            return {};
        } catch (const framework::Error &error) {
            return error.what();
        }
    }

    test::FakePlan fakes;
    framework::Plan plan;
    test::FakeServices services;
    int made = 0;
};

const std::string who = " [plugin fake_trainer, stage teach]";

} // namespace test_trainer_builder

BOOST_FIXTURE_TEST_SUITE(test_trainer_builder, Fixture)

BOOST_AUTO_TEST_CASE(every_change_is_tried_on_the_one_before_it) {
    PlannedChange change = change_of(plan.stages[0], 1, "/a");
    change.dropped = {"/stages/0/b", "/stages/0/c"};
    BOOST_TEST(mistakes({change, change_of(plan.stages[0], 1, "/a")}) == "");
    BOOST_TEST(made == 3);
    BOOST_TEST(
        services.warnings ==
            std::vector<std::string>{"/changes/0 drops settings that the new type lacks: /stages/0/b /stages/0/c"},
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(mistakes_are_placed_and_the_first_change_with_one_is_the_last_that_is_looked_at) {
    BOOST_TEST(mistakes({change_of(plan.stages[0], 2, "/a")}) ==
               "/changes/0/epoch: 2 is out of range; allowed: 1 to 1, for the stage has 2 epochs");
    made = 0;
    BOOST_TEST(mistakes({change_of(plan.stages[0], 1, "/b"), change_of(plan.stages[0], 1, "/c")}) ==
               "/changes/0/set/stages/teach/b: stays" + who);
    BOOST_TEST(made == 2);
}

BOOST_AUTO_TEST_CASE(by_default_a_trainer_takes_no_changes) {
    fakes.make_trainer = [](const auto &context) { return std::make_unique<test::FakeTrainer>(context, "net"); };
    plan = fakes.plan();
    BOOST_TEST(mistakes({change_of(plan.stages[0], 1, "/a")}) ==
               "/changes/0/set/stages/teach/a: this trainer takes no changes while it runs" + who);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_built_is_a_mistake_of_the_change) {
    fakes.make_trainer = [this](const auto &context) {
        if (++made == 2)
            throw sdk::Error(sdk::ErrorKind::settings, "no such width", "/a", "");
        return std::make_unique<Changeable>(context, "net");
    };
    plan = fakes.plan();
    BOOST_TEST(mistakes({change_of(plan.stages[0], 1, "/a")}) == "/changes/0/set/stages/teach/a: no such width" + who);
}

BOOST_AUTO_TEST_CASE(problems_are_placed_below_their_component) {
    test::FakeProblems problems;
    framework::PlacedProblems placed(problems, "/stages/0", "mine");
    placed.add("/a", "is wrong");
    placed.report("/b", "is wrong too", "other");
    BOOST_TEST(problems.items[0].first == "/stages/0/a");
    BOOST_TEST(problems.plugins[0] == "mine");
    BOOST_TEST(problems.plugins[1] == "other");
}

BOOST_AUTO_TEST_SUITE_END()
