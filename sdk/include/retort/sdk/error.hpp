// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#ifndef RETORT_PLUGIN_NAME
#define RETORT_PLUGIN_NAME ""
#endif

/// Marks what must be one entity across shared libraries: interfaces and exception types.
#define RETORT_VISIBLE __attribute__((visibility("default")))

namespace retort::sdk {

/// What kind of mistake an error reports. The framework derives the exit code of the `retort` command from it.
enum class ErrorKind {
    settings, ///< the manifest asks for something that cannot be
    plugin,   ///< a plugin is missing, refused or broke its contract
    data,     ///< a file of data or weights is missing, damaged or does not fit
    training, ///< the numbers went wrong: NaN, infinity, an alarm
    output,   ///< a result could not be written
    cancelled ///< the work stopped because it was asked to
};

/// The error to throw from a plugin. Any other exception is accepted too; this one can say where the mistake is, and
/// knows which plugin threw it.
class RETORT_VISIBLE Error : public std::runtime_error {
  public:
    /// `message`: one sentence that says what was found and what is allowed.
    /// `pointer`: JSON pointer below the component's own settings ("/hidden/0"), empty for the component as a whole.
    Error(ErrorKind kind, const std::string &message, std::string pointer = {}, const char *plugin = RETORT_PLUGIN_NAME)
        : std::runtime_error(message), kind_(kind), pointer_(std::move(pointer)), plugin_(plugin) {}

    [[nodiscard]] ErrorKind kind() const { return kind_; }

    [[nodiscard]] const std::string &pointer() const { return pointer_; }

    /// Name of the plugin that threw; empty outside plugins.
    [[nodiscard]] const std::string &plugin() const { return plugin_; }

  private:
    ErrorKind kind_;
    std::string pointer_;
    std::string plugin_;
};

} // namespace retort::sdk
