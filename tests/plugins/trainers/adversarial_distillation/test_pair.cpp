// SPDX-License-Identifier: Apache-2.0
#include "game.hpp"
#include "mistakes.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_pair)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::build_pair;
using trainer_adversarial_distillation::Pair;
using trainer_adversarial_distillation::PairPass;

namespace {

/// A head that cannot be made of its settings.
sdk::ComponentSpec<sdk::Head> refusing_head() {
    return spec<sdk::Head>("refusing", [](const sdk::HeadContext &) -> std::unique_ptr<sdk::Head> {
        throw sdk::Error(sdk::ErrorKind::settings, "2 is odd; allowed: even numbers", "/pairs/logits/student_head/n");
    });
}

const Mistake mistakes[] = {
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
};

} // namespace

BOOST_AUTO_TEST_CASE(every_mistake_is_reported_with_its_pointer_and_nothing_is_computed) {
    check_mistakes(mistakes);
}

BOOST_AUTO_TEST_CASE(a_pair_finds_its_taps_and_sizes_its_heads) {
    Stage stage;
    PairSettings settings = Stage::pair();
    settings.teacher_tap = settings.student_tap = "hidden.0";
    settings.condition.emplace();
    settings.condition->tap = "logits";
    settings.condition->head = fake_head();
    const Pair pair = build_pair("p", settings, stage.teacher, stage.student, stage.context());
    BOOST_TEST(pair.name == "p");
    BOOST_TEST(pair.teacher_tap == 0U);
    BOOST_TEST(pair.student_tap == 0U);
    BOOST_TEST(pair.condition_tap == 1U);
    BOOST_TEST(pair.whole());
    BOOST_TEST(pair.teacher_head->space().width == 5U);
    BOOST_TEST(pair.student_head->space().width == 5U); // the teacher's, not its tap's
    BOOST_TEST(pair.condition_width() == 3U);
    BOOST_TEST(pair.trains_head()); // 2 wide to 5
    BOOST_TEST(!pair.used);
    BOOST_TEST(!pair.conditioned);
}

BOOST_AUTO_TEST_CASE(a_pair_is_whole_when_all_that_the_settings_ask_for_is_there) {
    for (int has = 0; has < 16; ++has) {
        test::Surroundings surroundings;
        const auto head = [&](int bit) -> std::unique_ptr<sdk::Head> {
            if ((has & bit) == 0)
                return nullptr;
            return std::make_unique<FakeHead>(FakeHead::Options{}, sdk::HeadContext{surroundings.context(), 3});
        };
        Pair pair;
        pair.teacher_head = head(1);
        pair.student_head = head(2);
        pair.condition_head = head(4);
        pair.wants_condition = (has & 8) != 0;
        BOOST_TEST(pair.whole() == ((has & 3) == 3 && (has & 12) != 8), has);
        BOOST_TEST(pair.condition_width() == ((has & 4) != 0 ? 3U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(the_gradients_of_a_head_are_summed_over_the_backwards_of_one_forward) {
    Game game(true);
    sdk::MatrixBuffer tap_gradient(23, 3);
    const sdk::MatrixBuffer ones(23, 3);
    std::fill_n(ones.view().data, 69, 1.0F);
    const sdk::HeadGradient gradient{ones.view(), {}, {}};
    PairPass &pass = game.run().pair(0);
    pass.backward(gradient, tap_gradient.view());
    const std::vector<float> once = copy_of(game.student_head->parameters().gradients);
    pass.backward(gradient, tap_gradient.view());
    const std::vector<float> twice = copy_of(game.student_head->parameters().gradients);
    game.run().pair(0).backward(gradient, tap_gradient.view()); // a new forward: nothing is left of the last
    BOOST_TEST(copy_of(game.student_head->parameters().gradients) == once, boost::test_tools::per_element());
    BOOST_TEST(once[0] != 0.0F);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(std::abs(twice[i] - 2.0F * once[i]) <= 1e-4F);
}

BOOST_AUTO_TEST_SUITE_END()
