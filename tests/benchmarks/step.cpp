// SPDX-License-Identifier: Apache-2.0
// How near a training step of the model `mlp` comes to its bare matrix products: both are timed in turn, and the ratio
// of their medians is printed. Set OMP_NUM_THREADS for the number of threads.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <plugins/models/mlp/mlp.hpp>
#include <plugins/shared/matmul.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

using namespace retort;
using plugin_support::Matmul;
using plugin_support::MatmulShape;

namespace {

/// Services with the parallel loop that the framework has.
class ParallelServices final : public sdk::SilentServices {
  public:
    [[nodiscard]] std::size_t threads() const override { return static_cast<std::size_t>(omp_get_max_threads()); }

  private:
    void run_parallel(std::size_t count, std::size_t grain, ParallelBody body, const void *state) override {
        const std::size_t parts = std::clamp<std::size_t>(count / std::max<std::size_t>(1, grain), 1, threads());
        if (parts == 1)
            return body(state, 0, count);
        const int team = static_cast<int>(parts);
#pragma omp parallel for schedule(static, 1) num_threads(team)
        for (std::size_t part = 0; part < parts; ++part)
            body(state, part * count / parts, (part + 1) * count / parts);
    }
};

/// Forward and backward products of all layers, without anything fused, on memory of their own.
class BareProducts {
  public:
    BareProducts(const std::vector<std::size_t> &widths, std::size_t rows) {
        for (const std::size_t width : widths)
            activations_.push_back(test::normal_matrix(rows, width, sdk::Random{width}));
        for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer) {
            const std::size_t in = widths[layer];
            const std::size_t out = widths[layer + 1];
            weights_.push_back(test::normal_matrix(out, in, sdk::Random{layer}));
            gradients_.emplace_back(out, in);
            forward_.emplace_back(MatmulShape{rows, in, out, {in, 1}, {1, in}, out});
            input_gradient_.emplace_back(MatmulShape{rows, out, in, {out, 1}, {in, 1}, in});
            weight_gradient_.emplace_back(MatmulShape{out, rows, in, {1, out}, {in, 1}, in});
        }
    }

    void operator()() const {
        for (std::size_t layer = 0; layer < weights_.size(); ++layer)
            forward_[layer](data(activations_[layer]), data(weights_[layer]), data(activations_[layer + 1]));
        for (std::size_t layer = weights_.size(); layer-- > 0;) {
            weight_gradient_[layer](data(activations_[layer + 1]), data(activations_[layer]), data(gradients_[layer]));
            if (layer > 0)
                input_gradient_[layer](data(activations_[layer + 1]), data(weights_[layer]), data(activations_[layer]));
        }
    }

  private:
    static float *data(const sdk::MatrixBuffer &buffer) { return buffer.view().data; }

    std::vector<sdk::MatrixBuffer> activations_;
    std::vector<sdk::MatrixBuffer> weights_;
    std::vector<sdk::MatrixBuffer> gradients_;
    std::vector<Matmul> forward_;
    std::vector<Matmul> input_gradient_;
    std::vector<Matmul> weight_gradient_;
};

double seconds(const std::function<void()> &work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

void compare(const std::vector<std::size_t> &hidden, std::size_t rows, double dropout) {
    ParallelServices services;
    test::FakeProblems problems;
    model_mlp::Mlp::Settings settings;
    settings.hidden = hidden;
    settings.dropout = dropout;
    settings.input_dropout = dropout > 0.0 ? 0.2 : 0.0;
    model_mlp::Mlp model(settings, {{services, problems, {}}, 784, {}, 10});
    model.initialise(sdk::Random{1});
    const std::size_t logits = hidden.size();
    const auto pass = model.make_pass({sdk::Mode::train, rows, 0, true, false, {&logits, 1}});
    const auto inputs = test::normal_matrix(rows, 784, sdk::Random{2});
    const auto gradient = test::normal_matrix(rows, 10, sdk::Random{3}, 0.01F);
    const sdk::TapGradient tap{logits, gradient.view()};

    std::vector<std::size_t> widths{784};
    widths.insert(widths.end(), hidden.begin(), hidden.end());
    widths.push_back(10);
    const BareProducts products(widths, rows);
    std::vector<double> bare;
    std::vector<double> step;
    for (std::uint64_t round = 0; round < 200; ++round) {
        bare.push_back(seconds([&] { products(); }));
        step.push_back(seconds([&] {
            pass->forward({inputs.view(), {}, {}}, sdk::Random{round});
            pass->backward({&tap, 1}, sdk::Write::replace);
        }));
    }
    std::printf("784-%zu-%zu-10, batch %3zu, dropout %.1f: products %6.0f us, step %6.0f us, ratio %.3f\n", hidden[0],
                hidden[1], rows, dropout, 1e6 * median(bare), 1e6 * median(step), median(bare) / median(step));
}

} // namespace

int main() {
    for (const std::size_t rows : {std::size_t{128}, std::size_t{250}}) {
        compare({800, 800}, rows, 0.0);
        compare({1200, 1200}, rows, 0.0);
        compare({1200, 1200}, rows, 0.5);
    }
}
