// SPDX-License-Identifier: Apache-2.0
#include "check_report.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace retort::host {

using sdk::conformance::Finding;
using sdk::conformance::Outcome;

namespace {

std::size_t number_of(std::span<const Finding> findings, Outcome outcome) {
    return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                  [&](const Finding &finding) { return finding.outcome == outcome; }));
}

/// `text` with what XML takes for its own replaced, and what it has no place for left out.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char character : text) {
        switch (character) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        case '\n': result += "&#10;"; break;
        default:
            if (static_cast<unsigned char>(character) >= 0x20)
                result += character;
        }
    }
    return result;
}

/// The findings of the component that the first of `findings` is of.
std::span<const Finding> first_component(std::span<const Finding> findings) {
    const auto end = std::find_if(findings.begin(), findings.end(), [&](const Finding &finding) {
        return finding.component != findings.front().component;
    });
    return findings.first(static_cast<std::size_t>(end - findings.begin()));
}

std::string test_case(const Finding &finding) {
    std::string text = "    <testcase classname=\"" + escaped(finding.component) + "\" name=\"" +
                       escaped(finding.check) + "\" time=\"" + fixed(finding.seconds, 3) + "\"";
    if (finding.outcome == Outcome::passed)
        return text + "/>\n";
    const bool failed = finding.outcome == Outcome::failed;
    text +=
        std::string(">\n      <") + (failed ? "failure" : "skipped") + " message=\"" + escaped(finding.reason) + "\"";
    text += failed ? ">" + escaped(finding.settings) + "</failure>\n" : "/>\n";
    return text + "    </testcase>\n";
}

std::string counts(std::span<const Finding> findings) {
    double seconds = 0.0;
    for (const Finding &finding : findings)
        seconds += finding.seconds;
    return "tests=\"" + std::to_string(findings.size()) + "\" failures=\"" +
           std::to_string(number_of(findings, Outcome::failed)) + "\" skipped=\"" +
           std::to_string(number_of(findings, Outcome::skipped)) + "\" time=\"" + fixed(seconds, 3) + "\"";
}

} // namespace

std::string check_table(std::span<const Finding> findings) {
    std::vector<std::vector<std::string>> rows{{"component", "check", "outcome", "trials", "why"}};
    std::string failures;
    for (const Finding &finding : findings) {
        const bool failed = finding.outcome == Outcome::failed;
        const std::string trials = finding.outcome == Outcome::skipped ? "-" : std::to_string(finding.trials);
        rows.push_back({finding.component, finding.check, std::string(name_of(finding.outcome)), trials,
                        failed ? "see below" : finding.reason});
        if (failed)
            failures += "\n" + finding.component + ", " + finding.check + ":\n" + wrapped(finding.reason, 4) +
                        (finding.settings.empty() ? "" : wrapped("with " + finding.settings, 4));
    }
    return table_text(rows, 5) + failures + "\n" + std::to_string(number_of(findings, Outcome::passed)) + " passed, " +
           std::to_string(number_of(findings, Outcome::failed)) + " failed, " +
           std::to_string(number_of(findings, Outcome::skipped)) + " skipped\n";
}

boost::json::array check_json(std::span<const Finding> findings) {
    boost::json::array result;
    for (const Finding &finding : findings) {
        const std::string_view outcome = name_of(finding.outcome);
        result.push_back({{"component", finding.component},
                          {"check", finding.check},
                          {"outcome", boost::json::string_view(outcome.data(), outcome.size())},
                          {"reason", finding.reason},
                          {"settings", finding.settings},
                          {"trials", finding.trials},
                          {"seconds", finding.seconds}});
    }
    return result;
}

std::string check_junit(std::span<const Finding> findings) {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"retort check\" " + counts(findings) + ">\n";
    while (!findings.empty()) {
        const std::span<const Finding> component = first_component(findings);
        text += "  <testsuite name=\"" + escaped(component.front().component) + "\" " + counts(component) + ">\n";
        for (const Finding &finding : component)
            text += test_case(finding);
        text += "  </testsuite>\n";
        findings = findings.subspan(component.size());
    }
    return text + "</testsuites>\n";
}

} // namespace retort::host
