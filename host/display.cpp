// SPDX-License-Identifier: Apache-2.0
#include "display.hpp"

#include "replicas.hpp"
#include "text.hpp"

#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace retort::host {

namespace {

using framework::LogLevel;
using framework::RunProgress;

std::size_t terminal_width() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string level_name(LogLevel level) {
    switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    default: return "error";
    }
}

std::string ratio(std::uint64_t done, std::uint64_t total) {
    return std::to_string(done) + "/" + std::to_string(total);
}

/// "stage 2/3 distil", or nothing before the first stage.
std::string stage_text(const RunProgress &progress) {
    if (progress.stage.empty())
        return {};
    return "stage " + ratio(progress.stage_index + 1, progress.stages) + " " + std::string(progress.stage) + "  ";
}

std::string epoch_text(const RunProgress &progress) {
    const std::uint64_t steps = progress.steps_per_epoch;
    const std::uint64_t epochs = (progress.total + steps - 1) / steps;
    return "epoch " + ratio((progress.done + steps - 1) / steps, epochs);
}

/// Accuracies first: a line may have no room for the rest.
std::string metrics_text(const RunProgress &progress) {
    std::string accuracies;
    std::string others;
    for (const sdk::Metric &metric : progress.metrics)
        (metric.name.ends_with("accuracy") ? accuracies : others) +=
            "  " + std::string(metric.name) + " " + significant(metric.value);
    return accuracies + others;
}

bool is_training(const RunProgress &progress) {
    return progress.steps_per_epoch > 0;
}

} // namespace

Display::Display(const Arguments &arguments)
    : level_(arguments.quiet ? LogLevel::error : arguments.log_level),
      shows_progress_(!arguments.quiet && !arguments.json),
      terminal_(::isatty(STDOUT_FILENO) == 1 && !started_by_mpirun()) {}

void Display::log(LogLevel level, std::string_view message) {
    if (level < level_ || level == LogLevel::error) // errors end the run, and are printed once, by main
        return;
    finish();
    std::cerr << level_name(level) << ": " << message << '\n';
}

void Display::progress(const RunProgress &progress) {
    if (!shows_progress_)
        return;
    if (!is_training(progress))
        training_since_ = progress.seconds;
    terminal_ ? show_status(progress) : show_lines(progress);
}

/// Ten times a second is enough for eyes; what is new, or the last of something, is always shown.
bool Display::due(const RunProgress &progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!progress.epoch_ended && progress.done != progress.total && now - shown_at_ < std::chrono::milliseconds(100))
        return false;
    shown_at_ = now;
    return true;
}

void Display::show_status(const RunProgress &progress) {
    if (!due(progress))
        return;
    if (progress.stage != stage_) // the last line of each stage stays
        finish();
    if (progress.epoch_ended || progress.stage != stage_)
        epoch_metrics_ = metrics_text(progress);
    stage_ = progress.stage;
    std::string line = stage_text(progress);
    if (is_training(progress))
        line += epoch_text(progress) + speed_text(progress) + epoch_metrics_;
    else
        line += std::string(progress.activity) +
                (progress.total > 0 ? " " + ratio(progress.done, progress.total) : std::string());
    rewrite(std::move(line));
}

void Display::show_lines(const RunProgress &progress) {
    const std::string begun = stage_text(progress) + std::string(progress.activity);
    if (begun != activity_ && !is_training(progress))
        std::cout << begun << std::endl;
    activity_ = begun;
    if (progress.epoch_ended)
        std::cout << stage_text(progress) << epoch_text(progress) << speed_text(progress) << metrics_text(progress)
                  << std::endl;
}

/// "  12000 examples/s  0:45 left", as far as it is known.
std::string Display::speed_text(const RunProgress &progress) {
    const double seconds = progress.seconds - training_since_;
    if (seconds <= 0.0)
        return {};
    const double rate = static_cast<double>(progress.done - progress.done_before) / seconds;
    const double examples =
        rate * static_cast<double>(epoch_size_(progress.stage_index)) / static_cast<double>(progress.steps_per_epoch);
    const double left = static_cast<double>(progress.total - progress.done) / rate;
    return "  " + (examples > 0.0 ? fixed(examples, 0) + " images/s" : fixed(rate, 1) + " steps/s") + "  " +
           duration_text(left) + " left";
}

void Display::rewrite(std::string line) {
    const std::size_t width = terminal_width() - 1; // a line that wraps cannot be rewritten
    if (line.size() > width)
        line.resize(std::min(line.rfind("  ", width), width));
    std::cout << '\r' << line << "\x1b[K" << std::flush;
    status_shown_ = true;
}

void Display::say(std::string_view line) {
    if (!shows_progress_)
        return;
    finish();
    std::cout << line << std::endl;
}

void Display::finish() {
    if (status_shown_)
        std::cout << std::endl;
    status_shown_ = false;
}

} // namespace retort::host
