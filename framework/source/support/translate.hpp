// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/sdk/error.hpp>

#include <map>
#include <string>

namespace retort::framework {

/// Names of plugins, by the JSON pointers of their components.
using PluginPlaces = std::map<std::string, std::string>;

/// What is said of an exception without a text.
inline constexpr const char *unknown_exception = "an exception that is no std::exception";

/// The exit code that belongs to a plugin's kind of error.
[[nodiscard]] ErrorCode code_of(sdk::ErrorKind kind);

/// The exception being handled, whatever its type, as one that owns all of its text; call it in `catch (...)`.
/// `pointer`: of the component that was called; it is put before the pointer of an sdk::Error. What is no Error of ours
/// becomes ErrorKind::plugin. `plugin`: of that component, unless the exception knows better.
[[nodiscard]] sdk::Error placed_exception(const std::string &pointer, const std::string &plugin);

/// The same as the framework's own type. Where nobody said whose the exception is, it is the plugin's of `parts` to
/// which its pointer leads, or to which the pointer's beginning does; else `plugin`'s. A framework Error comes back as
/// it is, with `stage` where it has none.
[[nodiscard]] Error translated_exception(const std::string &pointer, const std::string &plugin,
                                         const std::string &stage = {}, const PluginPlaces &parts = {});

/// The exception being handled as ErrorCode::internal with its own text, unless it is an Error already: what no plugin
/// threw is a defect of ours, or comes from an embedder's callback.
[[nodiscard]] Error own_exception();

/// Calls, and lets nothing out but an Error.
template <class Call> decltype(auto) with_own_errors(Call &&call) {
    try {
        return call();
    } catch (...) {
        throw own_exception();
    }
}

} // namespace retort::framework
