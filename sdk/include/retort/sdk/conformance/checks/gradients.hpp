// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/trial.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

// Gradients against finite differences: of single entries, and along random directions through all entries at once.
namespace retort::sdk::conformance {

/// Compares the gradient of `evaluate` with respect to numbers that may be written, wherever they lie.
class SlopeCheck {
  public:
    SlopeCheck(std::function<Sum()> evaluate, Random random) : evaluate_(std::move(evaluate)), random_(random) {}

    /// Whether all entries tried agree. Entry i is `values[i]`, its gradient `gradient[i]`.
    bool agrees(const std::string &name, const std::vector<float *> &values, const std::vector<double> &gradient) {
        std::vector<std::size_t> entries{0};
        for (std::size_t i = 0; i < 6; ++i)
            entries.push_back(random_.at(name).below(i, values.size()));
        for (const std::size_t entry : entries)
            if (!along(name + " at element " + std::to_string(entry), {values[entry]}, {gradient[entry]}, {1.0F}))
                return false;
        std::vector<float> direction(values.size());
        const float length = 1.0F / std::sqrt(static_cast<float>(values.size()));
        for (std::uint64_t draw = 0; draw < 2; ++draw) {
            for (std::size_t i = 0; i < direction.size(); ++i)
                direction[i] = random_.at(name).at(draw).bits(i) % 2 == 0 ? length : -length;
            if (!along(name + " along a random direction", values, gradient, direction))
                return false;
        }
        return true;
    }

    [[nodiscard]] Result result() const {
        if (!reason_.empty())
            return failed(reason_);
        return resolved_ ? passed() : skipped("all slopes here are zero or too small for float32 to be measured");
    }

  private:
    bool along(const std::string &name, const std::vector<float *> &values, const std::vector<double> &gradient,
               const std::vector<float> &direction) {
        double slope = 0.0;
        float unit = 0.5F;
        std::vector<float> kept;
        for (std::size_t i = 0; i < values.size(); ++i) {
            slope += gradient[i] * static_cast<double>(direction[i]);
            kept.push_back(*values[i]);
            unit = values.size() == 1 ? std::max(unit, std::abs(*values[i])) : 1.0F;
        }
        const auto move = [&](double by) {
            for (std::size_t i = 0; i < values.size(); ++i)
                *values[i] = kept[i] + static_cast<float>(by) * direction[i];
        };
        const Comparison found =
            compare([&](double by) { return move(by), evaluate_(); }, slope, static_cast<double>(unit));
        move(0.0);
        resolved_ = resolved_ || found.resolved;
        const bool finite = std::isfinite(slope) || !std::isfinite(found.difference);
        if (finite && (found.agrees || !found.resolved))
            return true;
        reason_ = "the gradient of " + name + " is " + std::to_string(slope) + ", but finite differences give " +
                  std::to_string(found.difference);
        return false;
    }

    std::function<Sum()> evaluate_;
    Random random_;
    bool resolved_ = false;
    std::string reason_;
};

[[nodiscard]] inline Sum weighted(const Flow &flow, std::span<const float> coefficients) {
    const std::vector<double> outputs = outputs_of(flow);
    Sum sum;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const double term = static_cast<double>(coefficients[i]) * outputs[i];
        sum.value += term;
        sum.size += std::abs(term) + 1e-3 * std::abs(static_cast<double>(coefficients[i]));
    }
    return sum;
}

inline void compare_parameters(SlopeCheck &check, Trainable &trainable) {
    const Parameters parameters = trainable.parameters();
    const std::vector<float> gradients(parameters.gradients.begin(), parameters.gradients.end());
    for (const Parameter &tensor : parameters.table) {
        std::vector<float *> values;
        std::vector<double> gradient;
        for (std::size_t i = tensor.offset; i < tensor.offset + tensor.size; ++i) {
            values.push_back(&parameters.values[i]);
            gradient.push_back(static_cast<double>(gradients[i]));
        }
        if (!check.agrees("parameter '" + std::string(tensor.name) + "'", values, gradient))
            return;
    }
}

inline void compare_inputs(SlopeCheck &check, Flow &flow) {
    std::vector<std::vector<double>> gradients; // copied, since evaluating may overwrite them
    for (const ConstMatrix matrix : flow.input_gradients())
        append(gradients.emplace_back(), matrix);
    const std::vector<Matrix> inputs = flow.inputs();
    for (std::size_t k = 0; k < inputs.size(); ++k) {
        std::vector<float *> values;
        for (std::size_t row = 0; row < inputs[k].rows; ++row)
            for (float &value : inputs[k].row(row))
                values.push_back(&value);
        values.resize(gradients[k].size());
        if (!values.empty() && !check.agrees("input " + std::to_string(k), values, gradients[k]))
            return;
    }
}

/// Why a trial has no gradients to check; empty if it has.
[[nodiscard]] inline std::string without_gradients(const Bench &bench, Flow *flow) {
    return flow == nullptr ? bench.no_flow() : bench.no_backward();
}

/// `of`: compares one kind of gradient, on the inputs numbered `attempt`.
template <class Compare> Result gradient_attempt(const Trial &trial, Mode mode, std::uint64_t attempt, Compare &&of) {
    const auto setup = trial.in_general_position();
    const std::unique_ptr<Flow> flow = setup->bench->flow(spec_for(*setup->bench, mode));
    const std::string reason = without_gradients(*setup->bench, flow.get());
    if (!reason.empty())
        return skipped(reason);
    const Random random = trial.random().at("gradients").at(attempt);
    flow->fill(random.at("inputs"));
    const auto forward = [&] { flow->forward(5, random.at("noise"), {1, 4}); };
    forward();
    const std::vector<float> coefficients = coefficients_of(*flow, random.at("coefficients"));
    flow->backward(coefficients, Write::replace);
    Trainable *const trainable = setup->bench->trainable();
    SlopeCheck check(
        [&] {
            if (trainable != nullptr)
                trainable->parameters_changed(Change::restore);
            forward();
            return weighted(*flow, coefficients);
        },
        random.at("slopes"));
    of(check, *flow, trainable);
    return check.result();
}

/// Fails where it does on three different inputs: what is wrong is so everywhere, while the kinks of many units may
/// conspire once.
template <class Compare> Result gradient_result(const Trial &trial, Mode mode, Compare &&of) {
    Result result;
    for (std::uint64_t attempt = 0; attempt < 3; ++attempt) {
        result = gradient_attempt(trial, mode, attempt, of);
        if (!result.failed())
            break;
    }
    return result;
}

/// In evaluation, and with noise whose stream is held.
template <class Compare> Result in_both_modes(const Trial &trial, Compare &&of) {
    const Result quiet = gradient_result(trial, Mode::evaluate, of);
    if (quiet.failed())
        return quiet;
    Result noisy = gradient_result(trial, Mode::sample, of);
    if (noisy.failed())
        noisy.reason += " (with noise, its stream held)";
    return noisy.failed() || quiet.outcome == Outcome::skipped ? noisy : quiet;
}

[[nodiscard]] inline Result parameter_gradient(const Trial &trial) {
    if (const auto setup = trial.fresh();
        setup->bench->trainable() == nullptr || setup->bench->trainable()->parameters().table.empty())
        return skipped("it has no parameters");
    return in_both_modes(
        trial, [](SlopeCheck &check, Flow &, Trainable *trainable) { compare_parameters(check, *trainable); });
}

[[nodiscard]] inline Result input_gradient(const Trial &trial) {
    return in_both_modes(trial, [](SlopeCheck &check, Flow &flow, Trainable *) { compare_inputs(check, flow); });
}

} // namespace retort::sdk::conformance
