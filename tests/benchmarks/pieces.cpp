// SPDX-License-Identifier: Apache-2.0
// The small pieces of a step, each on one thread, by Google Benchmark: bytes read and written per second, for the sizes
// of the measured step. And how long a cache line takes between two threads, and what a processor multiplies at most.
#include <retort/sdk/arena.hpp>
#include <retort/sdk/finite.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <immintrin.h>
#include <limits>
#include <plugins/datasets/idx/idx.hpp>
#include <plugins/losses/cross_entropy.hpp>
#include <plugins/optimizers/adam/adam.hpp>
#include <plugins/shared/bfloat16.hpp>
#include <plugins/shared/dense_pass.hpp>
#include <plugins/shared/kernels.hpp>
#include <span>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <thread>
#include <vector>

using namespace retort;
using benchmark::State;

namespace {

constexpr std::size_t batch = 128;
constexpr std::size_t width = 800;

/// `bytes`: of one round.
void count_bytes(State &state, std::size_t bytes) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

void bias(State &state) {
    const auto gradient = test::normal_matrix(batch, width, sdk::Random{1});
    std::vector<float> sum(width);
    for (auto _ : state)
        for (std::size_t row = 0; row < batch; ++row)
            plugin_support::add(sum, gradient.view().row(row));
    count_bytes(state, batch * width * sizeof(float));
}

void gelu(State &state) {
    const auto values = test::normal_matrix(batch, width, sdk::Random{1});
    const sdk::MatrixBuffer result(batch, width);
    for (auto _ : state)
        for (std::size_t row = 0; row < batch; ++row)
            plugin_support::gelu(values.view().row(row), result.view().row(row));
    count_bytes(state, 2 * batch * width * sizeof(float));
}

/// `value`: where the derivative is 1, so that the gradient does not fade to denormal numbers, which take longer.
void derivative(State &state, plugin_support::Activation kind, float value) {
    const sdk::MatrixBuffer kept(batch, width);
    std::fill_n(kept.view().data, batch * width, value);
    const auto gradient = test::normal_matrix(batch, width, sdk::Random{2});
    for (auto _ : state)
        for (std::size_t row = 0; row < batch; ++row)
            plugin_support::multiply_by_derivative({kind}, gradient.view().row(row), kept.view().row(row));
    count_bytes(state, 3 * batch * width * sizeof(float));
}

void cross_entropy(State &state) {
    test::Surroundings surroundings;
    losses::CrossEntropy loss({}, sdk::LossContext{surroundings.context(), 10});
    const auto logits = test::normal_matrix(batch, 10, sdk::Random{1});
    const sdk::MatrixBuffer gradient(batch, 10);
    std::vector<std::int32_t> labels(batch);
    for (std::size_t row = 0; row < batch; ++row)
        labels[row] = static_cast<std::int32_t>(row % 10);
    sdk::LossInput input;
    input.labels = labels;
    input.student = logits.view();
    sdk::LossGradient gradients;
    gradients.student = gradient.view();
    for (auto _ : state)
        benchmark::DoNotOptimize(loss.evaluate(input, 1.0F, gradients, {}));
    count_bytes(state, 3 * batch * 10 * sizeof(float));
}

void round_to_bfloat16(State &state) {
    const auto values = test::normal_matrix(batch, width, sdk::Random{1});
    std::vector<sdk::Bfloat16> result(batch * width);
    for (auto _ : state)
        for (std::size_t row = 0; row < batch; ++row)
            plugin_support::round_to_bfloat16(values.view().row(row), std::span(result).subspan(row * width, width));
    count_bytes(state, batch * width * (sizeof(float) + sizeof(sdk::Bfloat16)));
}

void widen(State &state) {
    const std::vector<sdk::Bfloat16> values(batch * width, sdk::to_bfloat16(1.0F));
    const sdk::MatrixBuffer result(batch, width);
    for (auto _ : state)
        for (std::size_t row = 0; row < batch; ++row)
            plugin_support::widen(std::span(values).subspan(row * width, width), result.view().row(row));
    count_bytes(state, batch * width * (sizeof(float) + sizeof(sdk::Bfloat16)));
}

/// What a backward pass does to a hidden layer's gradient: adds it up, multiplies it by the activation's derivative,
/// sums its columns, and rounds it where products are bfloat16. The one product that a pass cannot go without has an
/// input of width 1.
void layer_gradient(State &state, sdk::Precision precision) {
    test::Surroundings surroundings;
    surroundings.services.asked_precision = precision;
    if (plugin_support::usable_precision(surroundings.services) != precision)
        return state.SkipWithError("the processor multiplies no bfloat16");
    plugin_support::DenseShape shape;
    shape.input_width = 1;
    shape.hidden = {width};
    shape.output_width = 1;
    shape.precision = precision;
    plugin_support::DenseNetwork network(shape);
    network.initialise(sdk::Random{1});
    network.weights_changed(sdk::Change::restore, surroundings.services);
    constexpr std::size_t taps[] = {0};
    plugin_support::DensePass pass(network, surroundings.services, {{sdk::Mode::train, batch, 0, true, false, taps}});
    const auto input = test::normal_matrix(batch, 1, sdk::Random{2});
    pass.forward(input.view(), {});
    const auto gradient = test::normal_matrix(batch, width, sdk::Random{3});
    const plugin_support::LayerGradient gradients[] = {{0, gradient.view()}};
    for (auto _ : state)
        pass.backward(gradients, sdk::Write::replace);
    count_bytes(state, 3 * batch * width * sizeof(float)); // both gradients and the layer's output
}

/// Over as many parameters as the measured student has.
void adam(State &state) {
    test::Surroundings surroundings;
    sdk::Arena arena;
    arena.add("w", {1276810}, true);
    arena.allocate();
    sdk::fill_normal(sdk::Random{1}, arena.gradients(0));
    optimizer_adam::Adam optimizer({}, sdk::OptimizerContext{surroundings.context()});
    const sdk::Parameters parameters = arena.parameters();
    optimizer.attach({&parameters, 1});
    for (auto _ : state)
        optimizer.step({0, 1}, {});
    count_bytes(state, 7 * arena.values(0).size_bytes()); // four are read and three written
}

/// Rows of uint8 gathered and scaled to floats.
void gather(State &state) {
    test::Surroundings surroundings;
    dataset_idx::Idx::Settings settings;
    settings.directory = RETORT_EXAMPLE "/data";
    settings.validation = 0;
    dataset_idx::Idx dataset(settings, sdk::DatasetContext{surroundings.context(), "."});
    dataset.load();
    const sdk::MatrixBuffer inputs(batch, dataset.width());
    std::vector<std::int32_t> labels(batch);
    std::vector<std::uint64_t> rows(batch);
    for (std::size_t row = 0; row < batch; ++row)
        rows[row] = row * 613 % dataset.size(sdk::Split::train);
    for (auto _ : state)
        dataset.read(sdk::Split::train, rows, inputs.view(), labels);
    count_bytes(state, batch * dataset.width() * (1 + sizeof(float)));
}

void all_finite(State &state) {
    const std::vector<float> values(1276810, 1.0F);
    for (auto _ : state)
        benchmark::DoNotOptimize(sdk::all_finite(values));
    count_bytes(state, values.size() * sizeof(float));
}

/// A number that goes to another thread, which sends it back. Where that takes hundreds of nanoseconds, the processors
/// have no cache in common.
void there_and_back(State &state) {
    constexpr std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
    constexpr std::size_t cache_line = 64;
    alignas(cache_line) std::atomic<std::uint64_t> there = 0;
    alignas(cache_line) std::atomic<std::uint64_t> back = 0;
    std::thread other([&] {
        for (std::uint64_t seen = 0, next = 0; seen != end; seen = next) {
            while ((next = there.load()) == seen) {
            }
            back.store(next);
        }
    });
    std::uint64_t sent = 0;
    for (auto _ : state) {
        there.store(++sent);
        while (back.load() != sent) {
        }
    }
    there.store(end);
    other.join();
    count_bytes(state, 2 * cache_line);
}

using Vector [[gnu::vector_size(64)]] = float;
constexpr std::size_t chains = 8;     // each waits for itself alone
constexpr std::size_t length = 10000; // of a chain

/// Multiplies and adds in each lane of every chain, in registers.
__attribute__((target("avx512f"))) void multiply_and_add(float factor, Vector *values) {
    Vector sum[chains];
    std::copy_n(values, chains, sum);
    for (std::size_t i = 0; i < length; ++i)
        for (std::size_t chain = 0; chain < chains; ++chain)
            sum[chain] = sum[chain] * factor + factor;
    std::copy_n(sum, chains, values);
}

/// Pairs of products of bfloat16, which are zero, added to float32.
__attribute__((target("avx512f,avx512bf16"))) void multiply_and_add_pairs(Vector *values) {
    Vector sum[chains];
    std::copy_n(values, chains, sum);
    for (std::size_t i = 0; i < length; ++i)
        for (std::size_t chain = 0; chain < chains; ++chain)
            sum[chain] = _mm512_dpbf16_ps(sum[chain], __m512bh{}, __m512bh{});
    std::copy_n(sum, chains, values);
}

/// The most that products can reach on one processor with AVX-512, whatever multiplies them; in bfloat16 without AMX.
void multiply_add(State &state, bool pairs) {
    Vector values[chains] = {};
    if (!__builtin_cpu_supports("avx512f") || (pairs && !__builtin_cpu_supports("avx512bf16")))
        return state.SkipWithError("the processor has no AVX-512, or none for bfloat16");
    for (auto _ : state) {
        if (pairs)
            multiply_and_add_pairs(values);
        else
            multiply_and_add(0.5F, values);
        benchmark::DoNotOptimize(values);
    }
    const std::size_t operations = (pairs ? 4 : 2) * length * chains * sizeof(Vector) / sizeof(float);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(operations));
}

} // namespace

BENCHMARK(bias);
BENCHMARK(gelu);
BENCHMARK_CAPTURE(derivative, relu, plugin_support::Activation::relu, 1.0F);
BENCHMARK_CAPTURE(derivative, tanh, plugin_support::Activation::tanh, 0.0F);
BENCHMARK_CAPTURE(derivative, gelu, plugin_support::Activation::gelu, 10.0F);
BENCHMARK(round_to_bfloat16);
BENCHMARK(widen);
BENCHMARK_CAPTURE(layer_gradient, f32, sdk::Precision::f32);
BENCHMARK_CAPTURE(layer_gradient, bf16, sdk::Precision::bf16);
BENCHMARK(cross_entropy);
BENCHMARK(adam)->Unit(benchmark::kMicrosecond);
BENCHMARK(gather);
BENCHMARK(all_finite);
BENCHMARK(there_and_back);
BENCHMARK_CAPTURE(multiply_add, f32, false);
BENCHMARK_CAPTURE(multiply_add, bf16, true);
BENCHMARK_MAIN();
