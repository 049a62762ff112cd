// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/augmentation.hpp>
#include <retort/sdk/batch.hpp>
#include <retort/sdk/profile.hpp>
#include <retort/sdk/random.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/services.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace retort::sdk {

/// Reports what makes a stage on `dataset` impossible: no training examples ("/data"), or an augmentation of what is no
/// image ("/augmentation") or beyond its edge ("/augmentation/shift").
inline void check_batches(const Dataset &dataset, const Augmentation &augmentation, Problems &problems) {
    if (dataset.size(Split::train) == 0)
        problems.add("/data", "the dataset has no training examples; training needs at least one");
    check_augmentation(augmentation, dataset.image_shape(), problems);
}

/// The mini-batches of a stage, as a function of the step and nothing else: an epoch is one shuffle of a split, its
/// last batch may be short. Two stages with the same `random` and number of rows see the same examples, moved in the
/// same way. Of several replicas each has its share of every batch: consecutive rows, one more than others for some
/// where they do not divide evenly, and none at all where there are fewer rows than replicas.
class EpochBatches {
  public:
    /// `rows`: of a batch; a smaller split makes it smaller. `augmentation`: of what `at` gives; one that
    /// `check_batches` has nothing against. `random`: as a rule Parts::dataset_random. `dataset`
    /// and `services` must outlive this. Computes nothing.
    EpochBatches(const Dataset &dataset, Split split, std::size_t rows, const Augmentation &augmentation, Random random,
                 Services &services)
        : dataset_(dataset), split_(split), size_(dataset.size(split)),
          rows_(std::max<std::size_t>(1, std::min(rows, size_))), augmentation_(augmentation),
          shape_(dataset.image_shape()), random_(random), services_(services) {}

    /// Rows of a whole batch, which the replicas share; `in_order` gives all of them.
    [[nodiscard]] std::size_t rows() const { return rows_; }

    /// Rows of the short last batch, 0 if all are full: what PassSpec::tail_rows wants for `in_order`.
    [[nodiscard]] std::size_t tail_rows() const { return size_ % rows_; }

    /// The most rows that `at` gives, at least 1: what PassSpec::rows wants.
    [[nodiscard]] std::size_t share_rows() const { return std::max<std::size_t>(1, share_of(rows_)); }

    /// The other number of rows that `at` gives, besides 0; 0 if there is none: what PassSpec::tail_rows wants.
    [[nodiscard]] std::size_t share_tail_rows() const {
        const std::size_t share = share_of(tail_rows());
        return share == share_rows() ? 0 : share;
    }

    [[nodiscard]] std::uint64_t per_epoch() const { return (size_ + rows_ - 1) / rows_; }

    [[nodiscard]] std::size_t size() const { return size_; }

    /// This replica's share of the batch of step `step`, counted from 0 over all epochs. `ids` are left out when
    /// examples were moved. Valid until the next call of a member.
    [[nodiscard]] Batch at(std::uint64_t step) {
        const Phase phase(services_, "data");
        select_epoch(step / per_epoch());
        const std::span<const std::uint64_t> whole = chunk(order_, step % per_epoch());
        const std::size_t first = first_of_share(whole.size());
        const Batch batch = read(whole.subspan(first, share_of(whole.size())), augmentation_);
        const auto ids = augmentation_.active() ? std::span<const std::uint64_t>{} : batch.ids;
        return {batch.inputs, batch.labels, ids, first, split_};
    }

    /// Batch `index` of the split in its own order, nothing moved: for fitting and caching. Rows count from the first
    /// of the split.
    [[nodiscard]] Batch in_order(std::uint64_t index) {
        const Phase phase(services_, "data");
        ids_.resize(std::min(rows_, size_ - index * rows_));
        std::iota(ids_.begin(), ids_.end(), index * rows_);
        Batch batch = read(ids_, {});
        batch.first_row = index * rows_;
        return batch;
    }

  private:
    /// This replica's rows of so many; the first replicas have one more.
    [[nodiscard]] std::size_t share_of(std::size_t rows) const {
        const std::size_t replicas = services_.replicas();
        return rows / replicas + (services_.replica_index() < rows % replicas ? 1 : 0);
    }

    [[nodiscard]] std::size_t first_of_share(std::size_t rows) const {
        const std::size_t index = services_.replica_index();
        return index * (rows / services_.replicas()) + std::min(index, rows % services_.replicas());
    }

    void select_epoch(std::uint64_t epoch) {
        if (epoch == epoch_)
            return;
        epoch_ = epoch;
        order_.resize(size_);
        std::iota(order_.begin(), order_.end(), std::uint64_t{0});
        shuffle(random_.at("order").at(epoch), std::span(order_));
    }

    [[nodiscard]] std::span<const std::uint64_t> chunk(std::span<const std::uint64_t> all, std::uint64_t index) const {
        const std::size_t first = index * rows_;
        return all.subspan(first, std::min(rows_, all.size() - first));
    }

    Batch read(std::span<const std::uint64_t> ids, const Augmentation &augmentation) {
        if (labels_.empty()) {
            inputs_ = MatrixBuffer(rows_, dataset_.width());
            unmoved_ = MatrixBuffer(augmentation_.resamples() ? rows_ : 0, dataset_.width());
            labels_.resize(rows_);
        }
        const Matrix inputs = inputs_.view(ids.size());
        const Matrix unmoved = augmentation.resamples() ? unmoved_.view(ids.size()) : inputs;
        const std::span<std::int32_t> labels(labels_.data(), ids.size());
        const Random stream = random_.at("shift").at(epoch_); // another name would change every run
        services_.parallel_for(ids.size(), 16, [&](std::size_t begin, std::size_t end) {
            const std::size_t count = end - begin;
            dataset_.read(split_, ids.subspan(begin, count), unmoved.slice(begin, count), labels.subspan(begin, count));
            for (std::size_t row = begin; augmentation.active() && row < end; ++row) {
                const Motion motion = augmentation.draw(stream.at(ids[row]));
                if (augmentation.resamples())
                    move_image(unmoved.row(row), inputs.row(row), shape_, motion);
                else
                    shift_image(inputs.row(row), shape_, motion.right, motion.down);
            }
        });
        return {inputs, labels, ids, 0, split_};
    }

    const Dataset &dataset_;
    Split split_;
    std::size_t size_;
    std::size_t rows_;
    Augmentation augmentation_;
    ImageShape shape_;
    Random random_;
    Services &services_;
    std::uint64_t epoch_ = std::numeric_limits<std::uint64_t>::max(); // of order_; none yet
    std::vector<std::uint64_t> order_;
    std::vector<std::uint64_t> ids_; // of the last in_order
    MatrixBuffer inputs_;
    MatrixBuffer unmoved_; // where images are resampled
    std::vector<std::int32_t> labels_;
};

} // namespace retort::sdk
