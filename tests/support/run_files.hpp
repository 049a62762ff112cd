// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <support/temporary_folder.hpp>

// The files of a run that the same manifest gives the same bytes.
namespace retort::test {

using RunFiles = std::map<std::string, std::string>; ///< bytes, by file names

/// Those in the run directory `run`.
inline RunFiles files_of(const std::filesystem::path &run) {
    RunFiles files;
    for (const char *part : {"weights", "metrics", "figures"})
        for (const auto &entry : std::filesystem::directory_iterator(run / part))
            files[entry.path().filename().string()] = read_file(entry.path());
    return files;
}

inline void check_same(const RunFiles &expected, const RunFiles &found) {
    BOOST_TEST(!expected.empty());
    BOOST_TEST(expected.size() == found.size());
    for (const auto &[name, bytes] : expected)
        BOOST_TEST((found.count(name) == 1 && found.at(name) == bytes), name << " differs");
}

} // namespace retort::test
