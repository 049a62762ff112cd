// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <dnnl.hpp>
#include <omp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <plugins/shared/matmul.hpp>
#include <string>
#include <utility>

namespace retort::plugin_support {

namespace {

const dnnl::engine &engine() {
    static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

using DataType = dnnl::memory::data_type;

dnnl::memory::desc describe(std::size_t rows, std::size_t columns, Strides strides, DataType type) {
    using Dimension = dnnl::memory::dim;
    return {{static_cast<Dimension>(rows), static_cast<Dimension>(columns)},
            type,
            dnnl::memory::dims{static_cast<Dimension>(strides.row), static_cast<Dimension>(strides.column)}};
}

void append(dnnl::post_ops &operations, ActivationFunction function) {
    const dnnl::algorithm algorithm = function.kind == Activation::tanh   ? dnnl::algorithm::eltwise_tanh
                                      : function.kind == Activation::gelu ? dnnl::algorithm::eltwise_gelu_tanh
                                                                          : dnnl::algorithm::eltwise_relu;
    const float slope = function.kind == Activation::leaky_relu ? function.negative_slope : 0.0F;
#if DNNL_VERSION_MAJOR >= 3
    operations.append_eltwise(algorithm, slope, 0.0F);
#else
    operations.append_eltwise(1.0F, algorithm, slope, 0.0F);
#endif
}

dnnl::primitive_attr fused(const MatmulShape &shape) {
    dnnl::post_ops operations;
    if (shape.accumulate)
        operations.append_sum(1.0F);
    if (shape.activation)
        append(operations, *shape.activation);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(operations);
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user); // oneDNN's own belongs to the thread that made it
    return attributes;
}

template <class... Descriptors>
dnnl::matmul::primitive_desc make(const dnnl::primitive_attr &attributes, const Descriptors &...descriptors) {
#if DNNL_VERSION_MAJOR >= 3
    return {engine(), descriptors..., attributes};
#else
    return {dnnl::matmul::desc(descriptors...), attributes, engine()};
#endif
}

/// While it lives, primitives are made for one thread.
class OneThread {
  public:
    OneThread() : threads_(omp_get_max_threads()) { omp_set_num_threads(1); }
    ~OneThread() { omp_set_num_threads(threads_); }
    OneThread(const OneThread &) = delete;
    OneThread &operator=(const OneThread &) = delete;

  private:
    int threads_;
};

/// Smaller products are left to oneDNN as they are.
constexpr std::size_t multiplications_per_part = 1U << 23U;

/// Parts begin at multiples of this, a vector's width.
constexpr std::size_t part_alignment = 16;

/// Into how many parts a product is cut, down its rows and along its columns.
struct Grid {
    std::size_t rows = 1;
    std::size_t columns = 1;
};

/// For each prime factor of the number of threads, the longer side of a part is cut, if it is long enough. A product
/// with something fused into it stays whole: oneDNN multiplies a part of a matrix by another kernel, with a pass of its
/// own for what follows, and all that was won is lost again.
Grid grid_of(const MatmulShape &shape, std::size_t threads) {
    Grid grid;
    if (shape.bias || shape.activation || shape.accumulate || shape.bfloat16)
        return grid;
    std::size_t multiplications = shape.rows * shape.inner * shape.columns;
    for (std::size_t factor = 2; factor <= threads; ++factor) {
        for (; threads % factor == 0; threads /= factor) {
            const std::size_t rows = shape.rows / grid.rows;
            const std::size_t columns = shape.columns / grid.columns;
            multiplications /= factor;
            if (multiplications < multiplications_per_part)
                return grid;
            (rows > columns ? grid.rows : grid.columns) *= factor;
        }
    }
    return grid;
}

/// Rounded up, so that the last part may be smaller.
std::size_t part_of(std::size_t extent, std::size_t parts) {
    return parts == 1 ? extent : ((extent + parts - 1) / parts + part_alignment - 1) / part_alignment * part_alignment;
}

} // namespace

/// Where the operands of one call begin.
struct Matmul::Operands {
    const void *left;
    const void *right;
    float *result;
    const float *bias;
};

/// A primitive for some rows and columns of the result, with its memory objects, whose data pointers are exchanged
/// before each execution.
class Matmul::Part {
  public:
    /// `part`: its shape. `row`, `column`: where it begins in the whole.
    Part(const MatmulShape &part, std::size_t row, std::size_t column) : Part(part, make_description(part)) {
        const std::size_t size = part.bfloat16 ? sizeof(Bfloat16) : sizeof(float);
        left_offset_ = row * part.left.row * size;
        right_offset_ = column * part.right.column * size;
        result_offset_ = row * part.result_stride + column;
        bias_offset_ = column;
    }

    void operator()(const Operands &operands) const {
        // oneDNN has no read-only memory objects; it does not write to sources.
        left_.set_data_handle(const_cast<char *>(static_cast<const char *>(operands.left)) + left_offset_);
        right_.set_data_handle(const_cast<char *>(static_cast<const char *>(operands.right)) + right_offset_);
        result_.set_data_handle(operands.result + result_offset_);
        if (operands.bias != nullptr)
            bias_.set_data_handle(const_cast<float *>(operands.bias) + bias_offset_);
        // The C function: dnnl::primitive::execute would build a vector in every call.
        const dnnl_status_t status =
            dnnl_primitive_execute(matmul_.get(), stream_.get(), argument_count_, arguments_.data());
        if (status != dnnl_success)
            throw sdk::Error(sdk::ErrorKind::plugin,
                             "oneDNN failed in a matrix product, status " + std::to_string(status));
    }

  private:
    Part(const MatmulShape &part, const dnnl::matmul::primitive_desc &description)
        : matmul_(description), left_(description.src_desc(), engine(), nullptr),
          right_(description.weights_desc(), engine(), nullptr), result_(description.dst_desc(), engine(), nullptr),
          bias_(vector_of(part), engine(), nullptr), scratchpad_(description.scratchpad_desc(), engine()),
          stream_(engine()), arguments_{{{DNNL_ARG_SRC, left_.get()},
                                         {DNNL_ARG_WEIGHTS, right_.get()},
                                         {DNNL_ARG_DST, result_.get()},
                                         {DNNL_ARG_SCRATCHPAD, scratchpad_.get()},
                                         {DNNL_ARG_BIAS, bias_.get()}}},
          argument_count_(part.bias ? 5 : 4) {}

    static dnnl::memory::desc vector_of(const MatmulShape &part) {
        return describe(1, part.columns, {part.columns, 1}, DataType::f32);
    }

    static dnnl::matmul::primitive_desc make_description(const MatmulShape &part) {
        const DataType operands = part.bfloat16 ? DataType::bf16 : DataType::f32;
        const dnnl::memory::desc left = describe(part.rows, part.inner, part.left, operands);
        const dnnl::memory::desc right = describe(part.inner, part.columns, part.right, operands);
        const dnnl::memory::desc result = describe(part.rows, part.columns, {part.result_stride, 1}, DataType::f32);
        return part.bias ? make(fused(part), left, right, vector_of(part), result)
                         : make(fused(part), left, right, result);
    }

    dnnl::matmul matmul_;
    dnnl::memory left_;
    dnnl::memory right_;
    dnnl::memory result_;
    dnnl::memory bias_;
    dnnl::memory scratchpad_;
    dnnl::stream stream_;
    std::array<dnnl_exec_arg_t, 5> arguments_;
    int argument_count_;
    std::size_t left_offset_ = 0;   // bytes
    std::size_t right_offset_ = 0;  // bytes
    std::size_t result_offset_ = 0; // floats
    std::size_t bias_offset_ = 0;   // floats
};

Matmul::Matmul(const MatmulShape &shape, sdk::Services &services) try
    : services_(&services), operations_(2 * shape.rows * shape.inner * shape.columns) {
    const Grid grid = grid_of(shape, services.threads());
    const std::size_t rows = part_of(shape.rows, grid.rows);
    const std::size_t columns = part_of(shape.columns, grid.columns);
    std::optional<OneThread> scope;
    if (grid.rows * grid.columns > 1)
        scope.emplace();
    for (std::size_t row = 0; row < shape.rows; row += rows) {
        for (std::size_t column = 0; column < shape.columns; column += columns) {
            MatmulShape part = shape;
            part.rows = std::min(rows, shape.rows - row);
            part.columns = std::min(columns, shape.columns - column);
            parts_.emplace_back(part, row, column);
        }
    }
} catch (const dnnl::error &error) {
    throw sdk::Error(sdk::ErrorKind::plugin, "oneDNN refuses the product [" + std::to_string(shape.rows) + ", " +
                                                 std::to_string(shape.inner) + "] x [" + std::to_string(shape.inner) +
                                                 ", " + std::to_string(shape.columns) + "]: " + error.what());
}

Matmul::Matmul(Matmul &&) noexcept = default;
Matmul &Matmul::operator=(Matmul &&) noexcept = default;
Matmul::~Matmul() = default;

void Matmul::operator()(const float *left, const float *right, float *result, const float *bias) const {
    run({left, right, result, bias});
}

void Matmul::operator()(const Bfloat16 *left, const Bfloat16 *right, float *result, const float *bias) const {
    run({left, right, result, bias});
}

void Matmul::run(const Operands &operands) const {
    services_->count_operations(operations_);
    if (parts_.size() == 1)
        return parts_.front()(operands);
    services_->parallel_for(parts_.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            parts_[i](operands);
    });
}

} // namespace retort::plugin_support
