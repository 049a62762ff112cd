// SPDX-License-Identifier: Apache-2.0
#include "translate.hpp"

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

Error translated_exception(const std::string &pointer, const std::string &plugin, const std::string &stage) {
    const auto plugin_error = [&](const std::string &message) {
        return Error(ErrorCode::plugin, {{pointer, message, plugin, stage}});
    };
    try {
        throw;
    } catch (const Error &error) {
        return with_stage(error, stage);
    } catch (const sdk::Error &error) {
        const std::string &thrower = error.plugin().empty() ? plugin : error.plugin();
        return {code_of(error.kind()), {{pointer + error.pointer(), error.what(), thrower, stage}}};
    } catch (const std::bad_alloc &) {
        return plugin_error("out of memory");
    } catch (const std::exception &error) {
        return plugin_error(error.what());
    } catch (...) {
        return plugin_error("threw something that is no std::exception");
    }
}

} // namespace retort::framework
