// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/loader.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

namespace retort::test {

namespace fs = std::filesystem;

/// Where the plugins of tests/fixtures/plugins lie.
inline const fs::path plugins = RETORT_FIXTURE_PLUGINS;

inline fs::path fixture(const std::string &name) {
    return plugins / ("fixture_" + name + ".so");
}

/// What is said of a file, after it was checked that it is refused, and with the same words as an Error.
inline framework::PluginFile refused(const fs::path &file, const framework::LoadOptions &options = {}) {
    framework::Registry registry;
    const framework::PluginFile found = load_file(registry, file, options);
    BOOST_TEST(found.refused());
    BOOST_TEST(found.file == file);
    BOOST_TEST(registry.entries().empty());
    const auto same = [&](const framework::Error &error) {
        return error.code() == framework::ErrorCode::plugin && error.problems().front().where == file.string() &&
               error.problems().front().message == found.reason;
    };
    BOOST_CHECK_EXCEPTION(load_plugin(registry, file, options), framework::Error, same);
    return found;
}

} // namespace retort::test
