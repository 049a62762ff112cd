// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <plugins/shared/matmul.hpp>
#include <string>
#include <support/context.hpp>
#include <support/fake_profiler.hpp>
#include <support/numeric.hpp>
#include <vector>

using namespace retort;
using plugin_support::Cut;
using plugin_support::Matmul;
using plugin_support::MatmulShape;
using plugin_support::Strides;
using sdk::Bfloat16;

namespace {

struct Extent {
    std::size_t rows;
    std::size_t inner;
    std::size_t columns;
};

constexpr Extent extents[] = {{1, 1, 1}, {1, 5, 1}, {3, 1, 7}, {5, 7, 3}, {17, 33, 65}, {64, 64, 1}, {250, 10, 31}};

/// Row-major [rows, columns], or the transposed layout, with `gap` unused numbers after each stored row.
Strides strides(std::size_t rows, std::size_t columns, bool transposed, std::size_t gap) {
    return transposed ? Strides{1, rows + gap} : Strides{columns + gap, 1};
}

constexpr std::optional<plugin_support::ActivationFunction> activations[] = {
    std::nullopt,
    {{plugin_support::Activation::relu, 0.3F}},
    {{plugin_support::Activation::leaky_relu, 0.2F}},
    {{plugin_support::Activation::tanh}},
    {{plugin_support::Activation::gelu}}};

double activated(plugin_support::ActivationFunction function, double x) {
    using plugin_support::Activation;
    switch (function.kind) {
    case Activation::relu: return std::max(x, 0.0);
    case Activation::leaky_relu: return x > 0.0 ? x : static_cast<double>(function.negative_slope) * x;
    case Activation::tanh: return std::tanh(x);
    case Activation::gelu:
        return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
    }
    return x;
}

/// Operands of a product, and its value by plain loops in double.
struct Product {
    explicit Product(const MatmulShape &asked, std::size_t threads = 1) : shape(asked) {
        services.parts = threads;
        const std::size_t size = 70 * 400;
        for (std::vector<float> *values : {&left, &right, &bias, &result}) {
            values->resize(size);
            sdk::fill_normal(sdk::Random{values == &left ? 1U : 2U}, *values);
        }
        before = result;
        if (shape.operands == sdk::Precision::f32)
            multiply(left, right);
        else
            multiply(round(left), round(right));
    }

    [[nodiscard]] double expected(std::size_t row, std::size_t column) const {
        double sum = shape.bias ? static_cast<double>(bias[column]) : 0.0;
        for (std::size_t i = 0; i < shape.inner; ++i)
            sum += static_cast<double>(left[row * shape.left.row + i * shape.left.column]) *
                   static_cast<double>(right[i * shape.right.row + column * shape.right.column]);
        if (shape.accumulate)
            sum += static_cast<double>(before[row * shape.result_stride + column]);
        return shape.activation ? activated(*shape.activation, sum) : sum;
    }

    /// Tolerance: rounding of a float32 sum of `inner` standard normal products.
    void check() const {
        const double tolerance = 2e-6 * (1.0 + static_cast<double>(shape.inner));
        for (std::size_t row = 0; row < shape.rows; ++row) {
            for (std::size_t column = 0; column < shape.columns; ++column)
                BOOST_TEST(std::abs(static_cast<double>(result[row * shape.result_stride + column]) -
                                    expected(row, column)) <= tolerance);
            for (std::size_t i = row * shape.result_stride + shape.columns; i < (row + 1) * shape.result_stride; ++i)
                BOOST_TEST(result[i] == before[i]);
        }
    }

    [[nodiscard]] std::size_t loops() const { return services.loops; }

  private:
    template <class Value> void multiply(const std::vector<Value> &a, const std::vector<Value> &b) {
        Matmul product(shape, services);
        const float *const added = shape.bias ? bias.data() : nullptr;
        if (shape.packs_right)
            product.pack(b.data());
        product(a.data(), shape.packs_right ? nullptr : b.data(), result.data(), added);
    }

    /// Rounds `values` themselves, too: the expected product is of what was multiplied.
    static std::vector<Bfloat16> round(std::vector<float> &values) {
        std::vector<Bfloat16> rounded(values.size());
        plugin_support::round_to_bfloat16(values, rounded);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = std::bit_cast<float>(static_cast<std::uint32_t>(rounded[i].bits) << 16U);
        return rounded;
    }

    test::FakeServices services;
    MatmulShape shape;
    std::vector<float> left;
    std::vector<float> right;
    std::vector<float> bias;
    std::vector<float> result;
    std::vector<float> before;
};

} // namespace

BOOST_AUTO_TEST_SUITE(test_matmul)

BOOST_AUTO_TEST_CASE(layouts) {
    for (const Extent &extent : extents)
        for (const bool left : {false, true})
            for (const bool right : {false, true})
                for (const std::size_t gap : {std::size_t{0}, std::size_t{3}}) {
                    if (extent.rows == 1 && extent.inner > 1 && left && gap > 0)
                        continue; // refused
                    BOOST_TEST_CONTEXT(extent.rows << " x " << extent.inner << " x " << extent.columns
                                                   << ", transposed " << left << right << ", gap " << gap) {
                        Product({extent.rows, extent.inner, extent.columns,
                                 strides(extent.rows, extent.inner, left, gap),
                                 strides(extent.inner, extent.columns, right, gap), extent.columns + gap})
                            .check();
                    }
                }
}

BOOST_AUTO_TEST_CASE(a_single_row_with_gaps_is_refused) {
    test::FakeServices services;
    BOOST_CHECK_EXCEPTION(Matmul({1, 5, 2, {1, 4}, {2, 1}, 2}, services), sdk::Error, [](const sdk::Error &error) {
        return std::string(error.what()) ==
               "a product of a single row whose numbers are 4 apart; allowed: adjacent ones";
    });
}

BOOST_AUTO_TEST_CASE(one_column_with_gaps_and_what_is_fused_into_it) {
    for (const bool bias : {false, true})
        for (const bool accumulate : {false, true})
            Product({64, 33, 1, {33, 1}, {1, 33}, 5, bias, accumulate, activations[1]}).check();
}

BOOST_AUTO_TEST_CASE(fused_operations) {
    for (const Extent &extent : extents)
        for (const bool bias : {false, true})
            for (const bool accumulate : {false, true})
                for (const auto &activation : activations) {
                    BOOST_TEST_CONTEXT(extent.rows << " x " << extent.inner << " x " << extent.columns << ", bias "
                                                   << bias << ", accumulate " << accumulate << ", activation "
                                                   << (activation ? static_cast<int>(activation->kind) : -1)) {
                        Product({extent.rows,
                                 extent.inner,
                                 extent.columns,
                                 {extent.inner, 1},
                                 {1, extent.inner},
                                 extent.columns,
                                 bias,
                                 accumulate,
                                 activation})
                            .check();
                    }
                }
}

BOOST_AUTO_TEST_CASE(bfloat16_is_used_where_the_processor_has_it_and_else_said_not_to_be) {
    test::FakeServices services;
    BOOST_TEST((plugin_support::usable_precision(services) == sdk::Precision::f32));
    BOOST_TEST(services.warnings.empty());
    services.asked_precision = sdk::Precision::bf16;
    if (plugin_support::usable_precision(services) == sdk::Precision::f32) { // as in test_plugin_support_avx2
        const std::vector<std::string> told{
            "precision bf16: this processor does not multiply bfloat16 (it has neither AVX512_BF16 nor AMX, or "
            "ONEDNN_MAX_CPU_ISA hides them); float32 is used instead"};
        BOOST_TEST(services.warnings == told, boost::test_tools::per_element());
        return;
    }
    BOOST_TEST(services.warnings.empty());
    for (const Extent &extent : extents)
        for (const bool transposed : {false, true})
            for (const bool accumulate : {false, true}) {
                BOOST_TEST_CONTEXT(extent.rows << " x " << extent.inner << " x " << extent.columns << ", transposed "
                                               << transposed << ", accumulate " << accumulate) {
                    Product({extent.rows,
                             extent.inner,
                             extent.columns,
                             strides(extent.rows, extent.inner, transposed, 0),
                             strides(extent.inner, extent.columns, !transposed, 0),
                             extent.columns,
                             !accumulate,
                             accumulate,
                             {},
                             sdk::Precision::bf16})
                        .check();
                }
            }
}

BOOST_AUTO_TEST_CASE(products_that_threads_share_by_slices) {
    test::FakeServices services;
    services.asked_precision = sdk::Precision::bf16;
    constexpr Extent shared[] = {{64, 130, 33}, {133, 64, 130}, {70, 7, 230}, {200, 30, 63}};
    for (const sdk::Precision operands : {sdk::Precision::f32, plugin_support::usable_precision(services)})
        for (const Extent &extent : shared)
            for (const Cut cut : {Cut::none, Cut::rows, Cut::columns, Cut::inner})
                for (const std::size_t threads : {1U, 2U, 3U})
                    for (const bool transposed : {false, true})
                        for (const bool accumulate : {false, true}) {
                            MatmulShape shape{extent.rows,
                                              extent.inner,
                                              extent.columns,
                                              strides(extent.rows, extent.inner, transposed, 3),
                                              strides(extent.inner, extent.columns, !transposed, 5),
                                              extent.columns + 2};
                            shape.operands = operands;
                            shape.cut = cut;
                            shape.accumulate = accumulate;
                            if (cut != Cut::inner) {
                                shape.bias = true;
                                shape.activation = activations[1];
                            }
                            BOOST_TEST_CONTEXT(extent.rows << " x " << extent.inner << " x " << extent.columns
                                                           << ", cut " << static_cast<int>(cut) << ", threads "
                                                           << threads << ", transposed " << transposed << ", adds "
                                                           << accumulate << ", bfloat16 "
                                                           << (operands == sdk::Precision::bf16)) {
                                const Product product(shape, threads);
                                product.check();
                                const std::size_t along = cut == Cut::none      ? 0
                                                          : cut == Cut::rows    ? extent.rows
                                                          : cut == Cut::columns ? extent.columns
                                                                                : extent.inner;
                                const std::size_t slices = threads > 1 && along >= 64 * threads ? threads : 1;
                                if (operands == sdk::Precision::f32) // of bfloat16, AMX may multiply the whole
                                    BOOST_TEST(product.loops() == (slices == 1 ? 0U : cut == Cut::inner ? 2U : 1U));
                            }
                        }
}

BOOST_AUTO_TEST_CASE(sums_of_terms_have_nothing_fused_into_them) {
    test::FakeServices services;
    MatmulShape shape{4, 130, 4, {130, 1}, {4, 1}, 4};
    shape.cut = Cut::inner;
    BOOST_CHECK_NO_THROW(Matmul(shape, services));
    shape.bias = true;
    BOOST_CHECK_EXCEPTION(Matmul(shape, services), sdk::Error, [](const sdk::Error &error) {
        return std::string(error.what()) == "a product that is cut into sums of some terms each has a bias, an "
                                            "activation or rounded results; allowed: none of them";
    });
}

BOOST_AUTO_TEST_CASE(packed_right_operands) {
    test::FakeServices services;
    services.asked_precision = sdk::Precision::bf16;
    for (const sdk::Precision operands : {sdk::Precision::f32, plugin_support::usable_precision(services)})
        for (const Extent &extent : extents)
            for (const bool transposed : {false, true})
                for (const std::size_t gap : {std::size_t{0}, std::size_t{3}}) {
                    BOOST_TEST_CONTEXT(extent.rows << " x " << extent.inner << " x " << extent.columns
                                                   << ", transposed " << transposed << ", gap " << gap << ", bfloat16 "
                                                   << (operands == sdk::Precision::bf16)) {
                        MatmulShape shape{extent.rows,
                                          extent.inner,
                                          extent.columns,
                                          {extent.inner, 1},
                                          strides(extent.inner, extent.columns, transposed, gap),
                                          extent.columns + gap};
                        shape.bias = true;
                        shape.activation = activations[1];
                        shape.operands = operands;
                        shape.packs_right = true;
                        Product(shape).check();
                    }
                }
}

// What is packed is a copy, and the last one.
BOOST_AUTO_TEST_CASE(a_packed_operand_is_as_it_was) {
    test::FakeServices services;
    MatmulShape shape{17, 33, 65, {33, 1}, {1, 33}, 65};
    shape.packs_right = true;
    Matmul product(shape, services);
    const std::vector<float> left(17 * 33, 1.0F);
    std::vector<float> right(33 * 65, 1.0F);
    std::vector<float> result(17 * 65);
    for (const float value : {1.0F, 2.0F}) {
        std::ranges::fill(right, value);
        product.pack(right.data());
        std::ranges::fill(right, -1.0F);
        product(left.data(), nullptr, result.data());
        BOOST_TEST(result == std::vector<float>(17 * 65, 33.0F * value), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(packing_is_for_shapes_that_pack_and_comes_first) {
    test::FakeServices services;
    MatmulShape shape{2, 3, 4, {3, 1}, {4, 1}, 4};
    const std::vector<float> operand(12);
    std::vector<float> result(8);
    Matmul plain(shape, services);
    BOOST_CHECK_EXCEPTION(plain.pack(operand.data()), sdk::Error, [](const sdk::Error &error) {
        return std::string(error.what()) == "a product whose shape does not pack its right operand was to pack it";
    });
    shape.packs_right = true;
    const Matmul packing(shape, services);
    BOOST_CHECK_EXCEPTION(packing(operand.data(), operand.data(), result.data()), sdk::Error,
                          [](const sdk::Error &error) {
                              return std::string(error.what()) == "a product before its right operand was packed";
                          });
}

BOOST_AUTO_TEST_CASE(refused_shapes_are_reported) {
    test::FakeServices services;
    BOOST_CHECK_THROW(Matmul({static_cast<std::size_t>(-1), 2, 3, {2, 1}, {3, 1}, 3}, services), sdk::Error);
}

BOOST_AUTO_TEST_CASE(operations_are_counted_where_they_are_profiled) {
    test::FakeProfiler profiler;
    test::FakeServices services;
    services.profiled_by = &profiler;
    const MatmulShape shape{5, 7, 3, {7, 1}, {3, 1}, 3};
    const Matmul counted(shape, services);
    BOOST_TEST(profiler.operations == 0U); // nothing is done yet
    std::vector<float> left(35), right(21), result(15);
    counted(left.data(), right.data(), result.data());
    counted(left.data(), right.data(), result.data());
    BOOST_TEST(profiler.operations == 2U * 2U * 5U * 7U * 3U);
}

BOOST_AUTO_TEST_SUITE_END()
