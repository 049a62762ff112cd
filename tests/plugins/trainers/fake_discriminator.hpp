// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/sdk.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace retort::test {

/// a = <w, z> (+ <v, c>); remembers what its passes were asked for.
class FakeDiscriminator final : public sdk::Discriminator {
  public:
    FakeDiscriminator(bool conditioned, const sdk::DiscriminatorContext &context)
        : width_(context.space.width), condition_width_(context.condition_width), conditioned_(conditioned) {
        arena_.add("weight", {1, width_}, true);
        if (conditioned_ && condition_width_ > 0)
            arena_.add("condition", {1, condition_width_}, true);
        arena_.allocate();
    }

    sdk::Parameters parameters() override { return arena_.parameters(); }

    void initialise(sdk::Random random) override {
        call();
        sdk::fill_normal(random, arena_.values(0));
    }

    void parameters_changed(sdk::Change change) override { steps += change == sdk::Change::step ? 1 : 0; }

    [[nodiscard]] sdk::Needs needs() const override { return {false, false, conditioned_}; }

    [[nodiscard]] std::unique_ptr<sdk::DiscriminatorPass> make_pass(const sdk::PassSpec &spec) override {
        call();
        return std::make_unique<Pass>(*this, spec);
    }

    std::uint64_t throws_in = 0;            ///< which call of initialise or make_pass throws, from 1; 0: none
    std::uint64_t steps = 0;                ///< optimizer steps it saw
    std::vector<sdk::ConstMatrix> features; ///< of the last forward, at most one
    std::vector<float> last_sample;         ///< row 0 of the last forward

  private:
    class Pass final : public sdk::DiscriminatorPass {
      public:
        Pass(FakeDiscriminator &owner, const sdk::PassSpec &spec)
            : owner_(owner), spec_(spec), input_(spec.rows, owner.width_), gradient_(spec.rows, owner.width_),
              scores_(spec.rows) {
            owner.features.reserve(1);
            owner.last_sample.resize(owner.width_);
        }

        [[nodiscard]] sdk::Matrix input() override { return input_.view(); }

        void forward(std::size_t rows, const sdk::Condition &condition, sdk::Random, sdk::Progress) override {
            rows_ = rows;
            owner_.features.assign(1, condition.features);
            std::copy_n(input_.view().row(0).begin(), owner_.width_, owner_.last_sample.begin());
            for (std::size_t r = 0; r < rows; ++r) {
                scores_[r] = dot(owner_.arena_.values(0), input_.view().row(r));
                if (owner_.conditioned_)
                    scores_[r] += dot(owner_.arena_.values(1), condition.features.row(r % condition.features.rows));
            }
        }

        [[nodiscard]] std::span<const float> scores() const override { return {scores_.data(), rows_}; }

        void backward(std::span<const float> scores, sdk::ConstMatrix, sdk::Write write) override {
            const std::span<float> own = owner_.arena_.gradients(0);
            if (write == sdk::Write::replace)
                std::fill(own.begin(), own.end(), 0.0F);
            for (std::size_t r = 0; r < rows_; ++r)
                for (std::size_t c = 0; c < owner_.width_; ++c) {
                    if (write != sdk::Write::none)
                        own[c] += scores[r] * input_.view().row(r)[c];
                    gradient_.view().row(r)[c] = scores[r] * owner_.arena_.values(0)[c];
                }
        }

        [[nodiscard]] sdk::ConstMatrix input_gradient() const override {
            return spec_.input_gradients ? sdk::ConstMatrix(gradient_.view(rows_)) : sdk::ConstMatrix{};
        }

      private:
        static float dot(std::span<const float> a, std::span<const float> b) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < a.size(); ++i)
                sum += a[i] * b[i];
            return sum;
        }

        FakeDiscriminator &owner_;
        sdk::PassSpec spec_;
        std::size_t rows_ = 0;
        sdk::MatrixBuffer input_, gradient_;
        std::vector<float> scores_;
    };

    void call() {
        if (++calls_ == throws_in)
            throw std::runtime_error("the motor is stuck");
    }

    std::size_t width_;
    std::size_t condition_width_;
    bool conditioned_;
    std::uint64_t calls_ = 0;
    sdk::Arena arena_;
};

} // namespace retort::test
