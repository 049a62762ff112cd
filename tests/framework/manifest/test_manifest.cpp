// SPDX-License-Identifier: Apache-2.0
#include "../manifests.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <support/temporary_folder.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_manifest)

BOOST_AUTO_TEST_CASE(a_file_knows_its_name_and_folder) {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "run.json";
    std::ofstream(file) << good_manifest;
    const auto manifest = framework::Manifest::read(file);
    BOOST_TEST((manifest.root() == parsed().root()));
    BOOST_TEST(manifest.name() == file.string());
    BOOST_TEST(manifest.directory() == folder.path());
    std::ofstream(file) << "{,}";
    BOOST_TEST(complaint_of([&] { framework::Manifest::read(file); }) ==
               file.string() + ":1:2: found ','; allowed: a key in double quotes, or '}'");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_named) {
    const TemporaryFolder folder;
    const std::string none = (folder.path() / "none.json").string();
    BOOST_TEST(complaint_of([&] { framework::Manifest::read(none); }) ==
               none + ": cannot be read: No such file or directory");
    BOOST_TEST(complaint_of([&] { framework::Manifest::read(folder.path()); }) ==
               folder.path().string() + ": is a folder; allowed: a file of JSON");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
