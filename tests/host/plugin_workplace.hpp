// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.hpp"

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace retort::test {

/// A place with a folder `plugins`, and nothing known of any plugin.
struct PluginWorkplace : Workplace {
    PluginWorkplace() {
        ::setenv("XDG_CACHE_HOME", path("cache").c_str(), 1);
        std::filesystem::create_directory(path("plugins"));
    }
    PluginWorkplace(const PluginWorkplace &) = delete;
    PluginWorkplace &operator=(const PluginWorkplace &) = delete;
    ~PluginWorkplace() { ::unsetenv("XDG_CACHE_HOME"); }

    [[nodiscard]] std::filesystem::path path(const std::string &name) const { return folder.path() / name; }

    void add(const std::string &name, const std::string &file = {}, const std::string &place = "plugins") const {
        std::filesystem::copy(std::filesystem::path(RETORT_FIXTURE_PLUGINS) / ("fixture_" + name + ".so"),
                              path(place) / ((file.empty() ? name : file) + ".so"),
                              std::filesystem::copy_options::overwrite_existing);
    }

    /// `retort COMMAND` where the toy and those of `plugins` are found.
    [[nodiscard]] Outcome with_plugins(const std::string &command, std::vector<std::string> words = {}) const {
        words.insert(words.end(), {"--plugin-path", "plugins"});
        return call(command, std::move(words));
    }

    /// What is said of the file `name` by `retort doctor --json`.
    [[nodiscard]] boost::json::object doctors_word(const std::string &name) const {
        const boost::json::value answer = boost::json::parse(with_plugins("doctor", {"--json"}).out);
        for (const boost::json::value &file : answer.at("plugins").as_array())
            if (file.at("file").as_string() == path("plugins/" + name + ".so").string())
                return file.as_object();
        return {};
    }

    [[nodiscard]] std::size_t known() const {
        std::error_code none;
        const std::filesystem::directory_iterator files(path("cache/retort/plugins"), none);
        return static_cast<std::size_t>(std::distance(std::filesystem::begin(files), std::filesystem::end(files)));
    }
};

} // namespace retort::test
