// SPDX-License-Identifier: Apache-2.0
#pragma once

// The smallest models and data that satisfy the contract, in plain loops: what the trainers are tested with.

#include <retort/sdk/sdk.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace retort::test {

/// out[r] = weight in[r]; weight [columns of out, columns of in].
inline void multiply(sdk::ConstMatrix in, std::span<const float> weight, sdk::Matrix out) {
    for (std::size_t r = 0; r < in.rows; ++r)
        for (std::size_t o = 0; o < out.columns; ++o) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < in.columns; ++i)
                sum += weight[o * in.columns + i] * in.row(r)[i];
            out.row(r)[o] = sum;
        }
}

/// Adds to `weight_gradient` (unless empty) and writes `in_gradient` (unless empty) of `multiply`.
inline void multiply_backward(sdk::ConstMatrix in, std::span<const float> weight, sdk::ConstMatrix out_gradient,
                              std::span<float> weight_gradient, sdk::Matrix in_gradient) {
    for (std::size_t r = 0; r < in.rows; ++r)
        for (std::size_t i = 0; i < in.columns; ++i) {
            float sum = 0.0F;
            for (std::size_t o = 0; o < out_gradient.columns; ++o) {
                const float g = out_gradient.row(r)[o];
                sum += g * weight[o * in.columns + i];
                if (!weight_gradient.empty())
                    weight_gradient[o * in.columns + i] += g * in.row(r)[i];
            }
            if (in_gradient.data != nullptr)
                in_gradient.row(r)[i] = sum;
        }
}

/// `size` examples in a unit cube; the label is the largest of the first `classes` inputs.
class FakeDataset final : public sdk::Dataset {
  public:
    explicit FakeDataset(std::size_t size = 23, std::size_t width = 4, std::size_t classes = 3)
        : size_(size), width_(width), classes_(classes) {}

    [[nodiscard]] std::size_t width() const override { return width_; }

    [[nodiscard]] std::size_t classes() const override { return classes_; }

    [[nodiscard]] std::size_t size(sdk::Split split) const override { return split == sdk::Split::train ? size_ : 5; }

    [[nodiscard]] sdk::ImageShape image_shape() const override { return shape; }

    void load() override {}

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        const sdk::Random random = sdk::Random{99}.at(static_cast<std::uint64_t>(split));
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const std::span<float> row = inputs.row(r);
            sdk::fill_uniform(random.at(rows[r]), row);
            const auto top = std::max_element(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(classes_));
            if (!labels.empty())
                labels[r] = labelled ? static_cast<std::int32_t>(top - row.begin()) : sdk::unlabelled;
        }
    }

    sdk::ImageShape shape;
    bool labelled = true;

  private:
    std::size_t size_;
    std::size_t width_;
    std::size_t classes_;
};

/// hidden.0 = W_0 x, logits = W_1 hidden.0; counts its forwards.
class FakeModel final : public sdk::Model {
  public:
    FakeModel(std::size_t inputs, std::size_t hidden, std::size_t classes, std::uint64_t seed)
        : taps_{{{"hidden.0", hidden}, {"logits", classes}}}, inputs_(inputs) {
        arena_.add("layers.0.weight", {hidden, inputs}, true);
        arena_.add("layers.1.weight", {classes, hidden}, true);
        arena_.allocate();
        initialise(sdk::Random{seed});
    }

    sdk::Parameters parameters() override { return arena_.parameters(); }

    void initialise(sdk::Random random) override {
        for (std::size_t layer = 0; layer < 2; ++layer)
            sdk::fill_normal(random.at(layer), arena_.values(layer));
    }

    [[nodiscard]] std::span<const sdk::Tap> taps() const override { return taps_; }

    [[nodiscard]] std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override {
        modes.push_back(spec.mode);
        return std::make_unique<Pass>(*this, spec);
    }

    std::vector<sdk::Mode> modes; ///< of the passes made
    int forwards = 0;

  private:
    class Pass final : public sdk::ModelPass {
      public:
        Pass(FakeModel &model, const sdk::PassSpec &spec)
            : model_(model), hidden_(spec.rows, model.taps_[0].width), logits_(spec.rows, model.taps_[1].width),
              hidden_gradient_(spec.rows, model.taps_[0].width), logits_gradient_(spec.rows, model.taps_[1].width),
              from_logits_(spec.rows, model.taps_[0].width) {}

        void forward(const sdk::Batch &batch, sdk::Random) override {
            ++model_.forwards;
            inputs_ = batch.inputs;
            multiply(inputs_, model_.arena_.values(0), hidden_.view(rows()));
            multiply(hidden_.view(rows()), model_.arena_.values(1), logits_.view(rows()));
        }

        [[nodiscard]] sdk::ConstMatrix tap(std::size_t index) const override {
            return index == 0 ? hidden_.view(rows()) : logits_.view(rows());
        }

        void backward(std::span<const sdk::TapGradient> gradients, sdk::Write write) override {
            if (write == sdk::Write::replace)
                std::fill(model_.parameters().gradients.begin(), model_.parameters().gradients.end(), 0.0F);
            const sdk::Matrix hidden = hidden_gradient_.view(rows());
            sum(gradients, 0, hidden);
            sum(gradients, 1, logits_gradient_.view(rows()));
            multiply_backward(hidden_.view(rows()), model_.arena_.values(1), logits_gradient_.view(rows()),
                              model_.arena_.gradients(1), from_logits_.view(rows()));
            for (std::size_t i = 0; i < rows() * hidden.columns; ++i)
                hidden.data[i] += from_logits_.view().data[i];
            multiply_backward(inputs_, model_.arena_.values(0), hidden, model_.arena_.gradients(0), {});
        }

      private:
        [[nodiscard]] std::size_t rows() const { return inputs_.rows; }

        static void sum(std::span<const sdk::TapGradient> gradients, std::size_t tap, sdk::Matrix out) {
            std::fill_n(out.data, out.rows * out.columns, 0.0F);
            for (const sdk::TapGradient &entry : gradients)
                for (std::size_t r = 0; entry.tap == tap && r < out.rows; ++r)
                    for (std::size_t c = 0; c < out.columns; ++c)
                        out.row(r)[c] += entry.gradient.row(r)[c];
        }

        FakeModel &model_;
        sdk::ConstMatrix inputs_;
        sdk::MatrixBuffer hidden_, logits_, hidden_gradient_, logits_gradient_, from_logits_;
    };

    std::array<sdk::Tap, 2> taps_;
    std::size_t inputs_;
    sdk::Arena arena_;
};

} // namespace retort::test
