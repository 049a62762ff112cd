// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/evaluate.hpp>
#include <retort/framework/log.hpp>
#include <retort/framework/plan.hpp>
#include <retort/sdk/matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace retort::framework {

/// What a model says of some examples, one a row.
struct Predictions {
    std::uint64_t first = 0;              ///< number of the first row's example, counted over all files from 0
    std::span<const std::int32_t> labels; ///< most probable class, the first of equals
    sdk::ConstMatrix probabilities;       ///< [rows, classes], softmax of the logits
    std::span<const float> entropies;     ///< - sum_c p_c log p_c, in nats
};

/// How predictions are written.
enum class PredictionFormat {
    csv,   ///< a line an example after a line of names: index, label, probability_0, probability_1, ..., entropy
    jsonl, ///< an object a line: index, label, probabilities, entropy
    npy    ///< one record an example: label (int32), entropy (float32), probabilities (float32, classes)
};

/// Names of the above.
[[nodiscard]] std::string_view name_of(PredictionFormat format);

/// Files of examples: IDX of unsigned bytes, or NPY of uint8 or little-endian float32 in C order, [examples, numbers]
/// or [images, rows, columns], plain or compressed by gzip; "-" is standard input. Bytes become inputs as the model's
/// dataset makes them; float32 are inputs as they are. What several files hold is one sequence.
using ExampleFiles = std::vector<std::filesystem::path>;

struct PredictOptions {
    std::size_t batch = 256; ///< examples at a time, at least 1: memory grows with this, and not with the files
    /// How many of all examples are done, after each batch. What it throws ends the call.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

/// Time that one example takes alone, from its bytes in memory to its prediction.
struct Latency {
    std::uint64_t examples = 0; ///< that were timed
    double median = 0.0;        ///< seconds
    double percentile_99 = 0.0; ///< seconds; of so many examples, one in a hundred took longer
};

/// A model with its weights, ready to predict. Of its run's manifest it builds this model and its dataset, which must
/// be where the manifest says, though it is not read. One thread at a time.
///
/// Errors: those of the plan's components; ErrorCode::usage for an unknown model and inputs of another width;
/// ErrorCode::data for files that are damaged or do not fit, numbers that are not finite, and logits that are not;
/// ErrorCode::output for what cannot be written.
class Predictor {
  public:
    /// Reads the weights. Neither the plan nor its registry need outlive this.
    Predictor(const Plan &plan, const WeightsFile &weights, LogSink log = {});
    ~Predictor();
    Predictor(const Predictor &) = delete;
    Predictor &operator=(const Predictor &) = delete;

    /// Numbers of an example.
    [[nodiscard]] std::size_t width() const;
    [[nodiscard]] std::size_t classes() const;

    /// Of `inputs` [rows, width], which are in memory. What it returns is valid until the next call. Calls with as many
    /// rows as the one before build nothing anew.
    [[nodiscard]] Predictions predict(sdk::ConstMatrix inputs);

    using Receiver = std::function<void(const Predictions &)>;

    /// Of the examples of `files`, batch by batch in order; what `receive` is given is valid while it is called.
    void predict(const ExampleFiles &files, const Receiver &receive, const PredictOptions &options = {});

    using Sink = std::function<void(std::string_view bytes)>;

    /// Likewise, as the bytes of a file, piece by piece.
    void write(const ExampleFiles &files, PredictionFormat format, const Sink &sink,
               const PredictOptions &options = {});

    /// Likewise, into the file `output`, which is there whole or not at all.
    void write(const ExampleFiles &files, PredictionFormat format, const std::filesystem::path &output,
               const PredictOptions &options = {});

    /// Predicts the examples of `files` one by one, up to 100,000 of them, and times each but the first few. Errors:
    /// also ErrorCode::usage where there are no examples.
    [[nodiscard]] Latency latency(const ExampleFiles &files);

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace retort::framework
