// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dnnl.hpp>

#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

namespace retort::benchmark {

/// The roofline: the matrix products of a fully connected network's prediction as oneDNN primitives on plain layouts,
/// back to back, nothing else.
class Products {
  public:
    /// `widths`: of the input and of each layer's output.
    Products(std::size_t rows, const std::vector<std::size_t> &widths) {
        dnnl::memory input = filled(described(rows, widths[0], widths[0], 1));
        for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer) {
            const std::size_t in = widths[layer];
            const std::size_t out = widths[layer + 1];
            const auto weight = described(in, out, 1, in); // stored [out, in], as models store it
            dnnl::memory output = filled(described(rows, out, out, 1));
            products_.emplace_back(
                product(input.get_desc(), weight, output.get_desc()),
                Arguments{{DNNL_ARG_SRC, input}, {DNNL_ARG_WEIGHTS, filled(weight)}, {DNNL_ARG_DST, output}});
            input = output;
        }
    }

    void operator()() {
        for (auto &[product, arguments] : products_)
            product.execute(stream_, arguments);
        stream_.wait();
    }

  private:
    using Arguments = std::unordered_map<int, dnnl::memory>;
    using Description = dnnl::memory::desc;

    static Description described(std::size_t rows, std::size_t columns, std::size_t row_stride,
                                 std::size_t column_stride) {
        using Dimension = dnnl::memory::dim;
        return {{static_cast<Dimension>(rows), static_cast<Dimension>(columns)},
                dnnl::memory::data_type::f32,
                dnnl::memory::dims{static_cast<Dimension>(row_stride), static_cast<Dimension>(column_stride)}};
    }

    dnnl::matmul product(const Description &left, const Description &right, const Description &result) const {
#if DNNL_VERSION_MAJOR >= 3
        return dnnl::matmul(dnnl::matmul::primitive_desc(engine_, left, right, result));
#else
        return dnnl::matmul(dnnl::matmul::primitive_desc(dnnl::matmul::desc(left, right, result), engine_));
#endif
    }

    /// Small numbers of both signs: products of zeros or denormal numbers would take another time.
    [[nodiscard]] dnnl::memory filled(const Description &description) const {
        dnnl::memory result(description, engine_);
        auto *values = static_cast<float *>(result.get_data_handle());
        for (std::size_t i = 0; i < description.get_size() / sizeof(float); ++i)
            values[i] = (static_cast<float>(i * 2654435761U % 1000U) - 499.5F) / 10000.0F;
        return result;
    }

    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    std::vector<std::pair<dnnl::matmul, Arguments>> products_;
};

} // namespace retort::benchmark
