// SPDX-License-Identifier: Apache-2.0
#include "profile_files.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/printable.hpp>
#include <retort/framework/version.hpp>

#include <boost/json/value.hpp>

#include <charconv>

namespace retort::framework {

namespace {

std::string number_text(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

/// As CSV quotes it: within '"', each '"' in it twice.
std::string quoted(const std::string &text) {
    std::string result = "\"";
    for (const char letter : one_line(text))
        result += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return result + '"';
}

/// With a point and three digits: readers of traces know no exponents.
std::string microseconds(std::chrono::nanoseconds time) {
    const std::string rest = std::to_string(time.count() % 1000);
    return std::to_string(time.count() / 1000) + "." + std::string(3 - rest.size(), '0') + rest;
}

std::string event_text(const PhaseCall &call) {
    return R"({"name": )" + to_text(boost::json::value(one_line(call.name))) +
           R"(, "cat": "phase", "ph": "X", "ts": )" + microseconds(call.begin) + R"(, "dur": )" +
           microseconds(call.duration) + R"(, "pid": 1, "tid": 1, "args": {"call": )" + std::to_string(call.call) +
           R"(, "operations": )" + std::to_string(call.operations) + "}}";
}

} // namespace

std::string profile_csv(std::span<const ProfiledPhase> phases) {
    std::string text = "path,depth,calls,seconds,own_seconds,share,operations\n";
    for (const ProfiledPhase &phase : phases)
        text += quoted(phase.path) + "," + std::to_string(phase.depth) + "," + std::to_string(phase.calls) + "," +
                number_text(phase.seconds) + "," + number_text(phase.own_seconds) + "," + number_text(phase.share) +
                "," + std::to_string(phase.operations) + "\n";
    return text;
}

std::string trace_text(std::span<const PhaseCall> calls) {
    std::string text =
        R"({"displayTimeUnit": "ms", "otherData": {"retort": ")" + std::string(version()) + R"("}, "traceEvents": [)";
    std::string_view separator = "\n";
    for (const PhaseCall &call : calls) {
        text += separator;
        text += event_text(call);
        separator = ",\n";
    }
    return text + "\n]}\n";
}

} // namespace retort::framework
