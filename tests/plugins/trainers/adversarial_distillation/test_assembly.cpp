// SPDX-License-Identifier: Apache-2.0
#include "mistakes.hpp"

#include <boost/test/unit_test.hpp>

#include <plugins/trainers/adversarial_distillation/assembly.hpp>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_assembly)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::Assembly;

namespace {

const Mistake mistakes[] = {
    {"nothing", [](Stage &) {}, {}, ""},
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
    {"an objective with a penalty, and a discriminator without a second derivative",
     [](Stage &stage) {
         adversary_of(stage).objective = fake_objective({1.0F, {}, sdk::Objective::Penalty::between, false});
     },
     {"/adversaries/0/objective"},
     "wants a gradient penalty, and the discriminator \"linear\" is not twice differentiable"},
    {"a balance without a loss at its tap",
     [](Stage &stage) {
         pair_of(stage).student_tap = "hidden.0"; // 2 wide; the losses are on the logits
         pair_of(stage).student_head = fake_head({3, false, false});
         adversary_of(stage).balance = 0.5;
     },
     {"/adversaries/0/balance"},
     "no loss at the student's tap \"hidden.0\""},
    {"an objective that compares the scores of a batch that replicas share",
     [](Stage &stage) {
         stage.surroundings.services.replica_count = 2;
         adversary_of(stage).objective = fake_objective({1.0F, {}, {}, true});
     },
     {"/adversaries/0/objective"},
     "compares the scores of a batch, of which a replica has a share only"},
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
    {"several mistakes at once, whatever they hide",
     [](Stage &stage) {
         pair_of(stage).teacher_tap = "x";
         adversary_of(stage).name = "";
         stage.settings.losses.push_back({fake_loss(sdk::Loss::On::labels), 1.0, "y"});
     },
     {"/pairs/logits/teacher_tap", "/adversaries/0/name", "/losses/1/pair"},
     "there is no tap \"x\""},
};

Assembly assembled(Stage &stage) {
    return assemble(stage.settings, stage.teacher, stage.student, stage.data, stage.context());
}

} // namespace

BOOST_AUTO_TEST_CASE(every_mistake_is_reported_with_its_pointer_and_nothing_is_computed) {
    check_mistakes(mistakes);
}

BOOST_AUTO_TEST_CASE(parts_stand_in_the_order_of_the_settings_and_know_their_pair_and_tap) {
    Stage stage;
    make_rich(stage);
    stage.settings.adversaries[1].pair = "hidden";
    Assembly parts = assembled(stage);
    BOOST_TEST(stage.surroundings.problems.items.empty());
    BOOST_TEST_REQUIRE(parts.pairs.size() == 2U);
    BOOST_TEST(parts.pairs[0].name == "logits");
    BOOST_TEST(parts.pairs[1].name == "hidden");
    BOOST_TEST_REQUIRE(parts.adversaries.size() == 2U);
    BOOST_TEST(parts.adversaries[0].parts().name == "main");
    BOOST_TEST(parts.adversaries[0].parts().student_tap == 1U);
    BOOST_TEST(parts.adversaries[1].parts().pair == 1U);
    BOOST_TEST(parts.adversaries[1].parts().student_tap == 0U);
    BOOST_TEST(parts.adversaries[1].parts().discriminator_steps == 2U);
    BOOST_TEST(parts.adversaries[1].parts().fresh_batches);
    BOOST_TEST_REQUIRE(parts.losses.size() == 3U);
    BOOST_TEST(parts.losses[1].parts().tap == 1U); // on logits
    BOOST_TEST(parts.losses[2].parts().tap == 0U); // of its pair
    BOOST_TEST(parts.losses[2].parts().pair == 1U);
}

BOOST_AUTO_TEST_CASE(losses_of_one_type_have_names_of_their_own) {
    Stage stage;
    stage.settings.losses.assign(3, stage.settings.losses[0]);
    stage.settings.losses.back().loss.type = "loss"; // the sum's own name
    Assembly parts = assembled(stage);
    BOOST_TEST(parts.losses[0].parts().name == "squares");
    BOOST_TEST(parts.losses[1].parts().name == "squares_2");
    BOOST_TEST(parts.losses[2].parts().name == "loss_2");
}

BOOST_AUTO_TEST_CASE(a_pair_is_used_by_an_adversary_or_a_loss_and_conditioned_by_who_needs_it) {
    Stage stage;
    stage.add_condition();
    stage.settings.pairs.items.emplace_back("spare", Stage::pair());
    BOOST_TEST(!assembled(stage).pairs[1].used);
    BOOST_TEST(assembled(stage).pairs[0].conditioned);
    stage.settings.losses.push_back({fake_loss(sdk::Loss::On::distributions), 1.0, "spare"});
    stage.settings.adversaries[0].discriminator = fake_discriminator(false);
    const Assembly parts = assembled(stage);
    BOOST_TEST(parts.pairs[0].used);
    BOOST_TEST(!parts.pairs[0].conditioned);
    BOOST_TEST(parts.pairs[1].used);
}

// A discriminator is swapped by one word: what only another can use is told and ignored.
BOOST_AUTO_TEST_CASE(a_class_weight_without_class_logits_is_warned_of) {
    for (const double weight : {1.0, 0.5}) {
        Stage stage;
        stage.settings.adversaries[0].class_weight = weight;
        assembled(stage);
        BOOST_TEST(stage.surroundings.problems.items.empty());
        BOOST_TEST(stage.surroundings.services.warnings.size() == (weight == 1.0 ? 0U : 1U));
        for (const std::string &warning : stage.surroundings.services.warnings)
            BOOST_TEST(warning == "/adversaries/0/class_weight is ignored: the discriminator \"linear\" gives no class "
                                  "logits");
    }
}

BOOST_AUTO_TEST_SUITE_END()
