// SPDX-License-Identifier: Apache-2.0
#include "game.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <memory>
#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <string>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_adversary)

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::Adversary;
using trainer_adversarial_distillation::AdversaryParts;

namespace {

/// A linear discriminator that plays on the only pair of a Game.
struct Match : Game {
    explicit Match(float rate = 0.1F, FakeObjective::Options options = {}, bool trained_head = false)
        : Game(trained_head) {
        AdversaryParts parts;
        parts.name = "main";
        parts.student_tap = 1;
        parts.lambda = sdk::Schedule(sdk::Schedule::Shape::linear, 4.0, 0.0);
        auto made = std::make_unique<FakeDiscriminator>(
            false, sdk::DiscriminatorContext{stage.surroundings.context(), {sdk::Space::Kind::real, 3}});
        discriminator = made.get();
        parts.discriminator = std::move(made);
        parts.objective = std::make_unique<FakeObjective>(options);
        parts.optimizer = std::make_unique<FakeOptimizer>(rate);
        adversary.emplace(std::move(parts));
        adversary->prepare(23, 0, 3, true, sdk::Random{1});
    }

    void learn() { adversary->learn(run(), {0, 4}, sdk::Random{2}, stage.surroundings.services); }

    [[nodiscard]] double score(std::span<const float> z) const {
        double sum = 0.0;
        for (std::size_t c = 0; c < 3; ++c)
            sum += static_cast<double>(discriminator->parameters().values[c] * z[c]);
        return sum;
    }

    /// Mean of D over the rows of z, or of the score.
    [[nodiscard]] double mean(sdk::ConstMatrix z, bool logit) const {
        double sum = 0.0;
        for (std::size_t r = 0; r < z.rows; ++r)
            sum += logit ? 1.0 / (1.0 + std::exp(-score(z.row(r)))) : score(z.row(r));
        return sum / static_cast<double>(z.rows);
    }

    FakeMetrics &reported() {
        adversary->report(stage.metrics);
        return stage.metrics;
    }

    FakeDiscriminator *discriminator = nullptr;
    std::optional<Adversary> adversary;
};

/// Shows the state of an adversary as a component's.
class Shown final : public sdk::Component {
  public:
    explicit Shown(Adversary &adversary) : adversary_(adversary) {}

    void visit_state(sdk::StateVisitor &visitor) override { adversary_.visit_state(visitor); }

  private:
    Adversary &adversary_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_discriminator_step_descends_its_loss_and_touches_nothing_else) {
    Match match;
    match.learn();
    const double first = match.reported()["main.discriminator_loss"];
    const std::vector<float> student = match.stage.student_values();
    for (int round = 0; round < 20; ++round)
        match.learn();
    BOOST_TEST(match.reported()["main.discriminator_loss"] < first);
    BOOST_TEST(match.discriminator->steps == 21U);
    BOOST_TEST(match.stage.student_values() == student);
    for (const float gradient : match.stage.student.parameters().gradients)
        BOOST_TEST(gradient == 0.0F);
}

BOOST_AUTO_TEST_CASE(means_are_of_d_or_of_the_raw_score_before_the_update) {
    for (const auto score : {sdk::Objective::Score::logit, sdk::Objective::Score::raw}) {
        Match match(0.1F, {1.0F, score, {}, false});
        const bool logit = score == sdk::Objective::Score::logit;
        match.run();
        const double teacher = match.mean(match.forward->pair(0).teacher().distribution().parameters[0], logit);
        const double student = match.mean(match.forward->pair(0).student().distribution().parameters[0], logit);
        match.learn();
        BOOST_TEST(match.reported()["main.d_teacher"] == teacher, boost::test_tools::tolerance(1e-5));
        BOOST_TEST(match.reported()["main.d_student"] == student, boost::test_tools::tolerance(1e-5));
        BOOST_TEST(match.reported()["main.equilibrium"] == 0.5);
        BOOST_TEST(match.reported().values.size() == 13U);
    }
}

BOOST_AUTO_TEST_CASE(scores_are_compared_with_the_teachers_of_the_same_examples) {
    Match match(0.1F, {1.0F, {}, {}, true});
    match.run();
    const sdk::ConstMatrix t = match.forward->pair(0).teacher().distribution().parameters[0];
    const sdk::ConstMatrix s = match.forward->pair(0).student().distribution().parameters[0];
    double expected = 0.0;
    for (std::size_t r = 0; r < s.rows; ++r)
        expected -= 1.0 / (1.0 + std::exp(match.score(t.row(r)) - match.score(s.row(r)))) / static_cast<double>(s.rows);
    static_cast<void>(match.adversary->fool(match.run(), {1, 4}, sdk::Random{3}, match.stage.surroundings.services));
    BOOST_TEST(match.reported()["main.student_loss"] == expected, boost::test_tools::tolerance(1e-5));
}

// Through the student's head and the student, against differences of lambda times the loss: step 1e-2, tolerance 5e-3.
BOOST_AUTO_TEST_CASE(fooling_gives_the_gradient_of_the_weighted_loss_and_leaves_theta_alone) {
    for (const bool compares : {false, true}) {
        Match match(0.1F, {1.0F, {}, {}, compares}, true);
        match.learn();
        const std::vector<float> theta = copy_of(match.discriminator->parameters().values);
        const std::vector<float> theta_gradient = copy_of(match.discriminator->parameters().gradients);
        sdk::TapGradient gradient{};
        const auto loss = [&] {
            gradient = match.adversary->fool(match.run(), {1, 4}, sdk::Random{3}, match.stage.surroundings.services);
            return match.adversary->weighted_loss({1, 4});
        };
        loss();
        BOOST_TEST(match.adversary->weighted_loss({1, 4}) == 3.0 * match.reported()["main.student_loss"],
                   boost::test_tools::tolerance(1e-12));
        BOOST_TEST(gradient.tap == 1U);
        BOOST_TEST(match.reported()["main.gradient_norm"] == sdk::norm(gradient.gradient));
        match.forward->backward({&gradient, 1});
        for (sdk::Trainable *trained :
             {static_cast<sdk::Trainable *>(&match.stage.student), static_cast<sdk::Trainable *>(match.student_head)}) {
            const std::vector<float> expected = copy_of(trained->parameters().gradients);
            check_gradient(loss, trained->parameters().values, expected, 1e-2F, 5e-3);
            BOOST_TEST(largest(expected) > 10 * 5e-3); // ten times the tolerance
        }
        BOOST_TEST(copy_of(match.discriminator->parameters().values) == theta);
        BOOST_TEST(copy_of(match.discriminator->parameters().gradients) == theta_gradient);
    }
}

BOOST_AUTO_TEST_CASE(a_round_is_played_and_fresh_as_the_settings_say) {
    for (const bool fresh : {false, true}) {
        Match match;
        AdversaryParts parts;
        parts.discriminator_steps = 2;
        parts.fresh_batches = fresh;
        parts.discriminator = std::make_unique<FakeDiscriminator>(
            false, sdk::DiscriminatorContext{match.stage.surroundings.context(), {sdk::Space::Kind::real, 3}});
        parts.objective = std::make_unique<FakeObjective>(FakeObjective::Options{});
        parts.optimizer = std::make_unique<FakeOptimizer>(0.1F);
        const Adversary adversary(std::move(parts));
        const bool plays[] = {true, true, false};
        const bool takes_fresh[] = {false, fresh, false}; // the first is on the student's batch
        for (std::uint64_t round = 0; round < 3; ++round) {
            BOOST_TEST(adversary.plays(round) == plays[round]);
            BOOST_TEST(adversary.wants_fresh(round) == takes_fresh[round]);
        }
    }
}

BOOST_AUTO_TEST_CASE(state_stands_under_the_adversarys_name) {
    Match match;
    match.learn();
    Shown shown(*match.adversary);
    const State state = State::of(shown);
    BOOST_TEST(state.floats.contains("adversaries.main.discriminator/parameters"));
    BOOST_TEST(state.integers.at("adversaries.main.optimizer/steps").at(0) == 1U);
}

BOOST_AUTO_TEST_CASE(only_a_first_preparation_draws_weights) {
    Match match;
    const std::vector<float> drawn = copy_of(match.discriminator->parameters().values);
    match.adversary->prepare(23, 0, 3, false, sdk::Random{2});
    BOOST_TEST(copy_of(match.discriminator->parameters().values) == drawn);
    match.adversary->prepare(23, 0, 3, true, sdk::Random{2});
    BOOST_TEST(copy_of(match.discriminator->parameters().values) != drawn);
}

BOOST_AUTO_TEST_CASE(lambda_scales_the_adversarys_gradient) {
    Stage one;
    Stage three;
    three.settings.adversaries[0].lambda = 3.0;
    one.run(1);
    three.run(1);
    BOOST_TEST(three.metrics["main.gradient_norm"] == 3.0 * one.metrics["main.gradient_norm"],
               boost::test_tools::tolerance(1e-6));
    BOOST_TEST(three.metrics["main.student_loss"] == one.metrics["main.student_loss"]);
    BOOST_TEST(three.metrics["squares.gradient_norm"] == one.metrics["squares.gradient_norm"]);
}

BOOST_AUTO_TEST_CASE(an_objective_that_compares_scores_is_given_the_teachers) {
    for (const bool compares : {false, true}) {
        Stage stage;
        stage.settings.adversaries[0].objective =
            fake_objective({1.0F, sdk::Objective::Score::raw, {}, compares}, &stage.objective);
        stage.run(3); // the last batch is short: 3 rows
        BOOST_TEST(stage.objective->teacher_scores == (compares ? 3U : 0U));
    }
}

BOOST_AUTO_TEST_SUITE_END()
