// SPDX-License-Identifier: Apache-2.0
#include "loading.hpp"

#include "library.hpp"
#include "refused.hpp"

#include <retort/framework/printable.hpp>

namespace retort::framework {

void load(Registry &registry, Candidate &candidate) {
    PluginFile &found = candidate.found;
    try {
        const sdk::Plugin &plugin = open_library(candidate);
        registry.add(plugin, found.file.string(), found.sha256);
        found.version = one_line(plugin.version);
    } catch (const Refused &refused) {
        candidate.refuse(refused.refusal(), refused.what());
    } catch (const Error &error) {
        candidate.refuse(Refusal::registration, error.problems().front().message);
    }
}

} // namespace retort::framework
