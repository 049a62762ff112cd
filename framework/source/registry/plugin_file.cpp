// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/plugin_file.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace retort::framework {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Refusal::registration) + 1> refusal_names{
    "none",
    "no_file",
    "no_regular_file",
    "unreadable",
    "unsafe",
    "empty",
    "too_large",
    "no_elf",
    "other_machine",
    "no_library",
    "truncated",
    "damaged",
    "no_stamp",
    "several_stamps",
    "stamp",
    "no_entry",
    "several_entries",
    "pin",
    "duplicate",
    "shadowed",
    "crashed",
    "hung",
    "exited",
    "not_tried",
    "missing_library",
    "unresolved_symbol",
    "cannot_be_opened",
    "floating_point",
    "changed",
    "other_name",
    "registration"};
static_assert(!refusal_names.back().empty());

} // namespace

std::string_view name_of(Refusal refusal) {
    return refusal_names[static_cast<std::size_t>(refusal)];
}

Refusal refusal_named(std::string_view name) {
    const auto found = std::find(refusal_names.begin(), refusal_names.end(), name);
    return found == refusal_names.end() ? Refusal::none : static_cast<Refusal>(found - refusal_names.begin());
}

} // namespace retort::framework
