// SPDX-License-Identifier: Apache-2.0
// Every game on a line: the teacher's samples are those of N(0, 1), the student's the same moved by m, D is
// a(z) = w z + b. With D at rest where its loss and penalty are least, one step of the student moves m towards 0.
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <plugins/objectives/relativistic.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test_signs {

using namespace retort;

const std::vector<float> teacher{-1.9F, -1.3F, -0.9F, -0.6F, -0.3F, 0.0F, 0.3F, 0.6F, 0.9F, 1.3F, 1.9F};

struct Line {
    Line(sdk::Objective &objective, float mean) : game(objective), student(teacher) {
        for (float &z : student)
            z += mean;
    }

    [[nodiscard]] std::vector<float> scores(const std::vector<float> &samples) const {
        std::vector<float> result;
        for (const float z : samples)
            result.push_back(slope * z + level);
        return result;
    }

    /// One step of D down its loss and its penalty.
    void learn(float rate) {
        std::vector<float> t_gradient(teacher.size()), s_gradient(teacher.size());
        game.discriminator_loss(scores(teacher), scores(student), t_gradient, s_gradient, {});
        float slope_gradient = 0.0F;
        float level_gradient = 0.0F;
        for (std::size_t i = 0; i < teacher.size(); ++i) {
            slope_gradient += t_gradient[i] * teacher[i] + s_gradient[i] * student[i];
            level_gradient += t_gradient[i] + s_gradient[i];
        }
        if (game.penalty_at() != sdk::Objective::Penalty::none) { // d a / d z is the slope, wherever it is taken
            const std::vector<float> norms(teacher.size(), slope * slope);
            std::vector<float> gradients(teacher.size());
            game.penalty(norms, gradients, {});
            for (const float gradient : gradients)
                slope_gradient += gradient * 2.0F * slope;
        }
        slope -= rate * slope_gradient;
        level -= rate * level_gradient;
    }

    /// d student's loss / d m, D held.
    [[nodiscard]] float fool() {
        std::vector<float> gradient(student.size());
        const std::vector<float> t = game.compares_scores() ? scores(teacher) : std::vector<float>();
        game.student_loss(t, scores(student), 1.0F, gradient, {});
        float sum = 0.0F;
        for (const float value : gradient)
            sum += value * slope;
        return sum;
    }

    sdk::Objective &game;
    std::vector<float> student;
    float slope = 0.0F; // the Wasserstein penalty would hold it on the side on which it begins
    float level = 0.0F;
};

/// By how much the student's step goes the right way: positive towards the teacher.
double approach(sdk::Objective &game, float mean, int steps = 4000) {
    Line line(game, mean);
    for (int step = 0; step < steps; ++step)
        line.learn(0.02F);
    return static_cast<double>(line.fool() * mean);
}

std::vector<std::pair<std::string, std::unique_ptr<sdk::Objective>>> all_games(test::Games &games) {
    std::vector<std::pair<std::string, std::unique_ptr<sdk::Objective>>> result;
    for (const std::string_view name : test::Games::names)
        if (name != "as_printed")
            result.emplace_back(name, games.make(name));
    const sdk::ObjectiveContext context{games.surroundings.context()};
    using objectives::Against;
    using objectives::Relativistic;
    result.emplace_back("relativistic, pairs",
                        std::make_unique<Relativistic>(Relativistic::Settings{Against::pairs, 0.0}, context));
    result.emplace_back("relativistic, means",
                        std::make_unique<Relativistic>(Relativistic::Settings{Against::means, 0.0}, context));
    result.emplace_back("with R1",
                        std::make_unique<objectives::NonSaturating>(objectives::LogisticSettings{1.0, 0.1}, context));
    result.emplace_back("with a smoothed target",
                        std::make_unique<objectives::NonSaturating>(objectives::LogisticSettings{0.9, 0.0}, context));
    return result;
}

} // namespace test_signs

BOOST_FIXTURE_TEST_SUITE(test_signs, test::Games)

BOOST_AUTO_TEST_CASE(the_student_moves_towards_the_teacher_while_d_is_at_its_optimum) {
    for (const auto &[name, game] : all_games(*this))
        for (const float mean : {-1.0F, -0.4F, 0.4F, 1.0F}) {
            BOOST_TEST(approach(*game, mean) > 1e-4, name << " at " << mean);
            Line line(*game, mean);
            for (int step = 0; step < 4000; ++step)
                line.learn(0.02F);
            BOOST_TEST(line.slope * mean < 0.0F, name << " at " << mean << ": D does not score the teacher higher");
        }
}

// A control: the game without its minus is told by this test.
BOOST_AUTO_TEST_CASE(the_printed_game_moves_it_away) {
    const auto game = make("as_printed");
    for (const float mean : {-1.0F, 1.0F})
        BOOST_TEST(approach(*game, mean, 20) < 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
