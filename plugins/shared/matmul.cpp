// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <dnnl.hpp>

#include <array>
#include <memory>
#include <optional>
#include <plugins/shared/matmul.hpp>
#include <string>

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

/// A batch of matrices, `stride` apart.
dnnl::memory::desc describe(std::size_t count, std::size_t stride, std::size_t rows, std::size_t columns,
                            Strides strides, DataType type) {
    using Dimension = dnnl::memory::dim;
    return {{static_cast<Dimension>(count), static_cast<Dimension>(rows), static_cast<Dimension>(columns)},
            type,
            dnnl::memory::dims{static_cast<Dimension>(stride), static_cast<Dimension>(strides.row),
                               static_cast<Dimension>(strides.column)}};
}

/// The same matrix, in whatever order a primitive chooses.
dnnl::memory::desc any_order(const dnnl::memory::desc &matrix) {
#if DNNL_VERSION_MAJOR >= 3
    return {matrix.get_dims(), matrix.get_data_type(), dnnl::memory::format_tag::any};
#else
    return {matrix.dims(), matrix.data_type(), dnnl::memory::format_tag::any};
#endif
}

DataType type_of(sdk::Precision precision) {
    return precision == sdk::Precision::bf16 ? DataType::bf16 : DataType::f32;
}

struct Descriptors {
    dnnl::memory::desc left, right, result, bias;
};

Descriptors describe(const MatmulShape &shape) {
    const DataType operands = type_of(shape.operands);
    const DataType result = type_of(shape.result);
    const Strides whole{shape.result_stride, 1};
    if (shape.columns > 1 || shape.result_stride == 1)
        return {describe(shape.rows, shape.inner, shape.left, operands),
                describe(shape.inner, shape.columns, shape.right, operands),
                describe(shape.rows, shape.columns, whole, result),
                describe(1, shape.columns, {shape.columns, 1}, DataType::f32)};
    // One column with gaps: as a batch of single numbers, for oneDNN 3 takes the numbers of a column as adjacent.
    return {describe(shape.rows, shape.left.row, 1, shape.inner, {shape.inner, shape.left.column}, operands),
            describe(1, shape.inner, shape.inner, 1, shape.right, operands),
            describe(shape.rows, shape.result_stride, 1, 1, {1, 1}, result),
            describe(1, 1, 1, 1, {1, 1}, DataType::f32)};
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

dnnl::matmul::primitive_desc make(const MatmulShape &shape, const Descriptors &all) {
    const dnnl::memory::desc right = shape.packs_right ? any_order(all.right) : all.right;
    return shape.bias ? make(fused(shape), all.left, right, all.bias, all.result)
                      : make(fused(shape), all.left, right, all.result);
}

/// oneDNN 3 takes the numbers of a single row as adjacent, whatever their stride says.
const MatmulShape &checked(const MatmulShape &shape) {
    if (shape.rows == 1 && shape.inner > 1 && shape.left.column != 1)
        throw sdk::Error(sdk::ErrorKind::plugin, "a product of a single row whose numbers are " +
                                                     std::to_string(shape.left.column) +
                                                     " apart; allowed: adjacent ones");
    return shape;
}

} // namespace

sdk::Precision usable_precision(sdk::Services &services) {
    if (services.precision() == sdk::Precision::f32)
        return sdk::Precision::f32;
    constexpr auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16); // AMX includes it
    if ((static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & wanted) == wanted)
        return sdk::Precision::bf16;
    services.warn("precision bf16: this processor does not multiply bfloat16 (it has neither AVX512_BF16 nor AMX, or "
                  "ONEDNN_MAX_CPU_ISA hides them); float32 is used instead");
    return sdk::Precision::f32;
}

/// The primitive with its memory objects, whose data pointers are exchanged before each execution.
struct Matmul::Primitive {
    explicit Primitive(const MatmulShape &shape) : Primitive(shape, describe(shape)) {}

    Primitive(const MatmulShape &shape, const Descriptors &all) : Primitive(shape, all, make(shape, all)) {}

    Primitive(const MatmulShape &shape, const Descriptors &all, const dnnl::matmul::primitive_desc &chosen)
        : matmul(chosen), given(all.right, engine(), nullptr), left(all.left, engine(), nullptr),
          right(shape.packs_right ? dnnl::memory(chosen.weights_desc(), engine()) : given),
          result(all.result, engine(), nullptr), bias(all.bias, engine(), nullptr),
          stream(engine()), arguments{{{DNNL_ARG_SRC, left.get()},
                                       {DNNL_ARG_WEIGHTS, right.get()},
                                       {DNNL_ARG_DST, result.get()},
                                       {DNNL_ARG_BIAS, bias.get()}}},
          argument_count(shape.bias ? 4 : 3) {
        if (shape.packs_right)
            packing.emplace(given, right);
    }

    // The C function: dnnl::primitive::execute would build a vector in every call.
    void execute(const dnnl::primitive &primitive, const dnnl_exec_arg_t *with, int count, const char *what) {
        const dnnl_status_t status = dnnl_primitive_execute(primitive.get(), stream.get(), count, with);
        if (status != dnnl_success)
            throw sdk::Error(sdk::ErrorKind::plugin,
                             std::string("oneDNN failed in ") + what + ", status " + std::to_string(status));
    }

    dnnl::matmul matmul;
    dnnl::memory given; ///< B as it is handed in
    dnnl::memory left;
    dnnl::memory right; ///< `given`, or its packed copy
    dnnl::memory result;
    dnnl::memory bias;
    dnnl::stream stream;
    std::array<dnnl_exec_arg_t, 4> arguments;
    int argument_count;
    std::optional<dnnl::reorder> packing; ///< of `given` into `right`
    bool packed = false;
};

Matmul::Matmul(const MatmulShape &shape, const sdk::Services &services) try
    : primitive_(std::make_unique<Primitive>(checked(shape))),
      operations_(2 * shape.rows * shape.inner * shape.columns), services_(&services) {
} catch (const dnnl::error &error) {
    throw sdk::Error(sdk::ErrorKind::plugin, "oneDNN refuses the product [" + std::to_string(shape.rows) + ", " +
                                                 std::to_string(shape.inner) + "] x [" + std::to_string(shape.inner) +
                                                 ", " + std::to_string(shape.columns) + "]: " + error.what());
}

Matmul::Matmul(Matmul &&) noexcept = default;
Matmul &Matmul::operator=(Matmul &&) noexcept = default;
Matmul::~Matmul() = default;

void Matmul::pack(const float *right) {
    pack_any(right);
}

void Matmul::pack(const sdk::Bfloat16 *right) {
    pack_any(right);
}

void Matmul::pack_any(const void *right) {
    if (!primitive_->packing)
        throw sdk::Error(sdk::ErrorKind::plugin,
                         "a product whose shape does not pack its right operand was to pack it");
    primitive_->given.set_data_handle(const_cast<void *>(right));
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, primitive_->given.get()},
                                         {DNNL_ARG_TO, primitive_->right.get()}};
    primitive_->execute(*primitive_->packing, arguments, 2, "packing an operand");
    primitive_->packed = true;
}

void Matmul::operator()(const float *left, const float *right, float *result, const float *bias) const {
    run(left, right, result, bias);
}

void Matmul::operator()(const sdk::Bfloat16 *left, const sdk::Bfloat16 *right, float *result, const float *bias) const {
    run(left, right, result, bias);
}

void Matmul::operator()(const sdk::Bfloat16 *left, const sdk::Bfloat16 *right, sdk::Bfloat16 *result,
                        const float *bias) const {
    run(left, right, result, bias);
}

void Matmul::run(const void *left, const void *right, void *result, const float *bias) const {
    if (primitive_->packing && !primitive_->packed)
        throw sdk::Error(sdk::ErrorKind::plugin, "a product before its right operand was packed");
    services_->count_operations(operations_);
    // oneDNN has no read-only memory objects; it does not write to sources.
    primitive_->left.set_data_handle(const_cast<void *>(left));
    primitive_->given.set_data_handle(const_cast<void *>(right));
    primitive_->result.set_data_handle(result);
    primitive_->bias.set_data_handle(const_cast<float *>(bias));
    primitive_->execute(primitive_->matmul, primitive_->arguments.data(), primitive_->argument_count,
                        "a matrix product");
}

} // namespace retort::plugin_support
