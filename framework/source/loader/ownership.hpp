// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace retort::framework {

/// Refuses a file that somebody else could have put there: it, its folder, or a folder in which a link leads to it can
/// be written by everybody, or belongs to neither the user of this process nor root. Errors: Refused.
void check_ownership(const std::filesystem::path &file);

} // namespace retort::framework
