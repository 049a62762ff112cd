// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/roles/objective.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// The gradient penalty of a game, as a function of squared norms.
class PenaltyFlow final : public Flow {
  public:
    PenaltyFlow(Objective &objective, std::size_t examples)
        : objective_(objective), norms_(examples), gradient_(examples) {}

    [[nodiscard]] std::vector<Matrix> inputs() override { return {{norms_.data(), norms_.size(), 1, 1}}; }

    void fill(Random random) override {
        sdk::fill_normal(random.at("norms"), norms_);
        for (float &norm : norms_)
            norm = norm * norm + 0.1F;
    }

    [[nodiscard]] bool may_be_zero(std::size_t) const override { return false; } // nor negative, by a difference

    [[nodiscard]] bool repeat(std::size_t examples) override {
        repeat_rows({norms_.data(), norms_.size(), 1, 1}, examples);
        return true;
    }

    void forward(std::size_t examples, Random, Progress progress) override {
        count_ = examples;
        progress_ = progress;
        evaluate();
    }

    [[nodiscard]] std::size_t rows() const override { return 1; }

    [[nodiscard]] std::size_t width() const override { return 1; }

    [[nodiscard]] bool by_row() const override { return false; }

    void read(std::span<double> outputs) const override { outputs[0] = value_; }

    void backward(std::span<const float> coefficients, Write) override {
        std::fill(gradient_.begin(), gradient_.end(), 1e9F);
        evaluate();
        for (std::size_t i = 0; i < count_; ++i)
            gradient_[i] *= coefficients[0];
    }

    [[nodiscard]] std::vector<ConstMatrix> input_gradients() const override {
        return {{gradient_.data(), count_, 1, 1}};
    }

  private:
    void evaluate() {
        value_ = objective_.penalty(std::span<const float>(norms_).first(count_),
                                    std::span<float>(gradient_).first(count_), progress_);
    }

    Objective &objective_;
    std::vector<float> norms_, gradient_;
    std::size_t count_ = 0;
    Progress progress_;
    double value_ = 0.0;
};

/// One of the two losses of a game, as a function of scores.
class ObjectiveFlow final : public Flow {
  public:
    ObjectiveFlow(Objective &objective, bool student, std::size_t examples)
        : objective_(objective), student_(student), compares_(objective.compares_scores()), t_(examples), s_(examples),
          t_gradient_(examples), s_gradient_(examples) {}

    [[nodiscard]] std::vector<Matrix> inputs() override {
        if (student_)
            return {{s_.data(), s_.size(), 1, 1}};
        return {{s_.data(), s_.size(), 1, 1}, {t_.data(), t_.size(), 1, 1}};
    }

    void fill(Random random) override {
        sdk::fill_normal(random.at("t"), t_);
        sdk::fill_normal(random.at("s"), s_);
    }

    [[nodiscard]] bool repeat(std::size_t examples) override {
        for (std::vector<float> *scores : {&t_, &s_})
            repeat_rows({scores->data(), scores->size(), 1, 1}, examples);
        return true;
    }

    void forward(std::size_t examples, Random, Progress progress) override {
        count_ = examples;
        progress_ = progress;
        evaluate(1.0F);
    }

    [[nodiscard]] std::size_t rows() const override { return 1; }

    [[nodiscard]] std::size_t width() const override { return 1; }

    [[nodiscard]] bool by_row() const override { return false; }

    void read(std::span<double> outputs) const override { outputs[0] = value_; }

    /// Gradients are written, so that what stood there before must not matter.
    void backward(std::span<const float> coefficients, Write) override {
        std::fill(t_gradient_.begin(), t_gradient_.end(), 1e9F);
        std::fill(s_gradient_.begin(), s_gradient_.end(), 1e9F);
        evaluate(coefficients[0]);
        for (std::size_t i = 0; !student_ && i < count_; ++i) {
            t_gradient_[i] *= coefficients[0];
            s_gradient_[i] *= coefficients[0];
        }
    }

    [[nodiscard]] std::vector<ConstMatrix> input_gradients() const override {
        if (student_)
            return {{s_gradient_.data(), count_, 1, 1}};
        return {{s_gradient_.data(), count_, 1, 1}, {t_gradient_.data(), count_, 1, 1}};
    }

  private:
    void evaluate(float scale) {
        const auto t = std::span<const float>(t_).first(count_);
        const auto s = std::span<const float>(s_).first(count_);
        const auto t_gradient = std::span<float>(t_gradient_).first(count_);
        const auto s_gradient = std::span<float>(s_gradient_).first(count_);
        value_ = student_ ? objective_.student_loss(compares_ ? t : std::span<const float>(), s, scale, s_gradient,
                                                    progress_)
                          : objective_.discriminator_loss(t, s, t_gradient, s_gradient, progress_);
    }

    Objective &objective_;
    bool student_;
    bool compares_;
    std::vector<float> t_, s_, t_gradient_, s_gradient_;
    std::size_t count_ = 0;
    Progress progress_;
    double value_ = 0.0;
};

class ObjectiveBench final : public FlowBench {
  public:
    enum class Part { discriminator_loss, student_loss, penalty };

    ObjectiveBench(const Factory<Objective> &factory, const BenchSpec &spec, Part part)
        : FlowBench(spec.random.at("steps")), part_(part), objective_(built(spec.surroundings, [&] {
              return factory.build(spec.settings, {spec.surroundings.context(spec.random)});
          })) {
        if (part == Part::penalty && objective_->penalty_at() == Objective::Penalty::none)
            throw Refusal{"it wants no gradient penalty"};
    }

    [[nodiscard]] Component &component() override { return *objective_; }

    [[nodiscard]] std::unique_ptr<Flow> flow(const FlowSpec &spec) override {
        if (part_ == Part::penalty)
            return std::make_unique<PenaltyFlow>(*objective_, spec.examples);
        return std::make_unique<ObjectiveFlow>(*objective_, part_ == Part::student_loss, spec.examples);
    }

  private:
    Part part_;
    std::unique_ptr<Objective> objective_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Objective> &factory) {
    using Part = ObjectiveBench::Part;
    const auto with = [&factory](std::string name, Part part) {
        return Situation{std::move(name), [&factory, part](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                             return std::make_unique<ObjectiveBench>(factory, spec, part);
                         }};
    };
    return {with("the discriminator's loss", Part::discriminator_loss), with("the student's loss", Part::student_loss),
            with("the gradient penalty", Part::penalty)};
}

} // namespace retort::sdk::conformance
