// SPDX-License-Identifier: Apache-2.0
#include "candidate.hpp"

#include "../files/sha256.hpp"
#include "../registry/stamp.hpp"
#include "elf.hpp"
#include "ownership.hpp"
#include "refused.hpp"

#include <retort/framework/printable.hpp>

#include <exception>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <utility>
#include <vector>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view stamp_prefix = "retort_stamp__";
constexpr std::string_view entry_prefix = "retort_plugin_";

/// What stands in names that the contract's macros make: a damaged one is none, and is not printed.
constexpr std::string_view identifier_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::set<std::string> symbols_with(const std::vector<std::string> &symbols, std::string_view prefix) {
    std::set<std::string> found;
    for (const std::string &symbol : symbols)
        if (symbol.starts_with(prefix) && symbol.find_first_not_of(identifier_letters) == symbol.npos)
            found.insert(symbol);
    return found;
}

/// Refuses unless there is one symbol of the kind `what`.
void check_one(const std::set<std::string> &found, std::string_view prefix, const std::string &what, Refusal none,
               Refusal several) {
    if (found.empty())
        throw Refused(none,
                      "it is no plugin of Retort: it exports no " + what + " (no symbol " + std::string(prefix) + "*)");
    if (found.size() > 1)
        throw Refused(several,
                      "it exports more than one " + what + ": " + *found.begin() + ", " + *std::next(found.begin()));
}

void check_regular(const fs::path &file) {
    std::error_code failure;
    const fs::file_status status = fs::status(file, failure);
    if (status.type() == fs::file_type::not_found)
        throw Refused(Refusal::no_file, "there is no such file");
    if (!fs::status_known(status))
        throw Refused(Refusal::unreadable, "it cannot be read: " + failure.message());
    if (!fs::is_regular_file(status))
        throw Refused(Refusal::no_regular_file, "it is no regular file");
}

void check_pin(const PluginFile &found, const std::map<std::string, std::string> &pins) {
    const auto pin = pins.find(found.plugin);
    if (pin != pins.end() && pin->second != found.sha256)
        throw Refused(Refusal::pin, "its SHA-256 is " + found.sha256 + ", the manifest pins " + pin->second);
}

/// Fills `candidate` step by step, so that what is known before a refusal stays.
void read_file_of(Candidate &candidate, const LoadOptions &options) {
    PluginFile &found = candidate.found;
    check_regular(found.file);
    candidate.identity = identity_of(found.file);
    if (!options.allow_unsafe)
        check_ownership(found.file);
    const std::vector<std::string> symbols = library_symbols(found.file);
    found.sha256 = sha256_of(found.file);
    const std::set<std::string> stamps = symbols_with(symbols, stamp_prefix);
    const std::set<std::string> entries = symbols_with(symbols, entry_prefix);
    if (stamps.size() == 1)
        found.stamp = *stamps.begin();
    if (entries.size() == 1) {
        candidate.entry = *entries.begin();
        found.plugin = candidate.entry.substr(entry_prefix.size());
    }
    check_one(stamps, stamp_prefix, "stamp", Refusal::no_stamp, Refusal::several_stamps);
    if (const std::string difference = stamp_mismatch(own_stamp(), found.stamp, processor_level()); !difference.empty())
        throw Refused(Refusal::stamp, "it was built for another Retort or with other options: " + difference);
    check_one(entries, entry_prefix, "entry", Refusal::no_entry, Refusal::several_entries);
    check_pin(found, options.pins);
}

} // namespace

FileIdentity identity_of(const fs::path &file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return {};
    return {static_cast<std::int64_t>(status.st_dev),
            static_cast<std::int64_t>(status.st_ino),
            status.st_size,
            status.st_mtim.tv_sec,
            status.st_mtim.tv_nsec,
            status.st_ctim.tv_sec,
            status.st_ctim.tv_nsec};
}

void Candidate::refuse(Refusal refusal, const std::string &reason) {
    found.refusal = refusal;
    found.reason = one_line(reason);
}

Candidate inspect(const fs::path &file, const LoadOptions &options) {
    Candidate candidate;
    candidate.found.file = fs::absolute(file).lexically_normal();
    try {
        read_file_of(candidate, options);
    } catch (const Refused &refused) {
        candidate.refuse(refused.refusal(), refused.what());
    } catch (const std::exception &thrown) { // of library_info, which expects a sound file
        candidate.refuse(Refusal::damaged, std::string("it is damaged: ") + thrown.what());
    }
    return candidate;
}

} // namespace retort::framework
