// SPDX-License-Identifier: Apache-2.0
#include "run_log.hpp"

#include <retort/framework/error.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

namespace retort::framework {

namespace {

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: break;
    }
    return spdlog::level::off;
}

/// A logger of our own, in no registry: an embedder's spdlog is not ours to change.
std::unique_ptr<spdlog::logger> make_logger(const std::filesystem::path &file, bool append) {
    auto logger = std::make_unique<spdlog::logger>(
        "retort", std::make_shared<spdlog::sinks::basic_file_sink_st>(file.string(), !append));
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::debug);         // whole even when the process is killed
    logger->set_error_handler([](const auto &) {}); // the default prints; a full disk is found by what matters more
    return logger;
}

} // namespace

RunLog::RunLog(LogSink sink) : sink_(std::move(sink)) {}

RunLog::~RunLog() = default;

void RunLog::write(LogLevel level, std::string_view message) {
    const std::lock_guard lock(mutex_);
    tell_sink(level, message);
    if (file_)
        file_->log(level_of(level), spdlog::string_view_t(message.data(), message.size()));
    else if (keeps_early_)
        early_.emplace_back(level, message);
}

void RunLog::tell_sink(LogLevel level, std::string_view message) const noexcept {
    try {
        if (sink_)
            sink_(level, message);
    } catch (...) { // lines are also written in destructors and by worker threads, where it would end the process
    }
}

void RunLog::without_file() {
    const std::lock_guard lock(mutex_);
    keeps_early_ = false;
    early_.clear();
}

void RunLog::open(const std::filesystem::path &file, bool append) {
    const std::lock_guard lock(mutex_);
    try {
        file_ = make_logger(file, append);
    } catch (const spdlog::spdlog_ex &error) {
        throw Error(ErrorCode::output, file.string(), std::string("the log cannot be written: ") + error.what());
    }
    for (const auto &[level, message] : early_)
        file_->log(level_of(level), message);
    early_.clear();
}

} // namespace retort::framework
