// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/services.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <plugins/shared/activation.hpp>
#include <plugins/shared/bfloat16.hpp>
#include <vector>

namespace retort::plugin_support {

/// Where the elements of an operand lie: element (i, j) at i * row + j * column. One of them is 1.
struct Strides {
    std::size_t row = 0;
    std::size_t column = 1;

    /// The same memory seen as the transposed matrix.
    [[nodiscard]] Strides transposed() const { return {column, row}; }
};

/// What `services` ask of products, as far as the processor can: bfloat16 where it has AVX512_BF16 or AMX. Elsewhere it
/// warns, and it is float32.
[[nodiscard]] sdk::Precision usable_precision(sdk::Services &services);

/// How threads share a product: as oneDNN does, or each computes rows of C, columns of C, or for all of C the sum of a
/// part of the terms, which are then added up (docs/decisions/rows_of_weights.md).
enum class Cut { none, rows, columns, inner };

/// Parts begin at multiples of so many numbers.
constexpr std::size_t part_unit = 16;

/// Where part `i` of `count` begins when `whole` rows, columns or terms are shared among threads, in products that are
/// cut and in the loop over a layer's gradient; part `count` begins at the end.
[[nodiscard]] inline std::size_t part_begin(std::size_t whole, std::size_t i, std::size_t count) {
    return i == count ? whole : i * whole / count / part_unit * part_unit;
}

/// C [rows, columns] = A [rows, inner] B [inner, columns], and what is fused into it. A single row of A is dense.
struct MatmulShape {
    std::size_t rows = 0;
    std::size_t inner = 0;
    std::size_t columns = 0;
    Strides left;
    Strides right;
    std::size_t result_stride = 0;
    bool bias = false;                                 ///< adds a vector [columns] to every row
    bool accumulate = false;                           ///< C += instead of C =
    std::optional<ActivationFunction> activation = {}; ///< of the result, last
    sdk::Precision operands = sdk::Precision::f32;     ///< A and B; sums are float32
    sdk::Precision result = sdk::Precision::f32;       ///< C, once all else is done
    Cut cut = Cut::none;      ///< where its slices, one for each thread, are wide enough; not of what packs B
    bool packs_right = false; ///< B is given by `pack`, once for many products
};

/// A matrix product by oneDNN, built once for a shape and run on any memory. [training thread]
class Matmul {
  public:
    /// `services` must outlive it; they count its operations. Throws sdk::Error when oneDNN refuses the shape, and for
    /// a cut of `inner` with a bias, an activation or rounded results.
    Matmul(const MatmulShape &shape, sdk::Services &services);
    Matmul(Matmul &&) noexcept;
    Matmul &operator=(Matmul &&) noexcept;
    ~Matmul();

    /// Copies B into the order that is read fastest, for the products that follow. Allocates nothing. Throws sdk::Error
    /// unless the shape packs B.
    void pack(const float *right);
    void pack(const sdk::Bfloat16 *right);

    /// Operands and result of the shape's precisions; `bias` exactly if the shape has one. Where B is packed `right` is
    /// not looked at; throws sdk::Error if it is not packed yet. Allocates nothing and needs no alignment.
    void operator()(const float *left, const float *right, float *result, const float *bias = nullptr) const;
    void operator()(const sdk::Bfloat16 *left, const sdk::Bfloat16 *right, float *result,
                    const float *bias = nullptr) const;
    void operator()(const sdk::Bfloat16 *left, const sdk::Bfloat16 *right, sdk::Bfloat16 *result,
                    const float *bias = nullptr) const;

  private:
    struct Slice;

    void cut(MatmulShape shape);
    static std::unique_ptr<Slice> slice(MatmulShape shape, std::size_t i, std::size_t count);
    void run(const void *left, const void *right, void *result, const float *bias) const;
    void add_sums(float *result) const;

    std::vector<std::unique_ptr<Slice>> slices_;
    std::size_t rows_;
    std::size_t columns_;
    std::size_t result_stride_;
    std::uint64_t operations_;
    sdk::Services *services_;
};

} // namespace retort::plugin_support
