// SPDX-License-Identifier: Apache-2.0
#include "known_plugins.hpp"

#include "sha256.hpp"
#include "stamp.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/version.hpp>

#include <cstdlib>
#include <fstream>
#include <system_error>

namespace retort::framework {

namespace fs = std::filesystem;

bool KnownPlugins::contains(const std::string &sha256) const {
    std::error_code failure;
    return !folder_.empty() && fs::is_regular_file(file(sha256), failure);
}

void KnownPlugins::add(const std::string &sha256) const {
    std::error_code failure;
    if (folder_.empty())
        return;
    fs::create_directories(folder_, failure);
    const std::ofstream created(file(sha256), std::ios::app);
}

fs::path KnownPlugins::file(const std::string &sha256) const {
    // Another Retort may fail on the same bytes.
    const std::string own = std::string(version()) + std::string(own_stamp()) + std::to_string(processor_level());
    return folder_ / (sha256 + "-" + sha256_of_text(own).substr(0, 16));
}

fs::path known_plugins_folder() {
    const auto variable = [](const char *name) {
        const char *value = std::getenv(name);
        return fs::path(value == nullptr ? "" : value);
    };
    if (const fs::path cache = variable("XDG_CACHE_HOME"); cache.is_absolute()) // others are ignored, says its standard
        return cache / "retort" / "plugins";
    const fs::path home = variable("HOME");
    return home.is_absolute() ? home / ".cache" / "retort" / "plugins" : fs::path();
}

} // namespace retort::framework
