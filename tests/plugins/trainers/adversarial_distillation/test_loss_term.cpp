// SPDX-License-Identifier: Apache-2.0
#include "game.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <plugins/trainers/adversarial_distillation/loss_term.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_loss_term)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::LossParts;
using trainer_adversarial_distillation::LossTerm;

namespace {

LossTerm make_term(sdk::Loss::On on) {
    LossParts parts;
    parts.name = "squares";
    parts.weight = sdk::Schedule(sdk::Schedule::Shape::linear, 4.0, 0.0);
    parts.loss = std::make_unique<FakeLoss>(on);
    parts.tap = 1;
    LossTerm term(std::move(parts));
    term.prepare(23, 3, 3);
    return term;
}

/// A component that shows the state of a term, whose loss has some.
class Counting final : public sdk::Component {
  public:
    class Counter final : public sdk::Loss {
      public:
        [[nodiscard]] On on() const override { return On::labels; }

        double evaluate(const sdk::LossInput &, float, const sdk::LossGradient &, sdk::Progress) override {
            return 0.0;
        }

        void visit_state(sdk::StateVisitor &visitor) override { visitor.value("count", count); }

        std::uint64_t count = 5;
    };

    void visit_state(sdk::StateVisitor &visitor) override {
        LossParts parts;
        parts.name = "squares_2";
        parts.loss = std::make_unique<Counter>();
        LossTerm(std::move(parts)).visit_state(visitor);
    }
};

} // namespace

// Through the student's head, where the loss is on distributions, and the student; step 1e-2, tolerance 5e-3.
BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_the_weighted_loss) {
    for (const auto on : {sdk::Loss::On::labels, sdk::Loss::On::logits, sdk::Loss::On::distributions}) {
        BOOST_TEST_CONTEXT("loss on " << static_cast<int>(on)) {
            Game game(true);
            LossTerm term = make_term(on);
            sdk::TapGradient gradient{};
            const auto loss = [&] {
                gradient = term.evaluate(game.run(), {1, 4});
                return term.weighted_loss({1, 4});
            };
            loss();
            BOOST_TEST(gradient.tap == 1U);
            game.forward->backward({&gradient, 1});
            const std::vector<float> student = copy_of(game.stage.student.parameters().gradients);
            const std::vector<float> head = copy_of(game.student_head->parameters().gradients);
            check_gradient(loss, game.stage.student.parameters().values, student, 1e-2F, 5e-3);
            check_gradient(loss, game.student_head->parameters().values, head, 1e-2F, 5e-3);
            BOOST_TEST(largest(student) > 10 * 5e-3); // ten times the tolerance
            BOOST_TEST((on != sdk::Loss::On::distributions || largest(head) > 10 * 5e-3));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_evaluation_forgets_the_gradient_of_the_last) {
    for (const auto on : {sdk::Loss::On::labels, sdk::Loss::On::distributions}) {
        Game game;
        LossTerm term = make_term(on);
        const double once = sdk::norm(term.evaluate(game.run(), {1, 4}).gradient);
        BOOST_TEST(sdk::norm(term.evaluate(game.run(), {1, 4}).gradient) == once);
    }
}

BOOST_AUTO_TEST_CASE(the_report_is_the_loss_without_its_weight_and_the_gradient_with_it) {
    Game game;
    LossTerm term = make_term(sdk::Loss::On::labels);
    FakeMetrics early;
    FakeMetrics late;
    const double norm = sdk::norm(term.evaluate(game.run(), {0, 4}).gradient);
    term.report(early);
    BOOST_TEST(term.weighted_loss({0, 4}) == 4.0 * early["squares"]);
    BOOST_TEST(early["squares.gradient_norm"] == norm);
    BOOST_TEST(early.values.size() == 2U);
    (void)term.evaluate(game.run(), {2, 4}); // the weight has fallen to a half
    term.report(late);
    BOOST_TEST(late["squares"] == early["squares"]);
    BOOST_TEST(late["squares.gradient_norm"] == 0.5 * norm, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(state_stands_under_the_losss_name) {
    Counting counting;
    BOOST_TEST(State::of(counting).integers.at("losses.squares_2/count").at(0) == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
