// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/bench.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace retort::sdk::conformance {

/// A bench whose steps are those of a training by plain gradient descent: forward, backward, values moved, the owner
/// told. Every second batch is short.
class FlowBench : public Bench {
  public:
    void prepare(Random random) override {
        if (Trainable *const made = trainable()) {
            made->initialise(random.at("initialise"));
            made->parameters_changed(Change::restore);
        }
    }

    void ready() override {
        backward_ = no_backward().empty();
        steps_ = flow({backward_ ? Mode::train : Mode::evaluate, examples, tail, backward_, backward_});
        steps_->fill(random_.at("inputs"));
        steps_->forward(examples, random_, {0, 8});
        coefficients_.assign(steps_->rows() * steps_->width(), 0.0F);
        sdk::fill_normal(random_.at("coefficients"), coefficients_);
    }

    void step(std::uint64_t k) override {
        steps_->fill(random_.at("inputs").at(k));
        steps_->forward(k % 2 == 0 ? examples : tail, random_.at("step").at(k), {k, 8});
        if (!backward_)
            return;
        steps_->backward(std::span<const float>(coefficients_).first(steps_->rows() * steps_->width()), Write::replace);
        if (Trainable *const made = trainable()) {
            const Parameters parameters = made->parameters();
            for (std::size_t i = 0; i < parameters.values.size(); ++i)
                parameters.values[i] -= 0.01F * parameters.gradients[i];
            made->parameters_changed(Change::step);
        }
    }

    [[nodiscard]] std::vector<double> observe() const override {
        std::vector<double> result(steps_->rows() * steps_->width());
        steps_->read(result);
        for (const ConstMatrix gradient : steps_->input_gradients())
            for (std::size_t row = 0; row < gradient.rows && !gradient.empty(); ++row)
                result.insert(result.end(), gradient.row(row).begin(), gradient.row(row).end());
        return result;
    }

  protected:
    static constexpr std::size_t examples = 5;
    static constexpr std::size_t tail = 2;

    explicit FlowBench(Random random) : random_(random) {}

  private:
    Random random_;
    bool backward_ = true;
    std::unique_ptr<Flow> steps_;
    std::vector<float> coefficients_;
};

/// Makes a component with `make`, and a Refusal of what it may refuse: settings that do not go together, data that is
/// not there.
template <class Make> auto built(Surroundings &surroundings, Make &&make) {
    try {
        auto component = make();
        if (component == nullptr)
            throw Error(ErrorKind::plugin, "its factory made nothing");
        if (!surroundings.problems.first.empty())
            throw Refusal{surroundings.problems.first};
        return component;
    } catch (const Error &error) {
        if (error.kind() == ErrorKind::settings || error.kind() == ErrorKind::data)
            throw Refusal{error.pointer() + (error.pointer().empty() ? "" : ": ") + error.what()};
        throw;
    }
}

} // namespace retort::sdk::conformance
