// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reading.hpp"

#include <string>
#include <vector>

namespace retort::framework {

/// Keys of the root object that lack, by what `reading` says of it: each once, in order. A key lacks too when what
/// stands for it by default is incomplete, or no plugin offers it.
[[nodiscard]] std::vector<std::string> missing_keys(const Reading &reading);

} // namespace retort::framework
