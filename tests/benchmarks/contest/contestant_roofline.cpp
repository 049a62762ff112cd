// SPDX-License-Identifier: Apache-2.0
// The roofline: exactly the step's matrix products as oneDNN primitives on plain layouts, back to back, nothing else.
// They share their operands as in the step: weights that a forward read are read by its backward, and so on. In bf16
// the operands are bfloat16; so are the results, but for the gradients of weights, which are float32; and for those a
// layer's gradient is there transposed, as the step stores it.
#include "contest.hpp"

#include <dnnl.hpp>
#include <omp.h>

#include <cstring>
#include <deque>
#include <unordered_map>

using dnnl::memory;
using retort::benchmark::Contest;

namespace {

using Type = memory::data_type;

/// Row-major and dense.
struct Matrix {
    std::size_t rows;
    std::size_t columns;
    Type type;
    memory values;
};

struct Network {
    std::vector<Matrix> weights;   ///< of each layer, [out, in]
    std::vector<Matrix> gradients; ///< of the weights
};

class Products {
  public:
    explicit Products(const Contest &contest) : type_(contest.precision == "bf16" ? Type::bf16 : Type::f32) {
        const std::size_t rows = contest.batch;
        const std::size_t middle = Contest::discriminator_width;
        const Network student = network({Contest::input, contest.width, contest.width, Contest::classes});
        const Network discriminator = network({Contest::classes, middle, middle, 1});
        if (contest.teacher_runs)
            forward(network({Contest::input, Contest::teacher_width, Contest::teacher_width, Contest::classes}), rows);
        const std::vector<Matrix> student_values = forward(student, rows);
        // It learns from both sides' samples at once, and is fooled by the student's.
        backward(discriminator, forward(discriminator, 2 * rows), true, false);
        backward(discriminator, forward(discriminator, rows), false, true);
        backward(student, student_values, true, false);
    }

    void operator()() {
        for (auto &[product, arguments] : products_)
            product.execute(stream_, arguments);
        stream_.wait();
    }

  private:
    using Arguments = std::unordered_map<int, memory>;

    Network network(const std::vector<std::size_t> &widths) {
        Network made;
        for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer) {
            made.weights.push_back(filled(widths[layer + 1], widths[layer], type_));
            made.gradients.push_back(filled(widths[layer + 1], widths[layer], Type::f32));
        }
        return made;
    }

    /// The input and what each layer makes of it.
    std::vector<Matrix> forward(const Network &network, std::size_t rows) {
        std::vector<Matrix> values{filled(rows, network.weights[0].columns, type_)};
        for (const Matrix &weight : network.weights) {
            values.push_back(filled(rows, weight.rows, type_));
            multiply(values[values.size() - 2], false, weight, true, values.back());
        }
        return values;
    }

    /// From the last layer down: gradients of weights, and of each layer's input, of the first one's only if
    /// `to_input`.
    void backward(const Network &network, const std::vector<Matrix> &values, bool to_weights, bool to_input) {
        Matrix gradient = filled(values.back().rows, values.back().columns, type_);
        for (std::size_t layer = network.weights.size(); layer-- > 0;) {
            if (to_weights && type_ == Type::bf16)
                multiply(filled(gradient.columns, gradient.rows, type_), false, values[layer], false,
                         network.gradients[layer]);
            else if (to_weights)
                multiply(gradient, true, values[layer], false, network.gradients[layer]);
            if (layer == 0 && !to_input)
                continue;
            const Matrix below = filled(values[layer].rows, values[layer].columns, type_);
            multiply(gradient, false, network.weights[layer], false, below);
            gradient = below;
        }
    }

    /// `result` = left right, each of them transposed if said.
    void multiply(const Matrix &left, bool transpose_left, const Matrix &right, bool transpose_right,
                  const Matrix &result) {
        const memory::desc a = view(left, transpose_left);
        const memory::desc b = view(right, transpose_right);
        const memory::desc c = view(result, false);
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::matmul::primitive_desc description(engine_, a, b, c);
#else
        const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(a, b, c), engine_);
#endif
        products_.emplace_back(dnnl::matmul(description), Arguments{{DNNL_ARG_SRC, looked_at(left, a)},
                                                                    {DNNL_ARG_WEIGHTS, looked_at(right, b)},
                                                                    {DNNL_ARG_DST, looked_at(result, c)}});
    }

    static memory::desc view(const Matrix &matrix, bool transpose) {
        const auto rows = static_cast<memory::dim>(matrix.rows);
        const auto columns = static_cast<memory::dim>(matrix.columns);
        return transpose ? memory::desc({columns, rows}, matrix.type, memory::dims{1, columns})
                         : memory::desc({rows, columns}, matrix.type, memory::dims{columns, 1});
    }

    memory looked_at(const Matrix &matrix, const memory::desc &view) {
        views_.push_back(matrix.values); // keeps the numbers alive
        return {view, engine_, matrix.values.get_data_handle()};
    }

    /// Small numbers of both signs: products of zeros or denormal numbers would take another time.
    Matrix filled(std::size_t rows, std::size_t columns, Type type) {
        Matrix made{rows, columns, type, {}};
        made.values = memory(view(made, false), engine_);
        const std::size_t width = type == Type::bf16 ? 2 : 4;
        auto *bytes = static_cast<unsigned char *>(made.values.get_data_handle());
        for (std::size_t i = 0; i < rows * columns; ++i) {
            const float value = (static_cast<float>(i * 2654435761U % 1000U) - 499.5F) / 10000.0F;
            unsigned char of_value[4];
            std::memcpy(of_value, &value, 4);
            std::memcpy(bytes + i * width, of_value + (4 - width), width); // bfloat16 is the upper half
        }
        return made;
    }

    Type type_;
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    std::deque<std::pair<dnnl::matmul, Arguments>> products_;
    std::vector<memory> views_;
};

/// oneDNN would refuse it without saying why, or imitate it.
void check_precision(const Contest &contest) {
    constexpr auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
    if (contest.precision == "bf16" && (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & wanted) != wanted)
        retort::benchmark::refuse("precision bf16: this processor does not multiply bfloat16");
}

} // namespace

int main(int count, char **values) try {
    const Contest contest = retort::benchmark::contest_from(count, values);
    check_precision(contest);
    omp_set_num_threads(static_cast<int>(contest.threads));
    Products products(contest);
    retort::benchmark::time_steps(contest, products);
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
