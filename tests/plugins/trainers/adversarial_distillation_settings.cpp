// SPDX-License-Identifier: Apache-2.0
#include "stage.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace retort;
using namespace retort::test;

namespace {

struct Case {
    const char *name;
    std::function<void(Stage &)> spoil;
    std::vector<std::string> pointers;
    std::string message; ///< part of the first one
};

PairSettings &pair_of(Stage &stage) {
    return stage.settings.pairs.items[0].second;
}

AdversarySettings &adversary_of(Stage &stage) {
    return stage.settings.adversaries[0];
}

/// A head that cannot be made of its settings.
sdk::ComponentSpec<sdk::Head> refusing_head() {
    return spec<sdk::Head>("refusing", [](const sdk::HeadContext &) -> std::unique_ptr<sdk::Head> {
        throw sdk::Error(sdk::ErrorKind::settings, "2 is odd; allowed: even numbers", "/pairs/logits/student_head/n");
    });
}

const Case cases[] = {
    {"nothing", [](Stage &) {}, {}, ""},
    {"unknown teacher's tap",
     [](Stage &stage) { pair_of(stage).teacher_tap = "logit"; },
     {"/pairs/logits/teacher_tap"},
     "there is no tap \"logit\"; did you mean \"logits\"? Available: hidden.0, logits"},
    {"unknown student's tap",
     [](Stage &stage) { pair_of(stage).student_tap = "hidden.7"; },
     {"/pairs/logits/student_tap"},
     "did you mean \"hidden.0\"?"},
    {"unknown condition's tap",
     [](Stage &stage) {
         stage.add_condition();
         pair_of(stage).condition->tap = "";
     },
     {"/pairs/logits/condition/tap"},
     "Available: hidden.0, logits"},
    {"teacher's head with something to train",
     [](Stage &stage) {
         pair_of(stage).teacher_head = fake_head({2, false, false});
     },
     {"/pairs/logits/teacher_head"},
     "\"fake\" has parameters to train"},
    {"condition's head with something to train",
     [](Stage &stage) {
         stage.add_condition();
         pair_of(stage).condition->head = fake_head({2, false, false});
     },
     {"/pairs/logits/condition/head"},
     "has parameters to train"},
    {"spaces that do not meet",
     [](Stage &stage) {
         pair_of(stage).student_head = fake_head({2, false, false});
     },
     {"/pairs/logits/student_head"},
     "its samples lie in R^2, the teacher's in R^3; both must be equal"},
    {"a head that refuses its settings",
     [](Stage &stage) { pair_of(stage).student_head = refusing_head(); },
     {"/pairs/logits/student_head/n"},
     "2 is odd"},
    {"unknown pair",
     [](Stage &stage) { adversary_of(stage).pair = "logit"; },
     {"/adversaries/0/pair"},
     "there is no pair \"logit\"; did you mean \"logits\"? Available: logits"},
    {"two adversaries of one name",
     [](Stage &stage) { stage.settings.adversaries.push_back(stage.adversary("main")); },
     {"/adversaries/1/name"},
     "there is another adversary \"main\""},
    {"a name that is a number",
     [](Stage &stage) { adversary_of(stage).name = "7"; },
     {"/adversaries/0/name"},
     "\"7\" is no name"},
    {"a pair's name that breaks pointers",
     [](Stage &stage) {
         stage.settings.pairs.items[0].first = "a/b";
         adversary_of(stage).pair = "a/b";
     },
     {"/pairs"},
     "\"a/b\" is no name"},
    {"a discriminator without the condition it needs",
     [](Stage &stage) { adversary_of(stage).discriminator = fake_discriminator(true); },
     {"/adversaries/0/discriminator"},
     "\"linear\" needs a condition, and the pair \"logits\" has none"},
    {"an objective with a penalty",
     [](Stage &stage) {
         adversary_of(stage).objective = fake_objective({1.0F, {}, sdk::Objective::Penalty::between, false});
     },
     {"/adversaries/0/objective"},
     "gradient penalty"},
    {"a loss on distributions without a pair",
     [](Stage &stage) {
         stage.settings.losses = {{fake_loss(sdk::Loss::On::distributions), 1.0, {}}};
     },
     {"/losses/0/pair"},
     "\"squares\" compares the distributions of a pair"},
    {"a loss on labels with a pair",
     [](Stage &stage) {
         stage.settings.losses = {{fake_loss(sdk::Loss::On::labels), 1.0, "logits"}};
     },
     {"/losses/0/pair"},
     "leave the pair out"},
    {"a loss on an unknown pair",
     [](Stage &stage) {
         stage.settings.losses.push_back({fake_loss(sdk::Loss::On::distributions), 1.0, "tap"});
     },
     {"/losses/1/pair"},
     "there is no pair \"tap\""},
    {"nothing to train by",
     [](Stage &stage) {
         stage.settings.losses.clear();
         stage.settings.adversaries.clear();
     },
     {"/losses"},
     "nothing would be trained"},
    {"the teacher as its own student",
     [](Stage &stage) { stage.settings.student.name = "teacher"; },
     {"/student"},
     "teacher and student are both \"teacher\""},
    {"shifts of what is no image", [](Stage &stage) { stage.settings.shift = 1; }, {"/shift"}, "no images"},
    {"a student with other classes",
     [](Stage &stage) {
         static FakeModel other(4, 2, 5, 1);
         stage.parts.models["student"] = &other;
         pair_of(stage).student_tap = "hidden.0";
         pair_of(stage).student_head = fake_head({3, false, false});
     },
     {"/student"},
     "\"student\" has 5 logits, but the dataset has 3 classes"},
    {"several mistakes at once, whatever they hide",
     [](Stage &stage) {
         pair_of(stage).teacher_tap = "x";
         adversary_of(stage).name = "";
         stage.settings.losses.push_back({fake_loss(sdk::Loss::On::labels), 1.0, "y"});
     },
     {"/pairs/logits/teacher_tap", "/adversaries/0/name", "/losses/1/pair"},
     "there is no tap \"x\""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(test_adversarial_distillation_settings)

BOOST_AUTO_TEST_CASE(every_mistake_is_reported_with_its_pointer_and_nothing_is_computed) {
    for (const Case &c : cases)
        BOOST_TEST_CONTEXT(c.name) {
            Stage stage;
            c.spoil(stage);
            stage.build();
            std::vector<std::string> pointers;
            for (const auto &item : stage.surroundings.problems.items)
                pointers.push_back(item.first);
            BOOST_TEST(pointers == c.pointers, boost::test_tools::per_element());
            if (!pointers.empty()) {
                const std::string &message = stage.surroundings.problems.items[0].second;
                BOOST_TEST((message.find(c.message) != std::string::npos), message);
            }
            BOOST_TEST(stage.teacher.forwards + stage.student.forwards == 0);
            BOOST_TEST(stage.teacher.modes.empty());
        }
}

BOOST_AUTO_TEST_CASE(the_defaults_are_the_papers_game_with_labels) {
    const Distillation::Settings settings;
    BOOST_TEST_REQUIRE(settings.losses.size() == 1U);
    BOOST_TEST(settings.losses[0].loss.type == "cross_entropy");
    BOOST_TEST(settings.losses[0].weight.value == 1.0);
    const AdversarySettings adversary;
    BOOST_TEST(adversary.objective.type == "expected_probability");
    BOOST_TEST(adversary.lambda.value == 1.0);
    BOOST_TEST(adversary.discriminator_steps == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
