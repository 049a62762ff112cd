// SPDX-License-Identifier: Apache-2.0
#include "known_plugins.hpp"

#include "../files/sha256.hpp"
#include "../registry/stamp.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/version.hpp>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

constexpr const char *hangs = ".hangs";

/// Whether the file was written less than a day ago, and not in the future.
bool is_recent(const fs::path &file) {
    std::error_code failure;
    const auto age = fs::file_time_type::clock::now() - fs::last_write_time(file, failure);
    return !failure && age >= age.zero() && age < std::chrono::hours(24);
}

} // namespace

bool KnownPlugins::is_sound(const std::string &sha256) const {
    std::error_code failure;
    return !folder_.empty() && fs::is_regular_file(file(sha256), failure);
}

void KnownPlugins::add_sound(const std::string &sha256) const {
    std::error_code failure;
    if (folder_.empty())
        return;
    fs::create_directories(folder_, failure);
    const std::ofstream created(file(sha256), std::ios::app);
    fs::remove(file(sha256, hangs), failure);
}

std::optional<KnownHang> KnownPlugins::hang(const std::string &sha256) const {
    if (folder_.empty() || !is_recent(file(sha256, hangs)))
        return {};
    std::ifstream stream(file(sha256, hangs));
    std::int64_t milliseconds = 0;
    KnownHang hang;
    if (!(stream >> milliseconds >> std::ws && std::getline(stream, hang.reason)))
        return {};
    hang.timeout = std::chrono::milliseconds(milliseconds);
    return hang;
}

void KnownPlugins::add_hang(const std::string &sha256, const KnownHang &hang) const {
    const std::optional<KnownHang> before = this->hang(sha256);
    if (folder_.empty() || (before && before->timeout >= hang.timeout))
        return;
    std::error_code failure;
    fs::create_directories(folder_, failure);
    std::ofstream(file(sha256, hangs)) << hang.timeout.count() << ' ' << hang.reason << '\n';
}

fs::path KnownPlugins::file(const std::string &sha256, const char *ending) const {
    // Another Retort may fail on the same bytes.
    const std::string own = std::string(version()) + std::string(own_stamp()) + std::to_string(processor_level());
    return folder_ / (sha256 + "-" + sha256_of_text(own).substr(0, 16) + ending);
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
