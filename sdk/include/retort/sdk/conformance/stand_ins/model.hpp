// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/model.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>

namespace retort::sdk::conformance {

/// The smallest model that satisfies the contract: hidden.0 = tanh(W_0 x), logits = W_1 hidden.0, in plain loops.
class StandInModel final : public Model {
  public:
    StandInModel(std::size_t inputs, std::size_t hidden, std::size_t classes)
        : taps_{{{"hidden.0", hidden}, {"logits", classes}}}, inputs_(inputs) {
        arena_.add("layers.0.weight", {hidden, inputs}, true);
        arena_.add("layers.1.weight", {classes, hidden}, true);
        arena_.allocate();
    }

    Parameters parameters() override { return arena_.parameters(); }

    void initialise(Random random) override {
        for (std::size_t layer = 0; layer < 2; ++layer)
            fill_normal(random.at(layer), arena_.values(layer));
    }

    [[nodiscard]] std::span<const Tap> taps() const override { return taps_; }

    [[nodiscard]] std::unique_ptr<ModelPass> make_pass(const PassSpec &spec) override {
        return std::make_unique<Pass>(*this, spec);
    }

  private:
    class Pass final : public ModelPass {
      public:
        Pass(StandInModel &model, const PassSpec &spec)
            : model_(model), hidden_(spec.rows, model.taps_[0].width), logits_(spec.rows, model.taps_[1].width),
              hidden_gradient_(spec.rows, model.taps_[0].width), logits_gradient_(spec.rows, model.taps_[1].width),
              input_gradient_(spec.input_gradients ? spec.rows : 0, model.inputs_) {}

        void forward(const Batch &batch, Random) override {
            inputs_ = batch.inputs;
            multiply(inputs_, 0, hidden_.view(inputs_.rows));
            for (std::size_t row = 0; row < inputs_.rows; ++row)
                for (float &value : hidden_.view().row(row))
                    value = std::tanh(value);
            multiply(hidden_.view(inputs_.rows), 1, logits_.view(inputs_.rows));
        }

        [[nodiscard]] ConstMatrix tap(std::size_t index) const override {
            return (index == 0 ? hidden_ : logits_).view(inputs_.rows);
        }

        void backward(std::span<const TapGradient> gradients, Write write) override {
            if (write == Write::replace)
                std::fill(model_.parameters().gradients.begin(), model_.parameters().gradients.end(), 0.0F);
            const Matrix hidden = sum(gradients, 0, hidden_gradient_);
            const Matrix logits = sum(gradients, 1, logits_gradient_);
            go_back(hidden_.view(inputs_.rows), 1, logits, hidden, write);
            for (std::size_t row = 0; row < hidden.rows; ++row)
                for (std::size_t c = 0; c < hidden.columns; ++c)
                    hidden.row(row)[c] *= 1.0F - hidden_.view().row(row)[c] * hidden_.view().row(row)[c];
            const Matrix input = input_gradient_.view(inputs_.rows);
            for (std::size_t row = 0; row < input.rows; ++row)
                std::fill(input.row(row).begin(), input.row(row).end(), 0.0F);
            go_back(inputs_, 0, hidden, input, write);
        }

        [[nodiscard]] ConstMatrix input_gradient() const override { return input_gradient_.view(inputs_.rows); }

      private:
        void multiply(ConstMatrix in, std::size_t layer, Matrix out) const {
            const std::span<const float> weight = model_.arena_.values(layer);
            for (std::size_t row = 0; row < in.rows; ++row)
                for (std::size_t o = 0; o < out.columns; ++o) {
                    out.row(row)[o] = 0.0F;
                    for (std::size_t i = 0; i < in.columns; ++i)
                        out.row(row)[o] += weight[o * in.columns + i] * in.row(row)[i];
                }
        }

        /// Adds to `in_gradient`, unless that is empty, and to the layer's own.
        void go_back(ConstMatrix in, std::size_t layer, ConstMatrix gradient, Matrix in_gradient, Write write) const {
            const std::span<const float> weight = model_.arena_.values(layer);
            const std::span<float> weight_gradient = model_.arena_.gradients(layer);
            for (std::size_t row = 0; row < in.rows; ++row)
                for (std::size_t o = 0; o < gradient.columns; ++o)
                    for (std::size_t i = 0; i < in.columns; ++i) {
                        if (!in_gradient.empty())
                            in_gradient.row(row)[i] += gradient.row(row)[o] * weight[o * in.columns + i];
                        if (write != Write::none)
                            weight_gradient[o * in.columns + i] += gradient.row(row)[o] * in.row(row)[i];
                    }
        }

        [[nodiscard]] Matrix sum(std::span<const TapGradient> gradients, std::size_t tap,
                                 const MatrixBuffer &buffer) const {
            const Matrix out = buffer.view(inputs_.rows);
            for (std::size_t row = 0; row < out.rows; ++row)
                for (std::size_t c = 0; c < out.columns; ++c) {
                    out.row(row)[c] = 0.0F;
                    for (const TapGradient &entry : gradients)
                        out.row(row)[c] += entry.tap == tap ? entry.gradient.row(row)[c] : 0.0F;
                }
            return out;
        }

        StandInModel &model_;
        ConstMatrix inputs_;
        MatrixBuffer hidden_, logits_, hidden_gradient_, logits_gradient_, input_gradient_;
    };

    std::array<Tap, 2> taps_;
    std::size_t inputs_;
    Arena arena_;
};

} // namespace retort::sdk::conformance
