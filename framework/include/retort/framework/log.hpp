// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

namespace retort::framework {

enum class LogLevel { debug, info, warning, error, off };

/// Receives every line that the framework and its plugins log. May be called by any thread, one call at a time; the
/// text is valid during the call. What it throws is dropped. The framework prints nothing itself.
using LogSink = std::function<void(LogLevel level, std::string_view message)>;

} // namespace retort::framework
