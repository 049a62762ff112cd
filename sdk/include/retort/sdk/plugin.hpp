// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/registrar.hpp>
#include <retort/sdk/stamp.hpp>

namespace retort::sdk {

/// What a plugin exports, as plain constant data: `retort_plugin_<target>`. A static build hands a list of these to the
/// framework; a shared library exports exactly one, beside its stamp.
struct Plugin {
    const char *name;    ///< name of the target that was given to retort_add_plugin
    const char *version; ///< of the plugin
    void (*register_components)(Registrar &registrar);
    const char *stamp = RETORT_STAMP_STRING; ///< of the binary that defines this; read where it is linked statically
};

} // namespace retort::sdk

#define RETORT_JOIN_EXPANDED(a, b) a##b
#define RETORT_JOIN(a, b) RETORT_JOIN_EXPANDED(a, b)

/// Defines what a plugin offers, once per plugin, outside every namespace:
///
///     RETORT_PLUGIN(registrar) {
///         registrar.add<retort::sdk::Discriminator, Mlp>("mlp", "Fully connected network.");
///     }
///
/// retort_add_plugin defines RETORT_PLUGIN_TARGET, RETORT_PLUGIN_NAME and RETORT_PLUGIN_VERSION.
#define RETORT_PLUGIN(registrar)                                                                                       \
    static void retort_register_components(retort::sdk::Registrar &);                                                  \
    extern "C" {                                                                                                       \
    RETORT_VISIBLE __attribute__((weak)) extern const char RETORT_STAMP_SYMBOL;                                        \
    const char RETORT_STAMP_SYMBOL = 1;                                                                                \
    RETORT_VISIBLE extern const retort::sdk::Plugin RETORT_JOIN(retort_plugin_, RETORT_PLUGIN_TARGET);                 \
    const retort::sdk::Plugin RETORT_JOIN(retort_plugin_, RETORT_PLUGIN_TARGET) = {                                    \
        RETORT_PLUGIN_NAME, RETORT_PLUGIN_VERSION, &retort_register_components};                                       \
    }                                                                                                                  \
    static void retort_register_components(                                                                            \
        retort::sdk::Registrar &registrar) // NOLINT(bugprone-macro-parentheses): a name
