// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"
#include "signals.hpp"
#include "text.hpp"
#include "weights.hpp"

#include <retort/framework/predictor.hpp>
#include <retort/sdk/names.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <unistd.h>

namespace retort::host {

namespace fs = std::filesystem;

namespace {

using framework::Error;
using framework::ErrorCode;
using framework::PredictionFormat;

/// Whether a run calls weights so: what was asked for, or what stands for a model when nothing was.
bool is_wanted(const framework::WeightsFile &file, const std::string &asked) {
    return asked.empty() ? file.weights == "last" || file.weights == "loaded" : file.weights == asked;
}

std::string names_of(const std::vector<framework::WeightsFile> &files, std::string framework::WeightsFile::*name) {
    std::vector<std::string> names;
    for (const framework::WeightsFile &file : files)
        if (std::find(names.begin(), names.end(), file.*name) == names.end())
            names.push_back(file.*name);
    return sdk::joined(names);
}

/// A run directory has weights of several models, of each after the last epoch and of the one that was best.
framework::WeightsFile chosen_weights(const Arguments &arguments, const framework::Plan &plan) {
    const std::vector<framework::WeightsFile> all = weights_of(arguments, plan);
    if (!fs::is_directory(arguments.target))
        return all.front();
    std::vector<framework::WeightsFile> wanted;
    for (const framework::WeightsFile &file : all)
        if (is_wanted(file, arguments.weights))
            wanted.push_back(file);
    if (wanted.empty())
        throw Error(ErrorCode::usage, arguments.target,
                    "there are no weights '" + (arguments.weights.empty() ? "last" : arguments.weights) +
                        "' in this run directory; say which with --weights: " +
                        names_of(all, &framework::WeightsFile::weights));
    if (wanted.size() > 1)
        throw Error(ErrorCode::usage, arguments.target,
                    "there are weights of several models; say which with --model: " +
                        names_of(wanted, &framework::WeightsFile::model));
    return wanted.front();
}

PredictionFormat format_of(const Arguments &arguments) {
    const std::string ending = arguments.output ? arguments.output->extension().string() : std::string();
    for (const PredictionFormat format : {PredictionFormat::jsonl, PredictionFormat::npy})
        if (arguments.format.empty() ? ending == "." + std::string(name_of(format))
                                     : arguments.format == name_of(format))
            return format;
    return PredictionFormat::csv;
}

/// How far it is, on a terminal: a line that is rewritten five times a second.
class Progress {
  public:
    void show(std::uint64_t done, std::uint64_t total) {
        const Clock::time_point now = Clock::now();
        if (!terminal_ || (now - shown_at_ < std::chrono::milliseconds(200) && done < total))
            return;
        shown_at_ = now;
        const double seconds = std::chrono::duration<double>(now - begin_).count();
        std::cerr << '\r' << done << " of " << total << " examples, "
                  << significant(static_cast<double>(done) / seconds) << " a second\x1b[K"
                  << (done == total ? "\n" : "") << std::flush;
    }

  private:
    using Clock = std::chrono::steady_clock;

    bool terminal_ = ::isatty(STDERR_FILENO) != 0 && ::isatty(STDOUT_FILENO) == 0;
    Clock::time_point begin_ = Clock::now();
    Clock::time_point shown_at_ = begin_;
};

void write_to_stdout(std::string_view bytes) {
    if (!std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        throw Error(ErrorCode::output, "standard output", "cannot be written");
}

void write(framework::Predictor &predictor, const Arguments &arguments, const framework::PredictOptions &options) {
    const PredictionFormat format = format_of(arguments);
    if (arguments.output)
        return predictor.write(arguments.inputs, format, *arguments.output, options);
    if (format == PredictionFormat::npy && ::isatty(STDOUT_FILENO) != 0)
        throw Error(ErrorCode::usage, {}, "npy is not for a terminal; name a file with --output");
    predictor.write(arguments.inputs, format, write_to_stdout, options);
    std::cout.flush();
    write_to_stdout({}); // whether that went well
}

void print_latency(const framework::Latency &latency) {
    std::cout << "latency of one example: median " << significant(latency.median * 1e3) << " ms, 99th percentile "
              << significant(latency.percentile_99 * 1e3) << " ms (" << latency.examples << " examples)\n";
}

} // namespace

void predict(const Arguments &asked) {
    const Arguments arguments = with_manifest(asked);
    if (std::count(arguments.inputs.begin(), arguments.inputs.end(), "-") > 1)
        throw Error(ErrorCode::usage, {}, "- stands twice, and standard input can be read once");
    const Plugins plugins = load_plugins(arguments);
    std::vector<std::string> warnings;
    const framework::Plan plan = read_plan(arguments, plugins, warnings);
    for (const std::string &warning : warnings)
        std::cerr << "warning: " << warning << '\n';
    framework::Predictor predictor(plan, chosen_weights(arguments, plan));
    if (arguments.latency)
        return print_latency(predictor.latency(arguments.inputs));
    const CancelOnSignals signals;
    Progress progress;
    write(predictor, arguments, {arguments.batch, [&](std::uint64_t done, std::uint64_t total) {
                                     if (CancelOnSignals::asked())
                                         throw Error(ErrorCode::cancelled, {}, "before all examples were predicted");
                                     progress.show(done, total);
                                 }});
}

} // namespace retort::host
