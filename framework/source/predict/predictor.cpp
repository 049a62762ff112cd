// SPDX-License-Identifier: Apache-2.0
#include "../files/atomic_file.hpp"
#include "../run/run_implementation.hpp"
#include "../support/threads.hpp"
#include "../support/translate.hpp"
#include "example_stream.hpp"
#include "loaded_model.hpp"
#include "prediction_writer.hpp"

#include <retort/framework/predictor.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t most_timed = 100'000;
constexpr std::uint64_t most_untimed = 100; ///< of the first examples, while caches and clocks settle

ExampleStream stream_of(const ExampleFiles &files, LoadedModel &model) {
    return {files, model.dataset(), model.dataset_origin(), model.services()};
}

/// Weights that do not fit the inputs, or inputs far outside of those that the model was trained on.
void check_finite(const Predictions &batch, const ExampleStream &examples) {
    const auto bad = std::find_if(batch.entropies.begin(), batch.entropies.end(),
                                  [](float entropy) { return !std::isfinite(entropy); });
    if (bad != batch.entropies.end())
        examples.fail(static_cast<std::size_t>(bad - batch.entropies.begin()), "its logits are not all finite numbers");
}

void predict_all(ExampleStream &examples, LoadedModel &model, const PredictOptions &options,
                 const Predictor::Receiver &receive) {
    if (options.batch == 0)
        throw Error(ErrorCode::usage, {}, "the batch is 0; allowed: at least 1");
    const std::uint64_t total = examples.left();
    const std::size_t rows = std::min<std::uint64_t>(options.batch, total);
    if (rows == 0)
        return;
    const sdk::MatrixBuffer inputs(rows, model.dataset().width());
    model.prepare(rows, total % rows);
    for (std::uint64_t done = 0; done < total;) {
        const std::size_t count = examples.read(inputs.view());
        examples.convert(inputs.view());
        Predictions batch = model.predict(inputs.view(count), done);
        check_finite(batch, examples);
        batch.first = done;
        receive(batch);
        done += count;
        if (options.progress)
            options.progress(done, total);
    }
}

void write_all(const ExampleFiles &files, LoadedModel &model, PredictionFormat format, const Predictor::Sink &sink,
               const PredictOptions &options) {
    ExampleStream examples = stream_of(files, model);
    PredictionWriter writer(format, model.classes(), model.services());
    const std::string head = writer.head(examples.left());
    if (!head.empty())
        sink(head);
    predict_all(examples, model, options, [&](const Predictions &batch) { writer.write(batch, sink); });
}

Latency latency_of(std::vector<double> seconds) {
    std::sort(seconds.begin(), seconds.end());
    const auto at = [&](std::size_t percent) { return seconds[(seconds.size() - 1) * percent / 100]; };
    return {seconds.size(), at(50), at(99)};
}

Latency measure_latency(ExampleStream examples, LoadedModel &model) {
    using Clock = std::chrono::steady_clock;
    const std::uint64_t total = std::min(examples.left(), most_timed);
    if (total == 0)
        throw Error(ErrorCode::usage, {}, "there are no examples to time");
    const std::uint64_t untimed = std::min(total / 10, most_untimed);
    const sdk::MatrixBuffer inputs(1, model.dataset().width());
    model.prepare(1, 0);
    std::vector<double> seconds;
    for (std::uint64_t done = 0; done < total; ++done) {
        (void)examples.read(inputs.view());
        const Clock::time_point begin = Clock::now();
        examples.convert(inputs.view());
        check_finite(model.predict(inputs.view()), examples);
        if (done >= untimed)
            seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
    return latency_of(std::move(seconds));
}

} // namespace

class Predictor::Implementation : public LoadedModel {
  public:
    using LoadedModel::LoadedModel;
};

Predictor::Predictor(const Plan &plan, const WeightsFile &weights, LogSink log)
    : implementation_(with_own_errors([&] {
          const ThreadScope scope(threads_of(plan));
          return std::make_unique<Implementation>(plan, weights, std::move(log));
      })) {}

Predictor::~Predictor() = default;

std::size_t Predictor::width() const {
    return implementation_->dataset().width();
}

std::size_t Predictor::classes() const {
    return implementation_->classes();
}

Predictions Predictor::predict(sdk::ConstMatrix inputs) {
    const ThreadScope scope(implementation_->services().threads());
    return with_own_errors([&] { return implementation_->predict(inputs); });
}

void Predictor::predict(const ExampleFiles &files, const Receiver &receive, const PredictOptions &options) {
    const ThreadScope scope(implementation_->services().threads());
    with_own_errors([&] {
        ExampleStream examples = stream_of(files, *implementation_);
        predict_all(examples, *implementation_, options, receive);
    });
}

void Predictor::write(const ExampleFiles &files, PredictionFormat format, const Sink &sink,
                      const PredictOptions &options) {
    const ThreadScope scope(implementation_->services().threads());
    with_own_errors([&] { write_all(files, *implementation_, format, sink, options); });
}

void Predictor::write(const ExampleFiles &files, PredictionFormat format, const fs::path &output,
                      const PredictOptions &options) {
    std::error_code ignored;
    if (fs::exists(output, ignored) && !fs::is_regular_file(output, ignored)) // which a rename would replace
        throw Error(ErrorCode::output, output.string(), "is no regular file; allowed: a new file, or one to replace");
    std::optional<AtomicFile> file; // made when the headers of all inputs were read
    write(
        files, format,
        [&](std::string_view bytes) {
            if (!file)
                file.emplace(output);
            file->write(bytes);
        },
        options);
    if (!file)
        file.emplace(output);
    file->commit();
}

Latency Predictor::latency(const ExampleFiles &files) {
    const ThreadScope scope(implementation_->services().threads());
    return with_own_errors([&] { return measure_latency(stream_of(files, *implementation_), *implementation_); });
}

} // namespace retort::framework
