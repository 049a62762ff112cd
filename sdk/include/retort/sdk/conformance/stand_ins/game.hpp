// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/discriminator.hpp>
#include <retort/sdk/roles/objective.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

// What stands in for the two sides of a game.
namespace retort::sdk::conformance {

/// a = <w, z + noise> + <v, c>, with the condition c where there is one.
class StandInDiscriminator final : public Discriminator {
  public:
    explicit StandInDiscriminator(const DiscriminatorContext &context)
        : width_(context.space.width), condition_(context.condition_width) {
        arena_.add("weight", {1, width_}, true);
        if (condition_ > 0)
            arena_.add("condition", {1, condition_}, true);
        arena_.allocate();
    }

    Parameters parameters() override { return arena_.parameters(); }

    void initialise(Random random) override {
        for (std::size_t tensor = 0; tensor < arena_.parameters().table.size(); ++tensor)
            fill_normal(random.at(tensor), arena_.values(tensor));
    }

    [[nodiscard]] Needs needs() const override { return {false, false, condition_ > 0}; }

    [[nodiscard]] std::unique_ptr<DiscriminatorPass> make_pass(const PassSpec &spec) override {
        return std::make_unique<Pass>(*this, spec);
    }

  private:
    class Pass final : public DiscriminatorPass {
      public:
        Pass(StandInDiscriminator &owner, const PassSpec &spec)
            : owner_(owner), noisy_mode_(spec.mode != Mode::evaluate), input_(spec.rows, owner.width_),
              noisy_(spec.rows, owner.width_), gradient_(spec.input_gradients ? spec.rows : 0, owner.width_),
              scores_(spec.rows) {}

        [[nodiscard]] Matrix input() override { return input_.view(); }

        void forward(std::size_t rows, const Condition &condition, Random random, Progress) override {
            rows_ = rows;
            features_ = condition.features;
            const std::size_t examples = condition.examples(rows);
            for (std::size_t row = 0; row < rows; ++row) {
                const Random noise = random.at(row / examples).at(condition.batch.first_row + row % examples);
                const std::span<float> z = noisy_.view().row(row);
                for (std::size_t c = 0; c < z.size(); ++c)
                    z[c] = input_.view().row(row)[c] + (noisy_mode_ ? 0.1F * noise.normal_pair(c).first : 0.0F);
                scores_[row] = dot(owner_.arena_.values(0), z);
                if (owner_.condition_ > 0)
                    scores_[row] += dot(owner_.arena_.values(1), features_.row(row % features_.rows));
            }
        }

        [[nodiscard]] std::span<const float> scores() const override { return std::span(scores_).first(rows_); }

        void backward(std::span<const float> scores, ConstMatrix, Write write) override {
            const std::span<float> all = owner_.arena_.parameters().gradients;
            if (write == Write::replace)
                std::fill(all.begin(), all.end(), 0.0F);
            for (std::size_t row = 0; row < rows_; ++row) {
                if (write != Write::none)
                    add(owner_.arena_.gradients(0), scores[row], noisy_.view().row(row));
                if (write != Write::none && owner_.condition_ > 0)
                    add(owner_.arena_.gradients(1), scores[row], features_.row(row % features_.rows));
                const std::span<const float> weight = owner_.arena_.values(0);
                for (std::size_t c = 0; c < gradient_.view(rows_).columns && row < gradient_.view(rows_).rows; ++c)
                    gradient_.view().row(row)[c] = scores[row] * weight[c];
            }
        }

        [[nodiscard]] ConstMatrix input_gradient() const override { return gradient_.view(rows_); }

      private:
        static float dot(std::span<const float> a, std::span<const float> b) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < a.size(); ++i)
                sum += a[i] * b[i];
            return sum;
        }

        static void add(std::span<float> to, float factor, std::span<const float> values) {
            for (std::size_t i = 0; i < to.size(); ++i)
                to[i] += factor * values[i];
        }

        StandInDiscriminator &owner_;
        bool noisy_mode_;
        MatrixBuffer input_, noisy_, gradient_;
        std::vector<float> scores_;
        ConstMatrix features_;
        std::size_t rows_ = 0;
    };

    std::size_t width_;
    std::size_t condition_;
    Arena arena_;
};

/// D minimises -E log D(t) - E log(1 - D(s)), the student -E log D(s).
class StandInObjective final : public Objective {
  public:
    explicit StandInObjective(const ObjectiveContext &) {}

    [[nodiscard]] Score score() const override { return Score::logit; }

    double discriminator_loss(std::span<const float> t, std::span<const float> s, std::span<float> t_gradient,
                              std::span<float> s_gradient, Progress) override {
        return one_side(t, -1.0F, 1.0F, t_gradient) + one_side(s, 1.0F, 1.0F, s_gradient);
    }

    double student_loss(std::span<const float>, std::span<const float> s, float scale, std::span<float> s_gradient,
                        Progress) override {
        return one_side(s, -1.0F, scale, s_gradient);
    }

  private:
    /// The mean of log(1 + exp(sign a)), and `scale` times its gradient.
    static double one_side(std::span<const float> scores, float sign, float scale, std::span<float> gradient) {
        double sum = 0.0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const float x = sign * scores[i];
            sum += static_cast<double>(std::max(x, 0.0F) + std::log1p(std::exp(-std::abs(x))));
            gradient[i] = sign * scale / (1.0F + std::exp(-x)) / static_cast<float>(scores.size());
        }
        return sum / static_cast<double>(scores.size());
    }
};

} // namespace retort::sdk::conformance
