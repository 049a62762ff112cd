// SPDX-License-Identifier: Apache-2.0
// A file that may be a plugin: its ELF header, the names of its symbols, its stamp and its entry. Where its symbols'
// names have room for it, the stamp of this build is put in place of a mark, so that a kept input stays acceptable.
#include "target.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/printable.hpp>

#include <algorithm>
#include <framework/source/loader/candidate.hpp>
#include <framework/source/registry/stamp.hpp>
#include <support/temporary_folder.hpp>

using namespace retort;
using framework::Refusal;
using fuzz::check;

namespace {

constexpr std::string_view mark = "retort_stamp__of_this_build";
constexpr std::size_t room = 512; ///< in bytes, of the mark and what fills it up

std::string stamped(std::string bytes) {
    const std::string_view own = framework::own_stamp();
    const std::size_t place = bytes.find(mark);
    if (place == bytes.npos || bytes.size() - place < room || own.size() >= room)
        return bytes;
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(place), room, '\0');
    return bytes.replace(place, own.size(), own);
}

void check_found(const framework::Candidate &candidate) {
    const framework::PluginFile &found = candidate.found;
    check(candidate.refused() == !found.reason.empty(), "refused without a reason, or a reason without a refusal");
    check(framework::one_line(found.reason) == found.reason, "a reason that is not safe to print");
    check(framework::refusal_named(name_of(found.refusal)) == found.refusal, "a refusal that its word does not name");
    if (candidate.refused())
        return;
    check(candidate.entry == "retort_plugin_" + found.plugin, "a plugin that is called otherwise than its entry");
    check(found.sha256.size() == 64, "a plugin without a digest");
    check(framework::stamp_mismatch(framework::own_stamp(), found.stamp, framework::processor_level()).empty(),
          "a plugin that was accepted though its stamp differs");
}

void check_comparison(std::string_view stamp) {
    const std::string_view own = framework::own_stamp();
    const std::vector<framework::StampField> fields = framework::compare_stamps(own, stamp, 4);
    const bool fits = std::all_of(fields.begin(), fields.end(), [](const auto &field) { return field.fits; });
    check(framework::stamp_mismatch(own, stamp, 4).empty() == fits, "stamps that differ in nothing, or do not");
    for (const framework::StampField &field : framework::compare_stamps(stamp, stamp, 4))
        check(field.fits || field.name == "isa", "a stamp that differs from itself");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string bytes = stamped(std::string(fuzz::text_of(data, size)));
    const std::filesystem::path path = fuzz::scratch("plugin.so");
    test::write_file(path, bytes);
    framework::LoadOptions options;
    options.allow_unsafe = true; // whoever owns the folder
    const fuzz::Allowance allowance(fuzz::in_proportion(size, 16));
    check_found(framework::inspect(path, options));
    check_comparison(bytes);
    return 0;
}
