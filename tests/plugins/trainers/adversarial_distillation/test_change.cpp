// SPDX-License-Identifier: Apache-2.0
#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <plugins/trainers/adversarial_distillation/change.hpp>
#include <string>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_change)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::check_changes;
using trainer_adversarial_distillation::Renewal;
using trainer_adversarial_distillation::renewal_of;

namespace {

/// A change of the rich stage after six of twelve steps.
struct Case {
    const char *name;
    std::function<void(Stage &)> before; ///< of the settings at the start
    std::function<void(Stage &)> change; ///< of those
    std::vector<std::string> pointers;
    std::vector<std::string> state; ///< prefixes of what the change alone makes anew
};

void unconditioned(Stage &stage) {
    for (AdversarySettings &adversary : stage.settings.adversaries)
        adversary.discriminator = fake_discriminator(false, &stage.discriminator);
}

void conditioned(Stage &stage) {
    stage.settings.adversaries[0].discriminator = fake_discriminator(true, &stage.discriminator);
}

void nothing(Stage &) {}

const std::vector<Case> cases{
    {"a discriminator of the same type",
     nothing,
     conditioned,
     {"/adversaries/0/discriminator/type"},
     {"adversaries.main.discriminator/", "adversaries.main.optimizer/", "alarms.adversaries.main."}},
    {"one that wants a condition, the first to do so",
     unconditioned,
     conditioned,
     {"/adversaries/0/discriminator/type"},
     {"adversaries.main.discriminator/", "adversaries.main.optimizer/", "alarms.adversaries.main.",
      "pairs.logits.condition/"}},
    {"one that wants none any more",
     nothing,
     unconditioned,
     {"/adversaries/0/discriminator/type", "/adversaries/1/discriminator/type"},
     {"adversaries.main.discriminator/", "adversaries.main.optimizer/", "alarms.adversaries.main.",
      "adversaries.second.discriminator/", "adversaries.second.optimizer/", "alarms.adversaries.second.",
      "pairs.logits.condition/"}},
    {"an objective that compares scores",
     nothing,
     [](Stage &stage) {
         stage.settings.adversaries[0].objective = fake_objective({2.0F, {}, {}, true});
     },
     {"/adversaries/0/objective/type"},
     {"alarms.adversaries.main."}},
    {"a discriminator's optimizer",
     nothing,
     [](Stage &stage) { stage.settings.adversaries[1].optimizer = fake_optimizer(0.02F); },
     {"/adversaries/1/optimizer/learning_rate"},
     {"adversaries.second.optimizer/"}},
    {"numbers",
     nothing,
     [](Stage &stage) {
         stage.settings.adversaries[0].lambda = 3.0;
         stage.settings.adversaries[0].discriminator_steps = 3;
         stage.settings.adversaries[0].fresh_batches = true;
         stage.settings.adversaries[0].balance = 0.5;
         stage.settings.adversaries[0].until_accuracy = 0.9;
         stage.settings.adversaries[0].class_weight = 0.5;
         stage.settings.losses[1].weight = 2.0;
     },
     {"/adversaries/0/lambda", "/adversaries/0/discriminator_steps", "/adversaries/0/fresh_batches",
      "/adversaries/0/balance", "/adversaries/0/until_accuracy", "/adversaries/0/class_weight", "/losses/1/weight"},
     {}},
    {"a discriminator of a balanced game",
     [](Stage &stage) { stage.settings.adversaries[0].balance = 0.5; },
     conditioned,
     {"/adversaries/0/discriminator/type"},
     {"adversaries.main.discriminator/", "adversaries.main.optimizer/", "alarms.adversaries.main.",
      "adversaries.main.balance."}},
};

bool is_among(const std::vector<std::string> &prefixes, const std::string &name) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string &prefix) { return name.starts_with(prefix); });
}

/// Only what the case names is another, or there in one of them only.
template <class Arrays> void check_rest(const Case &test, const Arrays &before, const Arrays &after) {
    for (const auto &[name, values] : before)
        if (!is_among(test.state, name))
            BOOST_TEST((after.count(name) == 1 && after.at(name) == values), name << " changed");
    for (const auto &[name, values] : after)
        BOOST_TEST((is_among(test.state, name) || before.count(name) == 1), name << " is new");
}

void make_change(Stage &stage, const Case &test) {
    test.change(stage);
    Distillation changed(stage.settings, stage.context());
    stage.trainer->change(changed, test.pointers, sdk::Random{77});
}

/// Six steps, the change, and six more if wanted.
void run_changed(Stage &stage, const Case &test, std::uint64_t steps) {
    make_rich(stage);
    test.before(stage);
    stage.run(6);
    make_change(stage, test);
    for (std::uint64_t k = 6; k < steps; ++k)
        stage.trainer->step(k, stage.metrics);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_may_change_is_said_by_its_pointer) {
    const std::vector<std::string> allowed{"/adversaries/0/discriminator/type",
                                           "/adversaries/1/discriminator/hidden",
                                           "/adversaries/0/objective/type",
                                           "/adversaries/0/optimizer/beta1",
                                           "/adversaries/0/lambda",
                                           "/adversaries/12/lambda/value",
                                           "/adversaries/0/class_weight",
                                           "/adversaries/0/balance",
                                           "/adversaries/0/discriminator_steps",
                                           "/adversaries/0/until_accuracy",
                                           "/adversaries/0/fresh_batches",
                                           "/losses/0/weight",
                                           "/losses/1/weight/final"};
    FakeProblems problems;
    check_changes(allowed, problems);
    BOOST_TEST(problems.items.empty());
    const std::vector<std::string> refused{"/adversaries",
                                           "/adversaries/0",
                                           "/adversaries/0/pair",
                                           "/adversaries/0/name",
                                           "/losses",
                                           "/losses/0/type",
                                           "/losses/0/pair",
                                           "/optimizer/learning_rate",
                                           "/epochs",
                                           "/pairs/logits/teacher_tap",
                                           "/pairs/0/lambda",
                                           "/adversaries/0/lambd",
                                           "/teacher",
                                           "/batch",
                                           "/losses/0/temperature"};
    check_changes(refused, problems);
    BOOST_TEST_REQUIRE(problems.items.size() == refused.size());
    for (std::size_t i = 0; i < refused.size(); ++i)
        BOOST_TEST(problems.items[i].first == refused[i]);
    BOOST_TEST(
        problems.items[0].second ==
        "cannot change while the stage runs; allowed: an adversary's discriminator, objective, optimizer, "
        "lambda, class_weight, balance, discriminator_steps, until_accuracy and fresh_batches, and the weight of "
        "a loss");
}

BOOST_AUTO_TEST_CASE(what_is_made_anew_follows_from_the_pointers) {
    const std::vector<std::string> settings{"/adversaries/1/discriminator/type", "/adversaries/10/objective/type",
                                            "/adversaries/0/optimizer/type"};
    const auto is = [&](std::size_t index, Renewal wanted) {
        const Renewal found = renewal_of(settings, index);
        BOOST_TEST(found.discriminator == wanted.discriminator);
        BOOST_TEST(found.objective == wanted.objective);
        BOOST_TEST(found.optimizer == wanted.optimizer);
    };
    is(0, {false, false, true});
    is(1, {true, false, false});
    is(10, {false, true, false});
    is(2, {});
}

BOOST_AUTO_TEST_CASE(a_change_leaves_all_that_it_does_not_name) {
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.name) {
            Stage stage;
            make_rich(stage);
            test.before(stage);
            stage.run(6);
            const State before = State::of(*stage.trainer);
            const State student = State::of(stage.student);
            const State teacher = State::of(stage.teacher);
            make_change(stage, test);
            const State after = State::of(*stage.trainer);
            BOOST_TEST((State::of(stage.student) == student));
            BOOST_TEST((State::of(stage.teacher) == teacher));
            check_rest(test, before.floats, after.floats);
            check_rest(test, before.integers, after.integers);
            check_rest(test, before.doubles, after.doubles);
            BOOST_TEST(stage.surroundings.problems.items.empty());
        }
}

BOOST_AUTO_TEST_CASE(a_change_has_an_effect_from_the_next_step_on) {
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.name) {
            Stage changed;
            Stage unchanged;
            run_changed(changed, test, 12);
            make_rich(unchanged);
            test.before(unchanged);
            unchanged.run(12);
            BOOST_TEST(changed.student_values() != unchanged.student_values());
        }
}

BOOST_AUTO_TEST_CASE(a_changed_stage_is_restored_into_a_trainer_of_the_changed_settings) {
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.name) {
            Stage whole;
            Stage first;
            Stage resumed;
            run_changed(whole, test, 12);
            run_changed(first, test, 8);
            State state = State::of(*first.trainer);
            State student = State::of(first.student);
            make_rich(resumed);
            test.before(resumed);
            test.change(resumed);
            resumed.build();
            student.restore(resumed.student);
            state.restore(*resumed.trainer);
            resumed.trainer->prepare(true);
            for (std::uint64_t k = 8; k < 12; ++k)
                resumed.trainer->step(k, resumed.metrics);
            BOOST_TEST(resumed.student_values() == whole.student_values());
            BOOST_TEST((State::of(*resumed.trainer) == State::of(*whole.trainer)));
            BOOST_TEST((resumed.metrics.values == whole.metrics.values));
        }
}

BOOST_AUTO_TEST_CASE(a_new_discriminator_begins_with_weights_of_its_own) {
    Stage stage;
    make_rich(stage);
    stage.start();
    const State start = State::of(*stage.trainer);
    make_change(stage, cases[0]);
    const State after = State::of(*stage.trainer);
    const std::string name = "adversaries.main.discriminator/parameters";
    BOOST_TEST(after.floats.at(name) != start.floats.at(name));

    Stage other;
    make_rich(other);
    other.start();
    cases[0].change(other);
    Distillation changed(other.settings, other.context());
    other.trainer->change(changed, cases[0].pointers, sdk::Random{78}); // after another epoch
    BOOST_TEST(State::of(*other.trainer).floats.at(name) != after.floats.at(name));
}

BOOST_AUTO_TEST_CASE(an_optimizer_that_begins_afresh_is_told_how_many_examples_there_are) {
    Stage stage;
    make_rich(stage);
    stage.run(3);
    FakeOptimizer *optimizer = nullptr; // the last that was made: the one that takes the place
    stage.settings.adversaries[1].optimizer = fake_optimizer(0.02F, &optimizer);
    Distillation changed(stage.settings, stage.context());
    stage.trainer->change(changed, std::vector<std::string>{"/adversaries/1/optimizer/learning_rate"}, {});
    stage.trainer->step(3, stage.metrics);
    BOOST_TEST(optimizer->steps == 2U);
    BOOST_TEST(optimizer->examples == 23U);
}

BOOST_AUTO_TEST_CASE(a_condition_comes_and_goes_and_is_fitted_once_each_time) {
    Stage stage;
    make_rich(stage);
    unconditioned(stage);
    stage.run(3);
    const Case &on = cases[1];
    const Case &off = cases[2];
    for (int round = 0; round < 2; ++round) {
        make_change(stage, on);
        BOOST_TEST(stage.condition_head->rows_seen == 23U);
        stage.trainer->step(3, stage.metrics);
        make_change(stage, off);
        stage.trainer->step(4, stage.metrics);
    }
}

BOOST_AUTO_TEST_CASE(a_change_that_throws_leaves_no_trace) {
    for (const Case &test : cases)
        for (const std::uint64_t call : {1U, 2U, 3U}) // initialise, and either make_pass
            BOOST_TEST_CONTEXT(test.name << ", call " << call) {
                Stage refused;
                Stage unchanged;
                for (Stage *stage : {&refused, &unchanged}) {
                    make_rich(*stage);
                    test.before(*stage);
                    stage->run(6);
                }
                test.change(refused); // and the other discriminator, which is the last to be made anew
                refused.settings.adversaries[1].discriminator = fake_discriminator(false, &refused.discriminator);
                {
                    Distillation changed(refused.settings, refused.context());
                    refused.discriminator->throws_in = call;
                    std::vector<std::string> pointers = test.pointers;
                    pointers.emplace_back("/adversaries/1/discriminator/type");
                    BOOST_CHECK_EXCEPTION(refused.trainer->change(changed, pointers, sdk::Random{77}), sdk::Error,
                                          [](const sdk::Error &error) {
                                              return error.pointer() == "/adversaries/1/discriminator" &&
                                                     std::string(error.what()) == "the motor is stuck";
                                          });
                }
                for (std::uint64_t k = 6; k < 12; ++k)
                    for (Stage *stage : {&refused, &unchanged})
                        stage->trainer->step(k, stage->metrics);
                BOOST_TEST(refused.student_values() == unchanged.student_values());
                BOOST_TEST((State::of(*refused.trainer) == State::of(*unchanged.trainer)));
                BOOST_TEST((refused.metrics.values == unchanged.metrics.values));
            }
}

BOOST_AUTO_TEST_CASE(a_cancelled_change_returns) {
    Stage stage;
    make_rich(stage);
    unconditioned(stage);
    stage.run(3);
    stage.surroundings.services.cancel = true;
    make_change(stage, cases[1]);
}

BOOST_AUTO_TEST_SUITE_END()
