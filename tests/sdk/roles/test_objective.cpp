// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/objective.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <support/state.hpp>

BOOST_AUTO_TEST_SUITE(test_objective)

using namespace retort;
using namespace retort::sdk;

namespace {

/// As little as a game must say.
class Truce final : public Objective {
  public:
    [[nodiscard]] Score score() const override { return Score::logit; }

    double discriminator_loss(std::span<const float>, std::span<const float>, std::span<float>, std::span<float>,
                              Progress) override {
        return 0.0;
    }

    double student_loss(std::span<const float>, std::span<const float>, float, std::span<float>, Progress) override {
        return 0.0;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_game_is_the_papers_unless_it_says_otherwise) {
    Truce truce;
    Objective &objective = truce;
    BOOST_TEST(Objective::role == "objective");
    BOOST_TEST(objective.equilibrium() == 0.5); // the line of figure 1
    BOOST_TEST(objective.least_loss() == 0.0);
    BOOST_TEST((objective.penalty_at() == Objective::Penalty::none));
    BOOST_TEST(!objective.compares_scores());
    BOOST_TEST((test::State::of(objective) == test::State{}));
}

BOOST_AUTO_TEST_CASE(without_a_penalty_its_loss_is_0_and_its_gradient_is_left_alone) {
    Truce truce;
    std::array<float, 2> gradient{3.0F, -4.0F};
    BOOST_TEST(truce.penalty(std::array{1.0F, 2.0F}, gradient, {}) == 0.0);
    BOOST_TEST(gradient[0] == 3.0F);
    BOOST_TEST(gradient[1] == -4.0F);
}

BOOST_AUTO_TEST_SUITE_END()
