// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/roles/discriminator.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// What the benches of discriminators are made for.
struct DiscriminatorSizes {
    std::size_t space = 4;
    std::size_t condition = 0;
    std::size_t input = 6;
    std::size_t classes = 3;
};

/// A discriminator's own step: two samples for each example, the teacher's rows first.
class DiscriminatorFlow final : public Flow {
  public:
    DiscriminatorFlow(Discriminator &discriminator, const FlowSpec &spec, const DiscriminatorSizes &sizes)
        : spec_(spec), pass_(discriminator.make_pass({spec.mode, 2 * spec.examples, 2 * spec.tail,
                                                      spec.parameter_gradients, spec.input_gradients})),
          features_(sizes.condition == 0 ? 0 : spec.examples, sizes.condition, spec.padding),
          batch_(spec.examples, sizes.input, spec.padding), labels_(spec.examples), classes_(sizes.classes),
          width_(1 + (discriminator.classifies() ? sizes.classes : 0)), twice_(discriminator.twice_differentiable()) {
        if (width_ > 1) {
            scores_.resize(2 * spec.examples);
            class_gradients_ = SpacedBuffer(2 * spec.examples, classes_, spec.padding);
        }
    }

    [[nodiscard]] std::vector<Matrix> inputs() override { return {pass_->input().slice(0, 2 * spec_.examples)}; }

    void fill(Random random) override {
        fill_normal(pass_->input(), random.at("samples"));
        fill_normal(features_.view(), random.at("features"), spec_.first);
        fill_normal(batch_.view(), random.at("batch"), spec_.first);
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            const std::size_t example = spec_.first + i;
            labels_[i] = example == 1 ? unlabelled // for it has none
                                      : static_cast<std::int32_t>(random.at("labels").below(example, classes_));
        }
    }

    void forward(std::size_t examples, Random random, Progress progress) override {
        rows_ = 2 * examples;
        const Batch batch{
            batch_.view(examples), std::span<const std::int32_t>(labels_).first(examples), {}, 7 + spec_.first};
        pass_->forward(rows_, {batch, features_.view(examples)}, random, progress);
    }

    [[nodiscard]] std::size_t rows() const override { return rows_; }

    /// The score, and the logits of a class where there are some.
    [[nodiscard]] std::size_t width() const override { return width_; }

    void read(std::span<double> outputs) const override {
        const std::span<const float> scores = pass_->scores();
        const ConstMatrix logits = pass_->class_logits();
        for (std::size_t row = 0; row < rows_; ++row) {
            outputs[row * width_] = static_cast<double>(scores[row]);
            for (std::size_t c = 1; c < width_; ++c)
                outputs[row * width_ + c] = static_cast<double>(logits.row(row)[c - 1]);
        }
    }

    void backward(std::span<const float> coefficients, Write write) override {
        if (width_ == 1)
            return pass_->backward(coefficients, {}, write);
        const Matrix classes = class_gradients_.view(rows_);
        for (std::size_t row = 0; row < rows_; ++row) {
            scores_[row] = coefficients[row * width_];
            std::copy_n(coefficients.begin() + static_cast<std::ptrdiff_t>(row * width_ + 1), classes_,
                        classes.row(row).begin());
        }
        pass_->backward(std::span<const float>(scores_).first(rows_), classes, write);
    }

    [[nodiscard]] std::vector<ConstMatrix> input_gradients() const override { return {pass_->input_gradient()}; }

    [[nodiscard]] bool second_backward(ConstMatrix direction, Write write) override {
        if (twice_)
            pass_->second_backward(direction, write);
        return twice_;
    }

  private:
    FlowSpec spec_;
    std::unique_ptr<DiscriminatorPass> pass_;
    SpacedBuffer features_, batch_;
    std::vector<std::int32_t> labels_;
    std::size_t classes_;
    std::size_t width_;
    std::vector<float> scores_; ///< gradients of the scores and of the class logits, where there are some
    SpacedBuffer class_gradients_;
    bool twice_;
    std::size_t rows_ = 0;
};

class DiscriminatorBench final : public FlowBench {
  public:
    DiscriminatorBench(const Factory<Discriminator> &factory, const BenchSpec &spec, const DiscriminatorSizes &sizes)
        : FlowBench(spec.random.at("steps")), sizes_(sizes), discriminator_(built(spec.surroundings, [&] {
              return factory.build(spec.settings, {spec.surroundings.context(spec.random),
                                                   {Space::Kind::real, sizes.space},
                                                   sizes.condition,
                                                   sizes.input,
                                                   sizes.classes});
          })) {
        if (discriminator_->needs().features && sizes.condition == 0)
            throw Refusal{"it needs a condition"};
    }

    [[nodiscard]] Component &component() override { return *discriminator_; }

    [[nodiscard]] Trainable *trainable() override { return discriminator_.get(); }

    [[nodiscard]] std::unique_ptr<Flow> flow(const FlowSpec &spec) override {
        return std::make_unique<DiscriminatorFlow>(*discriminator_, spec, sizes_);
    }

  private:
    DiscriminatorSizes sizes_;
    std::unique_ptr<Discriminator> discriminator_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Discriminator> &factory) {
    const auto with = [&factory](std::string name, const DiscriminatorSizes &sizes) {
        return Situation{std::move(name), [&factory, sizes](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                             return std::make_unique<DiscriminatorBench>(factory, spec, sizes);
                         }};
    };
    return {with("without a condition", {}), with("with a condition", {.condition = 3})};
}

} // namespace retort::sdk::conformance
