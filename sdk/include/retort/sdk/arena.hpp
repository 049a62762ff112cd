// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/matrix.hpp>
#include <retort/sdk/trainable.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace retort::sdk {

/// A buffer of floats, zeroed, aligned to 64 bytes, that never moves.
class Buffer {
  public:
    Buffer() = default;

    explicit Buffer(std::size_t size) : block_(allocate(size)), size_(size) {
        void *data = block_.get();
        std::size_t space = size * sizeof(float) + alignment;
        data_ = static_cast<float *>(std::align(alignment, size * sizeof(float), data, space));
    }

    [[nodiscard]] std::span<float> span() const { return {data_, size_}; }

    [[nodiscard]] float *data() const { return data_; }

    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    static constexpr std::size_t alignment = 64;

    struct Free {
        void operator()(void *block) const { std::free(block); }
    };

    /// By calloc, whose large blocks are zero without being written: checking a manifest with a huge model takes no
    /// memory for it.
    static void *allocate(std::size_t size) {
        if (size > std::numeric_limits<std::size_t>::max() / sizeof(float) - alignment)
            throw std::bad_alloc();
        void *block = std::calloc(size * sizeof(float) + alignment, 1);
        if (block == nullptr)
            throw std::bad_alloc();
        return block;
    }

    std::unique_ptr<void, Free> block_;
    float *data_ = nullptr;
    std::size_t size_ = 0;
};

/// A Buffer with the shape of a matrix; `stride == columns`.
class MatrixBuffer {
  public:
    MatrixBuffer() = default;

    MatrixBuffer(std::size_t rows, std::size_t columns) : buffer_(rows * columns), rows_(rows), columns_(columns) {}

    [[nodiscard]] Matrix view() const { return {buffer_.data(), rows_, columns_, columns_}; }

    /// The first `rows` rows, or all where there are fewer: a buffer that was not wanted stays empty.
    [[nodiscard]] Matrix view(std::size_t rows) const {
        return {buffer_.data(), std::min(rows, rows_), columns_, columns_};
    }

  private:
    Buffer buffer_;
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
};

/// The parameter storage of a Trainable, for authors: add tensors, allocate once, hand out `parameters()`.
class Arena {
  public:
    /// Adds a tensor before `allocate`; returns its index. `shape` has 1 to 4 entries, each at least 1.
    std::size_t add(std::string name, std::initializer_list<std::size_t> shape, bool decays) {
        Parameter entry{names_.emplace_back(std::move(name)), {1, 1, 1, 1}, shape.size(), end_, 1, decays};
        std::size_t dimension = 0;
        for (const std::size_t extent : shape) {
            entry.shape[dimension++] = extent;
            entry.size *= extent;
        }
        end_ += (entry.size + 15) / 16 * 16;
        table_.push_back(entry);
        return table_.size() - 1;
    }

    /// Makes room for all tensors, values and gradients zeroed, and a rounded copy if it is wanted. Once, after the
    /// last `add`.
    void allocate(bool with_rounded_copy = false) {
        values_ = Buffer(end_);
        gradients_ = Buffer(end_);
        if (!with_rounded_copy)
            return;
        rounded_values_.resize(end_);
        rounded_ = std::make_unique<RoundedCopy>();
        rounded_->values = rounded_values_;
    }

    /// For Trainable::parameters. Valid as long as the arena.
    [[nodiscard]] Parameters parameters() const { return {table_, values_.span(), gradients_.span(), rounded_.get()}; }

    /// The values of tensor `index`, as returned by `add`; likewise its gradients.
    [[nodiscard]] std::span<float> values(std::size_t index) const { return part(values_, index); }

    [[nodiscard]] std::span<float> gradients(std::size_t index) const { return part(gradients_, index); }

  private:
    [[nodiscard]] std::span<float> part(const Buffer &buffer, std::size_t index) const {
        return buffer.span().subspan(table_[index].offset, table_[index].size);
    }

    std::deque<std::string> names_; // a deque: the table's string_views must stay valid while names are added
    std::vector<Parameter> table_;
    std::size_t end_ = 0;
    Buffer values_;
    Buffer gradients_;
    std::vector<Bfloat16> rounded_values_;
    std::unique_ptr<RoundedCopy> rounded_; // whose address stays when an arena is moved
};

} // namespace retort::sdk
