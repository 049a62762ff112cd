// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fake objectives, losses and optimizers.

#include <retort/sdk/sdk.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace retort::test {

/// Discriminator: sign * (-E log D(t) - E log(1 - D(s))); student: sign_student * (-E D(s)).
class FakeObjective final : public sdk::Objective {
  public:
    struct Options {
        float student_sign = 1.0F;
        Score score = Score::logit;
        Penalty penalty = Penalty::none;
        bool compares = false;
        double rest = 0.5;  ///< its equilibrium
        double least = 0.0; ///< of the discriminator's loss
    };

    explicit FakeObjective(Options options) : options_(options) {}

    [[nodiscard]] Score score() const override { return options_.score; }

    [[nodiscard]] double equilibrium() const override { return options_.rest; }

    [[nodiscard]] double least_loss() const override { return options_.least; }

    [[nodiscard]] Penalty penalty_at() const override { return options_.penalty; }

    [[nodiscard]] bool compares_scores() const override { return options_.compares; }

    double discriminator_loss(std::span<const float> t, std::span<const float> s, std::span<float> t_gradient,
                              std::span<float> s_gradient, sdk::Progress) override {
        double loss = 0.0;
        const auto count = static_cast<float>(t.size());
        for (std::size_t i = 0; i < t.size(); ++i) {
            loss -= std::log(sigmoid(t[i])) + std::log(1.0F - sigmoid(s[i]));
            t_gradient[i] = -(1.0F - sigmoid(t[i])) / count;
            s_gradient[i] = sigmoid(s[i]) / count;
        }
        return loss / static_cast<double>(t.size());
    }

    double student_loss(std::span<const float> t, std::span<const float> s, float scale, std::span<float> s_gradient,
                        sdk::Progress) override {
        teacher_scores = t.size();
        double loss = 0.0;
        for (std::size_t i = 0; i < s.size(); ++i) {
            const float d = sigmoid(options_.compares ? s[i] - t[i] : s[i]);
            loss -= static_cast<double>(options_.student_sign * d);
            s_gradient[i] = -options_.student_sign * scale * d * (1.0F - d) / static_cast<float>(s.size());
        }
        return loss / static_cast<double>(s.size());
    }

    std::size_t teacher_scores = 0; ///< how many the last student_loss was given

  private:
    static float sigmoid(float a) { return 1.0F / (1.0F + std::exp(-a)); }

    Options options_;
};

/// Half the mean squared distance: of the logits from the one-hot label (rows without one count as right), from the
/// teacher's, or of the locations.
class FakeLoss final : public sdk::Loss {
  public:
    explicit FakeLoss(On kind) : kind_(kind) {}

    [[nodiscard]] On on() const override { return kind_; }

    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress) override {
        if (kind_ == On::distributions)
            return distance(input.q_student.parameters[0], input.q_teacher.parameters[0], {}, scale,
                            gradient.q_student[0]);
        return distance(input.student, kind_ == On::logits ? input.teacher : sdk::ConstMatrix{}, input.labels, scale,
                        gradient.student);
    }

  private:
    static double distance(sdk::ConstMatrix from, sdk::ConstMatrix to, std::span<const std::int32_t> labels,
                           float scale, sdk::Matrix gradient) {
        double sum = 0.0;
        const auto rows = static_cast<float>(from.rows);
        for (std::size_t r = 0; r < from.rows; ++r) {
            if (!labels.empty() && labels[r] == sdk::unlabelled && to.empty())
                continue;
            for (std::size_t c = 0; c < from.columns; ++c) {
                const float one_hot = !labels.empty() && labels[r] == static_cast<std::int32_t>(c) ? 1.0F : 0.0F;
                const float difference = from.row(r)[c] - (to.empty() ? one_hot : to.row(r)[c]);
                sum += 0.5 * static_cast<double>(difference * difference);
                gradient.row(r)[c] += scale * difference / rows;
            }
        }
        return sum / static_cast<double>(rows);
    }

    On kind_;
};

/// values -= rate * gradients; counts its steps as state.
class FakeOptimizer final : public sdk::Optimizer {
  public:
    explicit FakeOptimizer(float rate) : rate_(rate) {}

    void attach(std::span<const sdk::Parameters> parameters) override {
        attached.assign(parameters.begin(), parameters.end());
    }

    void step(sdk::Progress, sdk::Random) override {
        ++steps;
        for (const sdk::Parameters &arena : attached)
            for (std::size_t i = 0; i < arena.values.size(); ++i)
                arena.values[i] -= rate_ * arena.gradients[i];
    }

    void visit_state(sdk::StateVisitor &visitor) override { visitor.value("steps", steps); }

    std::vector<sdk::Parameters> attached;
    std::uint64_t steps = 0;
    std::uint64_t examples = 0; ///< that its context told

  private:
    float rate_;
};

} // namespace retort::test
