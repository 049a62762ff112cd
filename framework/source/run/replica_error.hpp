// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace retort::framework {

/// An error as text, to be sent to another process.
[[nodiscard]] std::string error_to_text(const Error &error);

/// The error of `replica`, as the others tell it: its messages begin with "replica 2: ".
[[nodiscard]] Error error_from_text(std::string_view text, std::size_t replica);

} // namespace retort::framework
