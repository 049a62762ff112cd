// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance.hpp>

#include <host/instruments.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace retort::test {

/// What the kit finds in everything that a plugin offers, the process being watched.
inline std::vector<sdk::conformance::Finding> findings_of(const sdk::Plugin &plugin,
                                                          const std::map<std::string, std::string> &texts = {}) {
    std::vector<sdk::conformance::Finding> result;
    const sdk::conformance::Offers offers(plugin);
    for (const auto &offer : offers.all) {
        host::ProcessInstruments instruments(*offer.factory);
        sdk::conformance::Options options;
        options.instruments = &instruments;
        options.texts = texts;
        for (auto &finding : sdk::conformance::check_component(*offer.factory, offer.role, offer.name, options))
            result.push_back(std::move(finding));
    }
    return result;
}

/// False under a sanitizer.
inline bool counts_allocations() {
    return host::ProcessInstruments::blindness().empty();
}

inline std::string text_of(const sdk::conformance::Finding &finding) {
    return finding.component + " " + finding.check + ": " + finding.reason + " [" + finding.settings + "]";
}

} // namespace retort::test
