// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/error.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <framework/source/files/atomic_file.hpp>
#include <iterator>
#include <string>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_atomic_file)

using namespace retort;
using framework::AtomicFile;
namespace fs = std::filesystem;

namespace {

std::ptrdiff_t files_in(const fs::path &folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

/// Whether the error names the file, what could not be done, and why.
auto output_error(const fs::path &file, const std::string &message) {
    return [=](const framework::Error &error) {
        BOOST_TEST(error.problems()[0].where == file.string());
        BOOST_TEST(error.problems()[0].message == message);
        return error.code() == framework::ErrorCode::output;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_is_replaced_by_commit_and_not_before) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "weights";
    const std::string large(300'000, 'x');
    test::write_file(file, "old");
    AtomicFile out(file);
    out.write(std::string_view("a\0b", 3));
    out.write("");
    out.write(large.data(), large.size());
    BOOST_TEST(test::read_file(file) == "old");
    out.commit();
    BOOST_TEST(test::read_file(file) == std::string("a\0b", 3) + large);
    BOOST_TEST(files_in(folder.path()) == 1);
}

BOOST_AUTO_TEST_CASE(without_commit_nothing_remains) {
    const test::TemporaryFolder folder;
    { AtomicFile(folder.path() / "weights").write("half"); }
    BOOST_TEST(files_in(folder.path()) == 0);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_not_there_is_an_error) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "none" / "weights";
    BOOST_CHECK_EXCEPTION(AtomicFile{file}, framework::Error,
                          output_error(file, "the file cannot be created: No such file or directory"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error_and_leaves_nothing) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "weights";
    fs::create_symlink("/dev/full", file.string() + ".partial");
    BOOST_CHECK_EXCEPTION(AtomicFile(file).write("text"), framework::Error,
                          output_error(file, "the file cannot be written: No space left on device"));
    BOOST_TEST(files_in(folder.path()) == 0);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_taken_by_a_folder_is_an_error) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "weights";
    fs::create_directory(file);
    BOOST_CHECK_EXCEPTION(AtomicFile(file).commit(), framework::Error,
                          output_error(file, "the file cannot be renamed: Is a directory"));
    BOOST_TEST(files_in(folder.path()) == 1); // the folder
}

BOOST_AUTO_TEST_SUITE_END()
