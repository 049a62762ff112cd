// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "translate.hpp"

#include <string>

namespace retort::framework {

/// Whose code is about to run: what an error that comes out of it is completed with.
struct Origin {
    std::string plugin;
    std::string pointer; ///< of the component in the manifest
    std::string stage = {};
    PluginPlaces parts = {}; ///< of the components in it, and its own
};

/// Calls into a plugin. Whatever comes out of it as an exception, of any type, leaves as a framework::Error.
template <class Call> decltype(auto) guarded(const Origin &origin, Call &&call) {
    try {
        return call();
    } catch (...) {
        throw translated_exception(origin.pointer, origin.plugin, origin.stage, origin.parts);
    }
}

} // namespace retort::framework
