// SPDX-License-Identifier: Apache-2.0
#include "translate.hpp"

#include <cstddef>
#include <exception>
#include <new>

namespace retort::framework {

namespace {

Error with_stage(const Error &error, const std::string &stage) {
    std::vector<Problem> problems = error.problems();
    for (Problem &problem : problems) {
        if (problem.stage.empty())
            problem.stage = stage;
    }
    return {error.code(), std::move(problems)};
}

/// The plugin of the innermost component that holds the place `pointer`.
std::string plugin_at(const PluginPlaces &parts, std::string pointer, const std::string &otherwise) {
    for (auto found = parts.find(pointer);; found = parts.find(pointer)) {
        if (found != parts.end())
            return found->second;
        const std::size_t slash = pointer.rfind('/');
        if (slash == pointer.npos)
            return otherwise;
        pointer.resize(slash);
    }
}

} // namespace

ErrorCode code_of(sdk::ErrorKind kind) {
    switch (kind) {
    case sdk::ErrorKind::settings: return ErrorCode::manifest;
    case sdk::ErrorKind::plugin: return ErrorCode::plugin;
    case sdk::ErrorKind::data: return ErrorCode::data;
    case sdk::ErrorKind::training: return ErrorCode::training;
    case sdk::ErrorKind::output: return ErrorCode::output;
    case sdk::ErrorKind::cancelled: return ErrorCode::cancelled;
    }
    return ErrorCode::plugin;
}

sdk::Error placed_exception(const std::string &pointer, const std::string &plugin) {
    const auto plugin_error = [&](const std::string &message) {
        return sdk::Error(sdk::ErrorKind::plugin, message, pointer, plugin.c_str());
    };
    try {
        throw;
    } catch (const sdk::Error &error) {
        const std::string &thrower = error.plugin().empty() ? plugin : error.plugin();
        return {error.kind(), error.what(), pointer + error.pointer(), thrower.c_str()};
    } catch (const std::bad_alloc &) {
        return plugin_error("out of memory");
    } catch (const std::exception &error) {
        return plugin_error(error.what());
    } catch (...) {
        return plugin_error("threw something that is no std::exception");
    }
}

Error translated_exception(const std::string &pointer, const std::string &plugin, const std::string &stage,
                           const PluginPlaces &parts) {
    try {
        throw;
    } catch (const Error &error) {
        return with_stage(error, stage);
    } catch (...) {
        const sdk::Error error = placed_exception(pointer, {});
        const std::string thrower = error.plugin().empty() ? plugin_at(parts, error.pointer(), plugin) : error.plugin();
        return {code_of(error.kind()), {{error.pointer(), error.what(), thrower, stage}}};
    }
}

Error own_exception() {
    try {
        throw;
    } catch (const Error &error) {
        return error;
    } catch (const std::exception &error) {
        return {ErrorCode::internal, {}, error.what()};
    } catch (...) {
        return {ErrorCode::internal, {}, unknown_exception};
    }
}

} // namespace retort::framework
