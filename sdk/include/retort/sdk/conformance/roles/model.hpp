// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/conformance/stand_ins/model.hpp>
#include <retort/sdk/roles/model.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// A model's pass with all of its taps as outputs, one behind the other in each row.
class ModelFlow final : public Flow {
  public:
    ModelFlow(Model &model, const FlowSpec &spec, std::size_t input_width)
        : first_(spec.first), inputs_(spec.examples, input_width, spec.padding), ids_(spec.examples),
          chosen_(model.taps().size()) {
        std::iota(ids_.begin(), ids_.end(), std::uint64_t{first_});
        std::iota(chosen_.begin(), chosen_.end(), std::size_t{0});
        pass_ = model.make_pass(
            {spec.mode, spec.examples, spec.tail, spec.parameter_gradients, spec.input_gradients, chosen_});
        for (const Tap &tap : model.taps()) {
            width_ += tap.width;
            gradients_.emplace_back(spec.examples, tap.width, spec.padding);
        }
        entries_.resize(chosen_.size());
    }

    [[nodiscard]] std::vector<Matrix> inputs() override { return {inputs_.view()}; }

    void fill(Random random) override { fill_normal(inputs_.view(), random, first_); }

    void forward(std::size_t examples, Random random, Progress) override {
        rows_ = examples;
        pass_->forward({inputs_.view(examples), {}, std::span(ids_).first(examples), 7 + first_}, random);
    }

    [[nodiscard]] std::size_t rows() const override { return rows_; }

    [[nodiscard]] std::size_t width() const override { return width_; }

    void read(std::span<double> outputs) const override {
        auto next = outputs.begin();
        for (std::size_t row = 0; row < rows_; ++row)
            for (const std::size_t tap : chosen_)
                for (const float value : pass_->tap(tap).row(row))
                    *next++ = static_cast<double>(value);
    }

    void backward(std::span<const float> coefficients, Write write) override {
        auto next = coefficients.begin();
        for (std::size_t row = 0; row < rows_; ++row)
            for (const std::size_t tap : chosen_)
                for (float &value : gradients_[tap].view().row(row))
                    value = *next++;
        for (const std::size_t tap : chosen_)
            entries_[tap] = {tap, gradients_[tap].view(rows_)};
        pass_->backward(entries_, write);
    }

    [[nodiscard]] std::vector<ConstMatrix> input_gradients() const override { return {pass_->input_gradient()}; }

  private:
    std::size_t first_;
    SpacedBuffer inputs_;
    std::vector<std::uint64_t> ids_;
    std::vector<std::size_t> chosen_;
    std::unique_ptr<ModelPass> pass_;
    std::deque<SpacedBuffer> gradients_;
    std::vector<TapGradient> entries_;
    std::size_t width_ = 0;
    std::size_t rows_ = 0;
};

/// A model for every name that is asked for.
class KitModels final : public Models {
  public:
    KitModels(std::size_t input_width, std::size_t classes) : input_width_(input_width), classes_(classes) {}

    Model &model(std::string_view name) override {
        std::unique_ptr<StandInModel> &made = models_[std::string(name)];
        if (made == nullptr) {
            made = std::make_unique<StandInModel>(input_width_, 5, classes_);
            made->initialise(Random{6}.at(name));
            made->parameters_changed(Change::restore);
        }
        return *made;
    }

  private:
    std::size_t input_width_;
    std::size_t classes_;
    std::map<std::string, std::unique_ptr<StandInModel>> models_;
};

class ModelBench final : public FlowBench {
  public:
    ModelBench(const Factory<Model> &factory, const BenchSpec &spec, ImageShape shape)
        : FlowBench(spec.random.at("steps")), input_width_(shape.channels * shape.height * shape.width),
          models_(input_width_, classes), model_(built(spec.surroundings, [&] {
              return factory.build(spec.settings, {spec.surroundings.context(spec.random), input_width_, shape, classes,
                                                   ".", nullptr, &models_});
          })) {}

    [[nodiscard]] Component &component() override { return *model_; }

    [[nodiscard]] Trainable *trainable() override { return model_.get(); }

    [[nodiscard]] std::unique_ptr<Flow> flow(const FlowSpec &spec) override {
        return std::make_unique<ModelFlow>(*model_, spec, input_width_);
    }

    [[nodiscard]] std::string no_backward() const override {
        return model_->parameters().values.empty() ? "it has nothing to train" : "";
    }

    [[nodiscard]] std::string broken_promise() override {
        if (model_->members() == 0)
            return "it has no members; a model that is one network has one";
        const std::span<const Tap> taps = model_->taps();
        if (taps.empty() || taps.back().name != "logits")
            return "the last of its taps is not called \"logits\"";
        return taps.back().width == classes ? "" : "its logits are not as many as the classes of the dataset";
    }

  private:
    static constexpr std::size_t classes = 3;

    std::size_t input_width_;
    KitModels models_;
    std::unique_ptr<Model> model_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Model> &factory) {
    return {{"on images of 4 by 4", [&factory](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                 return std::make_unique<ModelBench>(factory, spec, ImageShape{1, 4, 4, 0.0F});
             }}};
}

} // namespace retort::sdk::conformance
