// SPDX-License-Identifier: Apache-2.0
#include "stamp.hpp"

#include <retort/sdk/stamp.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace retort::framework {

namespace {

using Stamp = std::map<std::string, std::string, std::less<>>;

/// "retort_stamp__contract_1__head_1" as {contract: 1, head: 1}.
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

std::string mismatch_text(const StampField &field) {
    if (field.name == "isa")
        return "isa is " + field.found + ", this processor supports up to " + field.expected;
    return field.name + " is " + field.found + ", must be " + field.expected;
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

std::vector<StampField> compare_stamps(std::string_view expected, std::string_view found, int level) {
    const Stamp ours = parse(expected);
    const Stamp theirs = parse(found);
    Stamp all = ours;
    all.insert(theirs.begin(), theirs.end());
    std::vector<StampField> fields;
    for (const auto &[name, value] : all) {
        StampField field{name, value_of(theirs, name), value_of(ours, name)};
        if (name == "isa") {
            field.expected = std::to_string(level);
            field.fits = isa_fits(field.found, level);
        } else {
            field.fits = name == "hash" || field.found == field.expected;
        }
        fields.push_back(std::move(field));
    }
    return fields;
}

std::string stamp_mismatch(std::string_view expected, std::string_view found, int level) {
    std::string result;
    std::string hashes;
    for (const StampField &field : compare_stamps(expected, found, level)) {
        if (!field.fits)
            result += (result.empty() ? "" : "; ") + mismatch_text(field);
        if (field.name == "hash" && field.found != field.expected)
            hashes =
                " (the headers of the contract differ too: " + field.found + " there, " + field.expected + " here)";
    }
    return result.empty() ? result : result + hashes;
}

} // namespace retort::framework
