// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace retort::sdk {

/// A read-only view of a row-major float32 matrix. Row r begins at `data + r * stride`, `stride >= columns`.
/// A view owns nothing and promises no alignment; whoever handed it out says how long it is valid.
struct ConstMatrix {
    const float *data = nullptr;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t stride = 0;

    /// True for a matrix that is absent ("not wanted" or "there is none").
    [[nodiscard]] bool empty() const { return data == nullptr || rows == 0 || columns == 0; }

    /// Row `index`, `columns` numbers.
    [[nodiscard]] std::span<const float> row(std::size_t index) const { return {data + index * stride, columns}; }

    /// Rows `first` to `first + count`, a view of the same memory.
    [[nodiscard]] ConstMatrix slice(std::size_t first, std::size_t count) const {
        return {data + first * stride, count, columns, stride};
    }
};

/// The writable counterpart of ConstMatrix. `data == nullptr` where a result is not wanted.
struct Matrix {
    float *data = nullptr;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t stride = 0;

    operator ConstMatrix() const { return {data, rows, columns, stride}; } // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool empty() const { return data == nullptr || rows == 0 || columns == 0; }

    [[nodiscard]] std::span<float> row(std::size_t index) const { return {data + index * stride, columns}; }

    [[nodiscard]] Matrix slice(std::size_t first, std::size_t count) const {
        return {data + first * stride, count, columns, stride};
    }
};

} // namespace retort::sdk
