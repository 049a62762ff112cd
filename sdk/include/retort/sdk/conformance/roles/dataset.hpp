// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/batch.hpp>
#include <retort/sdk/conformance/flow_bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/roles/dataset.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// A dataset from which a few random rows of each split are read at every step.
class DatasetBench final : public Bench {
  public:
    DatasetBench(const Factory<Dataset> &factory, const BenchSpec &spec)
        : random_(spec.random.at("steps")), dataset_(built(spec.surroundings, [&] {
              auto made = factory.build(spec.settings, {spec.surroundings.context(spec.random), "."});
              if (made != nullptr)
                  made->load(); // may refuse too: settings and data that do not fit
              return made;
          })) {}

    [[nodiscard]] Component &component() override { return *dataset_; }

    void prepare(Random) override {}

    void ready() override {
        inputs_.clear();
        for (const Split split : splits)
            inputs_.emplace_back(std::min(rows, dataset_->size(split)), dataset_->width());
        labels_.assign(rows, 0);
        chosen_.assign(rows, 0);
    }

    void step(std::uint64_t k) override {
        for (std::size_t i = 0; i < splits.size(); ++i) {
            const Matrix inputs = inputs_[i].view();
            for (std::size_t r = 0; r < inputs.rows; ++r)
                chosen_[r] = random_.at(k).at(i).below(r, dataset_->size(splits[i]));
            if (inputs.rows > 0)
                dataset_->read(splits[i], std::span(chosen_).first(inputs.rows), inputs,
                               std::span(labels_).first(inputs.rows));
        }
    }

    [[nodiscard]] std::vector<double> observe() const override {
        std::vector<double> result(labels_.begin(), labels_.end());
        for (const MatrixBuffer &inputs : inputs_)
            append(result, inputs.view());
        return result;
    }

    [[nodiscard]] std::string no_flow() const override { return "a dataset has no passes"; }

    [[nodiscard]] std::string no_backward() const override { return "a dataset has no gradients"; }

    [[nodiscard]] std::string broken_promise() override {
        const ImageShape shape = dataset_->image_shape();
        if (shape.channels > 0 && shape.channels * shape.height * shape.width != dataset_->width())
            return "the geometry of its images is not its width";
        for (const Split split : splits)
            for (std::uint64_t row = 0; row < dataset_->size(split); ++row)
                if (const std::string broken = broken_example(split, row); !broken.empty())
                    return broken + ", row " + std::to_string(row) + " of " + std::string(name_of(split));
        return {};
    }

  private:
    static constexpr std::size_t rows = 5;
    static constexpr std::array<Split, 3> splits{Split::train, Split::validation, Split::test};

    [[nodiscard]] std::string broken_example(Split split, std::uint64_t row) const {
        std::vector<float> values(dataset_->width());
        std::vector<float> again(dataset_->width());
        std::int32_t label = unlabelled;
        dataset_->read(split, {&row, 1}, {values.data(), 1, values.size(), values.size()}, {&label, 1});
        dataset_->read(split, {&row, 1}, {again.data(), 1, again.size(), again.size()}, {});
        if (values != again)
            return "an example is another when it is read again, without its label (or it is not finite)";
        if (label != unlabelled && (label < 0 || static_cast<std::size_t>(label) >= dataset_->classes()))
            return "the label " + std::to_string(label) + " is none of its classes";
        return {};
    }

    Random random_;
    std::unique_ptr<Dataset> dataset_;
    std::vector<MatrixBuffer> inputs_;
    std::vector<std::int32_t> labels_;
    std::vector<std::uint64_t> chosen_;
};

[[nodiscard]] inline std::vector<Situation> situations(const Factory<Dataset> &factory) {
    return {{"read in random order", [&factory](const BenchSpec &spec) -> std::unique_ptr<Bench> {
                 return std::make_unique<DatasetBench>(factory, spec);
             }}};
}

} // namespace retort::sdk::conformance
