// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <cstddef>
#include <plugins/shared/kernels.hpp>
#include <plugins/shared/matmul.hpp>
#include <plugins/shared/matmul_primitive.hpp>
#include <span>
#include <string>
#include <utility>

namespace retort::plugin_support {

namespace {

std::size_t &length(MatmulShape &shape) {
    return shape.cut == Cut::rows ? shape.rows : shape.cut == Cut::columns ? shape.columns : shape.inner;
}

std::size_t size_of(sdk::Precision precision) {
    return precision == sdk::Precision::bf16 ? sizeof(sdk::Bfloat16) : sizeof(float);
}

const std::byte *at(const void *operand, std::size_t bytes) {
    return static_cast<const std::byte *>(operand) + bytes;
}

/// Whether oneDNN multiplies by AMX. It does not do so for one thread in each case in which it does for several.
bool multiplies_tiles(const MatmulPrimitive &primitive) {
    return primitive.kernel().find("amx") != std::string::npos;
}

} // namespace

/// A thread's part of a product: of its rows, its columns, or its terms.
struct Matmul::Slice {
    explicit Slice(const MatmulShape &shape) : primitive(shape) {}

    MatmulPrimitive primitive;
    std::size_t left = 0;  ///< bytes from where A begins
    std::size_t right = 0; ///< and B
    std::size_t result = 0;
    std::size_t bias = 0; ///< numbers
    sdk::Buffer sums;     ///< C of its terms, unless they are the first

    void multiply(const void *a, const void *b, void *c, const float *bias_of_all) {
        void *target = static_cast<std::byte *>(c) + result;
        if (sums.size() > 0)
            target = sums.data();
        primitive(at(a, left), at(b, right), target, bias_of_all == nullptr ? nullptr : bias_of_all + bias);
    }
};

Matmul::Matmul(const MatmulShape &shape, sdk::Services &services)
    : rows_(shape.rows), columns_(shape.columns), result_stride_(shape.result_stride),
      operations_(2 * shape.rows * shape.inner * shape.columns), services_(&services) {
    if (shape.cut == Cut::inner && (shape.bias || shape.activation || shape.result != sdk::Precision::f32))
        throw sdk::Error(sdk::ErrorKind::plugin, "a product that is cut into sums of some terms each has a bias, an "
                                                 "activation or rounded results; allowed: none of them");
    slices_.push_back(std::make_unique<Slice>(shape));
    if (shape.cut != Cut::none && !shape.packs_right)
        cut(shape);
}

Matmul::Matmul(Matmul &&) noexcept = default;
Matmul &Matmul::operator=(Matmul &&) noexcept = default;
Matmul::~Matmul() = default;

/// Leaves the whole as it is where slices would be too narrow, or AMX multiplies it and not them.
void Matmul::cut(MatmulShape shape) {
    constexpr std::size_t least = 64; // narrower ones take longer
    const std::size_t count = services_->threads();
    if (count == 1 || length(shape) < least * count)
        return;
    std::vector<std::unique_ptr<Slice>> slices;
    services_->on_one_thread([&] {
        for (std::size_t i = 0; i < count; ++i)
            slices.push_back(slice(shape, i, count));
    });
    const auto tiles = [](const auto &slice) { return multiplies_tiles(slice->primitive); };
    if (!tiles(slices_[0]) || std::all_of(slices.begin(), slices.end(), tiles))
        slices_ = std::move(slices);
}

/// Number `i` of `count`.
std::unique_ptr<Matmul::Slice> Matmul::slice(MatmulShape shape, std::size_t i, std::size_t count) {
    const std::size_t whole = length(shape);
    const std::size_t begin = part_begin(whole, i, count);
    length(shape) = part_begin(whole, i + 1, count) - begin;
    const bool terms = shape.cut == Cut::inner && i > 0;
    shape.accumulate = shape.accumulate && !terms;
    auto made = std::make_unique<Slice>(shape);
    const std::size_t of_operand = begin * size_of(shape.operands);
    const std::size_t of_result = begin * size_of(shape.result);
    if (shape.cut == Cut::rows) {
        made->left = of_operand * shape.left.row;
        made->result = of_result * shape.result_stride;
    } else if (shape.cut == Cut::columns) {
        made->right = of_operand * shape.right.column;
        made->result = of_result;
        made->bias = begin;
    } else {
        made->left = of_operand * shape.left.column;
        made->right = of_operand * shape.right.row;
    }
    if (terms)
        made->sums = sdk::Buffer(shape.rows * shape.result_stride);
    return made;
}

void Matmul::pack(const float *right) {
    slices_[0]->primitive.pack(right);
}

void Matmul::pack(const sdk::Bfloat16 *right) {
    slices_[0]->primitive.pack(right);
}

void Matmul::operator()(const float *left, const float *right, float *result, const float *bias) const {
    run(left, right, result, bias);
    add_sums(result);
}

void Matmul::operator()(const sdk::Bfloat16 *left, const sdk::Bfloat16 *right, float *result, const float *bias) const {
    run(left, right, result, bias);
    add_sums(result);
}

void Matmul::operator()(const sdk::Bfloat16 *left, const sdk::Bfloat16 *right, sdk::Bfloat16 *result,
                        const float *bias) const {
    run(left, right, result, bias);
}

void Matmul::run(const void *left, const void *right, void *result, const float *bias) const {
    services_->count_operations(operations_);
    if (slices_.size() == 1)
        return slices_[0]->multiply(left, right, result, bias);
    services_->parallel_for(slices_.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            slices_[i]->multiply(left, right, result, bias);
    });
}

void Matmul::add_sums(float *result) const {
    if (slices_.back()->sums.size() == 0)
        return;
    constexpr std::size_t grain = 8; // rows
    services_->parallel_for(rows_, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            for (const auto &slice : std::span(slices_).subspan(1))
                add({result + row * result_stride_, columns_},
                    slice->sums.span().subspan(row * result_stride_, columns_));
    });
}

} // namespace retort::plugin_support
