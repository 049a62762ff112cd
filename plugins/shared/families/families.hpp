// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <plugins/shared/families/family.hpp>
#include <string_view>

namespace retort::plugin_support {

/// The family of that name in sdk::Distribution's table; null for "point", which has no density, and for names that are
/// not there.
[[nodiscard]] std::unique_ptr<Family> make_family(std::string_view name);

} // namespace retort::plugin_support
