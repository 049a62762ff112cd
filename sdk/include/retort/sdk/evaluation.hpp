// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/metrics.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

namespace retort::sdk {

/// Evaluates models on one split of a dataset, in order and without noise. Keeps its buffers and its pass, so that
/// evaluating after every epoch builds nothing anew.
class Evaluator {
  public:
    /// `model` and `dataset` must outlive the evaluator.
    Evaluator(Model &model, const Dataset &dataset, Split split, std::size_t rows = 1000)
        : dataset_(dataset), split_(split), size_(dataset.size(split)),
          rows_(std::min(rows, std::max<std::size_t>(size_, 1))), logits_(model.taps().size() - 1),
          classes_(model.taps()[logits_].width), inputs_(rows_, dataset.width()), labels_(rows_), ids_(rows_) {
        const std::size_t taps[] = {logits_};
        pass_ = model.make_pass({Mode::evaluate, rows_, size_ % rows_, false, false, taps});
    }

    [[nodiscard]] std::size_t size() const { return size_; } ///< examples of the split

    [[nodiscard]] std::size_t classes() const { return classes_; }

    /// The report on the model's parameters as they are now. Reads the whole split.
    [[nodiscard]] ClassificationReport run() {
        ClassificationMetrics metrics(classes_);
        each_batch([&](ConstMatrix logits, std::span<const std::int32_t> labels) { metrics.add(logits, labels); });
        return metrics.report();
    }

    /// Reads the whole split and calls `take(logits, labels)` for each batch of it: what the model's parameters, as
    /// they are now, make of its examples, [rows, classes()], and the labels. Views are valid during the call.
    template <class Take> void each_batch(Take &&take) {
        for (std::size_t first = 0; first < size_; first += rows_) {
            const std::size_t count = std::min(rows_, size_ - first);
            const std::span<std::uint64_t> ids(ids_.data(), count);
            const std::span<std::int32_t> labels(labels_.data(), count);
            std::iota(ids.begin(), ids.end(), first);
            dataset_.read(split_, ids, inputs_.view(count), labels);
            pass_->forward({inputs_.view(count), labels, ids, first, split_}, Random{});
            take(pass_->tap(logits_), std::span<const std::int32_t>(labels));
        }
    }

  private:
    const Dataset &dataset_;
    Split split_;
    std::size_t size_;
    std::size_t rows_;
    std::size_t logits_;
    std::size_t classes_;
    MatrixBuffer inputs_;
    std::vector<std::int32_t> labels_;
    std::vector<std::uint64_t> ids_;
    std::unique_ptr<ModelPass> pass_;
};

} // namespace retort::sdk
