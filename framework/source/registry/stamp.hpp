// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/plugin_file.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// The stamp of this framework, with which every plugin's is compared.
[[nodiscard]] std::string_view own_stamp();

/// The highest x86-64 level, 1 to 4, whose instructions this processor has.
[[nodiscard]] int processor_level();

/// Every field of either stamp, by name. All must be equal but `isa`, which a processor of `level` must support, and
/// `hash`.
[[nodiscard]] std::vector<StampField> compare_stamps(std::string_view expected, std::string_view found, int level);

/// Why a plugin with the stamp `found` does not fit `expected` on a processor of `level`, naming each field that
/// differs, what it is and what it must be; empty when it fits. Every field must be equal, except `isa`, which the
/// processor must support, and `hash`, which is only mentioned beside another reason.
[[nodiscard]] std::string stamp_mismatch(std::string_view expected, std::string_view found, int level);

} // namespace retort::framework
