// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <plugins/shared/matmul_primitive.hpp>
#include <string>
#include <string_view>

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

MatmulPrimitive::Descriptors describe(const MatmulShape &shape) {
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

dnnl::matmul::primitive_desc make(const MatmulShape &shape, const MatmulPrimitive::Descriptors &all) {
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

MatmulPrimitive::MatmulPrimitive(const MatmulShape &shape) try : MatmulPrimitive(checked(shape), describe(shape)) {
} catch (const dnnl::error &error) {
    throw sdk::Error(sdk::ErrorKind::plugin, "oneDNN refuses the product [" + std::to_string(shape.rows) + ", " +
                                                 std::to_string(shape.inner) + "] x [" + std::to_string(shape.inner) +
                                                 ", " + std::to_string(shape.columns) + "]: " + error.what());
}

MatmulPrimitive::MatmulPrimitive(const MatmulShape &shape, const Descriptors &all)
    : MatmulPrimitive(shape, all, make(shape, all)) {}

MatmulPrimitive::MatmulPrimitive(const MatmulShape &shape, const Descriptors &all,
                                 const dnnl::matmul::primitive_desc &chosen)
    : kernel_(chosen.impl_info_str()), matmul_(chosen), given_(all.right, engine(), nullptr),
      left_(all.left, engine(), nullptr),
      right_(shape.packs_right ? dnnl::memory(chosen.weights_desc(), engine()) : given_),
      result_(all.result, engine(), nullptr), bias_(all.bias, engine(), nullptr),
      stream_(engine()), arguments_{{{DNNL_ARG_SRC, left_.get()},
                                     {DNNL_ARG_WEIGHTS, right_.get()},
                                     {DNNL_ARG_DST, result_.get()},
                                     {DNNL_ARG_BIAS, bias_.get()}}},
      argument_count_(shape.bias ? 4 : 3) {
    if (shape.packs_right)
        packing_.emplace(given_, right_);
}

void MatmulPrimitive::pack(const void *right) {
    if (!packing_)
        throw sdk::Error(sdk::ErrorKind::plugin,
                         "a product whose shape does not pack its right operand was to pack it");
    given_.set_data_handle(const_cast<void *>(right));
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, given_.get()}, {DNNL_ARG_TO, right_.get()}};
    execute(*packing_, arguments, 2, "packing an operand");
    packed_ = true;
}

void MatmulPrimitive::operator()(const void *left, const void *right, void *result, const float *bias) {
    if (packing_ && !packed_)
        throw sdk::Error(sdk::ErrorKind::plugin, "a product before its right operand was packed");
    // oneDNN has no read-only memory objects; it does not write to sources.
    left_.set_data_handle(const_cast<void *>(left));
    given_.set_data_handle(const_cast<void *>(right));
    result_.set_data_handle(result);
    bias_.set_data_handle(const_cast<float *>(bias));
    execute(matmul_, arguments_.data(), argument_count_, "a matrix product");
}

/// By the C function: dnnl::primitive::execute would build a vector in every call.
void MatmulPrimitive::execute(const dnnl::primitive &primitive, const dnnl_exec_arg_t *arguments, int count,
                              const char *what) const {
    const dnnl_status_t status = dnnl_primitive_execute(primitive.get(), stream_.get(), count, arguments);
    if (status != dnnl_success)
        throw sdk::Error(sdk::ErrorKind::plugin,
                         std::string("oneDNN failed in ") + what + ", status " + std::to_string(status));
}

} // namespace retort::plugin_support
