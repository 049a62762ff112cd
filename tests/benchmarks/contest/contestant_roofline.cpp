// SPDX-License-Identifier: Apache-2.0
// The roofline: exactly the step's matrix products as oneDNN primitives on plain layouts, back to back, nothing else.
// In bf16 the operands are bfloat16; so are the results, but for the gradients of weights, which are float32.
#include "contest.hpp"

#include <dnnl.hpp>
#include <omp.h>

#include <cstring>
#include <deque>
#include <unordered_map>

using dnnl::memory;
using retort::benchmark::Contest;

namespace {

class Products {
  public:
    explicit Products(const Contest &contest)
        : type_(contest.precision == "bf16" ? memory::data_type::bf16 : memory::data_type::f32) {
        const std::vector<std::size_t> student{Contest::input, contest.width, contest.width, Contest::classes};
        const std::size_t middle = Contest::discriminator_width;
        const std::vector<std::size_t> discriminator{Contest::classes, middle, middle, 1};
        const std::size_t rows = contest.batch;
        if (contest.teacher_runs)
            forward({Contest::input, Contest::teacher_width, Contest::teacher_width, Contest::classes}, rows);
        forward(student, rows);
        forward(discriminator, 2 * rows); // it learns from both sides' samples at once
        backward(discriminator, 2 * rows, true, false);
        forward(discriminator, rows); // it is fooled
        backward(discriminator, rows, false, true);
        backward(student, rows, true, false);
    }

    void operator()() {
        for (auto &[product, arguments] : products_)
            product.execute(stream_, arguments);
        stream_.wait();
    }

  private:
    using Arguments = std::unordered_map<int, memory>;

    void forward(const std::vector<std::size_t> &widths, std::size_t rows) {
        for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer)
            multiply({rows, widths[layer]}, {widths[layer + 1], widths[layer]}, false, true, type_);
    }

    /// From the last layer down: gradients of weights, and of each layer's input, of the first one's only if
    /// `to_input`.
    void backward(const std::vector<std::size_t> &widths, std::size_t rows, bool to_weights, bool to_input) {
        for (std::size_t layer = widths.size() - 1; layer-- > 0;) {
            if (to_weights)
                multiply({rows, widths[layer + 1]}, {rows, widths[layer]}, true, false, memory::data_type::f32);
            if (layer > 0 || to_input)
                multiply({rows, widths[layer + 1]}, {widths[layer + 1], widths[layer]}, false, false, type_);
        }
    }

    struct Shape {
        std::size_t rows, columns;
    };

    /// left' right', where a prime means transposed as said, of plain row-major matrices of their own.
    void multiply(Shape left, Shape right, bool transpose_left, bool transpose_right, memory::data_type result) {
        const memory::desc a = view(left, transpose_left, type_);
        const memory::desc b = view(right, transpose_right, type_);
        const Shape shape{transpose_left ? left.columns : left.rows, transpose_right ? right.rows : right.columns};
        const memory::desc c = view(shape, false, result);
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::matmul::primitive_desc description(engine_, a, b, c);
#else
        const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(a, b, c), engine_);
#endif
        products_.emplace_back(
            dnnl::matmul(description),
            Arguments{{DNNL_ARG_SRC, filled(a)}, {DNNL_ARG_WEIGHTS, filled(b)}, {DNNL_ARG_DST, filled(c)}});
    }

    static memory::desc view(Shape shape, bool transpose, memory::data_type type) {
        const auto rows = static_cast<memory::dim>(shape.rows);
        const auto columns = static_cast<memory::dim>(shape.columns);
        return transpose ? memory::desc({columns, rows}, type, memory::dims{1, columns})
                         : memory::desc({rows, columns}, type, memory::dims{columns, 1});
    }

    /// Small numbers of both signs: products of zeros or denormal numbers would take another time.
    memory filled(const memory::desc &description) {
        memory result(description, engine_);
        const std::size_t width = type_of(description) == memory::data_type::bf16 ? 2 : 4;
        auto *bytes = static_cast<unsigned char *>(result.get_data_handle());
        for (std::size_t i = 0; i < description.get_size() / width; ++i) {
            const float value = (static_cast<float>(i * 2654435761U % 1000U) - 499.5F) / 10000.0F;
            unsigned char of_value[4];
            std::memcpy(of_value, &value, 4);
            std::memcpy(bytes + i * width, of_value + (4 - width), width); // bfloat16 is the upper half
        }
        return result;
    }

    static memory::data_type type_of(const memory::desc &description) {
#if DNNL_VERSION_MAJOR >= 3
        return description.get_data_type();
#else
        return description.data_type();
#endif
    }

    memory::data_type type_;
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    std::deque<std::pair<dnnl::matmul, Arguments>> products_;
};

} // namespace

int main(int count, char **values) try {
    const Contest contest = retort::benchmark::contest_from(count, values);
    omp_set_num_threads(static_cast<int>(contest.threads));
    Products products(contest);
    retort::benchmark::time_steps(contest, products);
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
