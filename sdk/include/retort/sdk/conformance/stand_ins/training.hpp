// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/stand_ins/game.hpp>
#include <retort/sdk/conformance/stand_ins/head.hpp>
#include <retort/sdk/fields.hpp>
#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/setting_types.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

// What stands in for the components that a trainer's settings name.
namespace retort::sdk::conformance {

/// Gradient descent with momentum, which is state.
class StandInOptimizer final : public Optimizer {
  public:
    explicit StandInOptimizer(const OptimizerContext &) {}

    void attach(std::span<const Parameters> parameters) override {
        for (const Parameters &arena : parameters)
            parts_.emplace_back(arena, std::vector<float>(arena.values.size()));
    }

    void step(Progress, Random) override {
        for (auto &[arena, momentum] : parts_)
            for (std::size_t i = 0; i < momentum.size(); ++i) {
                momentum[i] = 0.9F * momentum[i] + arena.gradients[i];
                arena.values[i] -= 0.01F * momentum[i];
            }
    }

    void visit_state(StateVisitor &visitor) override {
        for (std::size_t i = 0; i < parts_.size(); ++i)
            visitor.array("momentum." + std::to_string(i), std::span(parts_[i].second));
    }

  private:
    std::vector<std::pair<Parameters, std::vector<float>>> parts_;
};

/// Cross-entropy with the label.
class StandInLoss final : public Loss {
  public:
    explicit StandInLoss(const LossContext &) {}

    [[nodiscard]] On on() const override { return On::labels; }

    double evaluate(const LossInput &input, float scale, const LossGradient &gradient, Progress) override {
        double total = 0.0;
        const double share = 1.0 / static_cast<double>(input.student.rows);
        for (std::size_t row = 0; row < input.student.rows; ++row) {
            const std::span<const float> logits = input.student.row(row);
            if (input.labels[row] < 0)
                continue;
            const auto top = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
            double sum = 0.0;
            for (const float value : logits)
                sum += std::exp(static_cast<double>(value) - top);
            for (std::size_t c = 0; c < logits.size(); ++c) {
                const double log_probability = static_cast<double>(logits[c]) - top - std::log(sum);
                const double probability = std::exp(log_probability);
                const bool label = c == static_cast<std::size_t>(input.labels[row]);
                total -= label ? log_probability : 0.0;
                if (!gradient.student.empty())
                    gradient.student.row(row)[c] +=
                        scale * static_cast<float>(share * (probability - (label ? 1.0 : 0.0)));
            }
        }
        return total * share;
    }
};

template <class Role, class Class> class StandInBuilder final : public Builder<Role> {
  public:
    [[nodiscard]] std::unique_ptr<Role> build(const typename Role::Context &context) const override {
        return std::make_unique<Class>(context);
    }
};

/// Binds the setting to the class that stands in for its role, if that is Role.
template <class Role, class Class> bool bind_one(ComponentSlot &slot) {
    if (slot.role() != Role::role)
        return false;
    const std::shared_ptr<const Builder<Role>> builder = std::make_shared<StandInBuilder<Role, Class>>();
    slot.bind("stand_in", builder);
    return true;
}

/// Gives a nested component's setting its stand-in; false where there is none for its role.
[[nodiscard]] inline bool bind_stand_in(ComponentSlot &slot) {
    return bind_one<Optimizer, StandInOptimizer>(slot) || bind_one<Loss, StandInLoss>(slot) ||
           bind_one<Head, StandInHead>(slot) || bind_one<Discriminator, StandInDiscriminator>(slot) ||
           bind_one<Objective, StandInObjective>(slot);
}

} // namespace retort::sdk::conformance
