// SPDX-License-Identifier: Apache-2.0
#include "stamp.hpp"

#include <retort/sdk/stamp.hpp>

#include <algorithm>
#include <functional>
#include <map>

namespace retort::framework {

namespace {

using Stamp = std::map<std::string, std::string, std::less<>>;

/// "retort_stamp__contract_1__roles_1_1" as {contract: 1, roles: 1_1}.
Stamp parse(std::string_view text) {
    Stamp result;
    std::size_t begin = text.find("__");
    while (begin != text.npos) {
        begin += 2;
        const std::size_t end = text.find("__", begin);
        const std::string_view field = text.substr(begin, end == text.npos ? end : end - begin);
        const std::size_t split = std::min(field.find('_'), field.size());
        if (!field.empty())
            result[std::string(field.substr(0, split))] = field.substr(std::min(split + 1, field.size()));
        begin = end;
    }
    return result;
}

std::string value_of(const Stamp &stamp, std::string_view field) {
    const auto found = stamp.find(field);
    return found == stamp.end() ? "missing" : found->second;
}

bool isa_fits(const std::string &found, int level) {
    return found.size() == 1 && found[0] >= '1' && found[0] - '0' <= level;
}

/// Every field of either, once.
Stamp all_fields(Stamp expected, Stamp found) {
    expected.merge(found);
    expected.erase("hash");
    return expected;
}

std::string difference(std::string_view field, const std::string &expected, const std::string &found, int level) {
    if (field == "isa")
        return isa_fits(found, level) ? ""
                                      : "isa is " + found + ", this processor supports up to " + std::to_string(level);
    return found == expected ? "" : std::string(field) + " is " + found + ", must be " + expected;
}

} // namespace

std::string_view own_stamp() {
    return RETORT_STAMP_STRING;
}

int processor_level() {
    __builtin_cpu_init();
    const bool level2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
    const bool level3 = level2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                        __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    const bool level4 = level3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512vl");
    return 1 + int{level2} + int{level3} + int{level4};
}

std::string stamp_mismatch(std::string_view expected, std::string_view found, int level) {
    const Stamp ours = parse(expected);
    const Stamp theirs = parse(found);
    std::string result;
    for (const auto &[field, value] : all_fields(ours, theirs))
        if (const std::string text = difference(field, value_of(ours, field), value_of(theirs, field), level);
            !text.empty())
            result += (result.empty() ? "" : "; ") + text;
    if (!result.empty() && value_of(ours, "hash") != value_of(theirs, "hash"))
        result += " (the headers of the contract differ too: " + value_of(theirs, "hash") + " there, " +
                  value_of(ours, "hash") + " here)";
    return result;
}

} // namespace retort::framework
