// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <plugins/objectives/as_printed.hpp>
#include <plugins/objectives/logistic.hpp>
#include <plugins/objectives/raw.hpp>
#include <plugins/objectives/wasserstein.hpp>
#include <string_view>
#include <support/context.hpp>

namespace retort::test {

/// Makes objectives that judge every score by itself, by name, with default settings (and `as_printed` acknowledged).
class Games {
  public:
    static constexpr std::array<std::string_view, 7> names{
        "expected_probability", "as_printed", "minimax", "non_saturating", "least_squares", "hinge", "wasserstein"};

    [[nodiscard]] std::unique_ptr<sdk::Objective> make(std::string_view name) {
        using namespace objectives;
        const sdk::ObjectiveContext context{surroundings.context()};
        if (name == "expected_probability")
            return std::make_unique<ExpectedProbability>(LogisticSettings{}, context);
        if (name == "as_printed")
            return std::make_unique<AsPrinted>(AsPrinted::Settings{true}, context);
        if (name == "minimax")
            return std::make_unique<Minimax>(LogisticSettings{}, context);
        if (name == "non_saturating")
            return std::make_unique<NonSaturating>(LogisticSettings{}, context);
        if (name == "least_squares")
            return std::make_unique<LeastSquares>(RawSettings{}, context);
        if (name == "hinge")
            return std::make_unique<Hinge>(RawSettings{}, context);
        return std::make_unique<Wasserstein>(Wasserstein::Settings{}, context);
    }

    Surroundings surroundings;
};

/// The student's loss at one score, and its slope there.
struct StudentLoss {
    double value = 0.0;
    float slope = 0.0F;
};

inline StudentLoss student_loss(sdk::Objective &objective, float score) {
    StudentLoss result;
    result.value = objective.student_loss({}, {&score, 1}, 1.0F, {&result.slope, 1}, {});
    return result;
}

/// The discriminator's loss at one score of each side, and its slopes.
struct DiscriminatorLoss {
    double value = 0.0;
    float teacher_slope = 0.0F;
    float student_slope = 0.0F;
};

inline DiscriminatorLoss discriminator_loss(sdk::Objective &objective, float teacher_score, float student_score) {
    DiscriminatorLoss result;
    result.value = objective.discriminator_loss({&teacher_score, 1}, {&student_score, 1}, {&result.teacher_slope, 1},
                                                {&result.student_slope, 1}, {});
    return result;
}

} // namespace retort::test
