// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/sdk/error.hpp>

#include <string>

namespace retort::framework {

/// The exit code that belongs to a plugin's kind of error.
[[nodiscard]] ErrorCode code_of(sdk::ErrorKind kind);

/// The exception being handled, whatever its type, as the framework's own, every text copied. Call it in
/// `catch (...)`. An sdk::Error's pointer is put behind `pointer`, that of the component which was called; what is no
/// Error of ours is ErrorCode::plugin. A framework Error already knows where it is and comes back as it is, with
/// `stage` filled in where it is missing.
[[nodiscard]] Error translated_exception(const std::string &pointer, const std::string &plugin,
                                         const std::string &stage = {});

} // namespace retort::framework
