// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/registry.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fcntl.h>
#include <host/scaffold.hpp>
#include <regex>
#include <unistd.h>

namespace test_scaffold {

using namespace retort;
using test::contains;
namespace fs = std::filesystem;

std::string text_of(const std::vector<host::ScaffoldFile> &files, const std::string &path) {
    for (const host::ScaffoldFile &file : files)
        if (file.path == path)
            return file.text;
    return "there is no " + path;
}

std::vector<std::string> paths_of(const std::vector<host::ScaffoldFile> &files) {
    std::vector<std::string> paths;
    for (const host::ScaffoldFile &file : files)
        paths.push_back(file.path);
    return paths;
}

/// What stands in a folder, hidden files too, at any depth.
std::vector<std::string> everything_in(const fs::path &folder) {
    std::vector<std::string> paths;
    for (const auto &entry : fs::recursive_directory_iterator(folder))
        paths.push_back(entry.path().lexically_relative(folder).string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// What `call` throws, as "CODE: text".
template <class Call> std::string error_of(Call &&call) {
    try {
        call();
    } catch (const framework::Error &error) {
        return std::to_string(static_cast<int>(error.code())) + ": " + error.what();
    }
    return "nothing";
}

const std::vector<std::string> project_files{".gitignore", "CMakeLists.txt", "README.md",
                                             "mine.cpp",   "mine.json",      "test_mine.cpp"};

struct Fixture : test::Workplace {
    [[nodiscard]] fs::path path(const std::string &name) const { return folder.path() / name; }
};

} // namespace test_scaffold

BOOST_FIXTURE_TEST_SUITE(test_scaffold, Fixture)

BOOST_AUTO_TEST_CASE(every_role_has_a_whole_project) {
    for (const std::string_view role : framework::roles)
        BOOST_TEST_CONTEXT(role) {
            const auto files = host::scaffold(std::string(role), "mine");
            BOOST_TEST(paths_of(files) == project_files, boost::test_tools::per_element());
            BOOST_TEST(contains(text_of(files, "mine.cpp"), "\"mine\""));
            BOOST_TEST(contains(text_of(files, "mine.cpp"), "struct Settings {"));
            BOOST_TEST(contains(text_of(files, "mine.json"), "\"type\": \"mine\""));
            BOOST_CHECK_NO_THROW((void)boost::json::parse(text_of(files, "mine.json")));
        }
}

BOOST_AUTO_TEST_CASE(no_placeholder_and_no_licence_is_left) {
    const std::regex placeholder("@[A-Za-z_]+@");
    for (const std::string_view role : framework::roles)
        for (const auto &file : host::scaffold(std::string(role), "mine")) {
            BOOST_TEST(!std::regex_search(file.path + file.text, placeholder), role << " " << file.path);
            BOOST_TEST(!contains(file.text, "SPDX"), role << " " << file.path);
        }
}

BOOST_AUTO_TEST_CASE(names_are_put_in_their_places) {
    const auto files = host::scaffold("objective", "my_2nd_game");
    BOOST_TEST(contains(text_of(files, "my_2nd_game.cpp"), "class My2ndGame final : public sdk::Objective {"));
    BOOST_TEST(contains(text_of(files, "my_2nd_game.cpp"), "registrar.add<sdk::Objective, My2ndGame>(\"my_2nd_game\""));
    BOOST_TEST(contains(text_of(files, "CMakeLists.txt"), "retort_add_plugin(my_2nd_game SOURCES my_2nd_game.cpp)"));
    BOOST_TEST(contains(text_of(files, "README.md"), "An objective for Retort"));
    BOOST_TEST(contains(text_of(files, "README.md"), "<retort/sdk/roles/objective.hpp>"));
    BOOST_TEST(contains(text_of(host::scaffold("loss", "mine"), "README.md"), "What a loss must do"));
}

BOOST_AUTO_TEST_CASE(names_that_cannot_be_are_refused_with_the_reason) {
    for (const char *name : {"a", "a_bc", "my_critic", "x2", "discriminator", "progress", "tests"})
        BOOST_TEST(error_of([&] { host::check_new_name(name); }) == "nothing", name);
    const std::string letters = "allowed are lower case letters, digits and underscores, a letter first";
    const std::vector<std::pair<std::string, std::string>> refused{
        {"", letters},
        {"_a", letters},
        {"2x", letters},
        {"My", letters},
        {"a-b", letters},
        {"a/b", letters},
        {"a b", letters},
        {"\xc3\xa4", letters},
        {"class", "it is a word of C++"},
        {"co_await", "it is a word of C++"},
        {"test", "CMake has a target of this name"},
        {"package_source", "CMake has a target of this name"},
        {"e_o_f", "its class would be called like a macro, EOF"},
        {"settings", "the settings inside the component's class are called Settings"}};
    for (const auto &[name, reason] : refused)
        BOOST_TEST(error_of([&, &name = name] { host::check_new_name(name); }) ==
                   "2: \"" + name + "\" cannot be a name: " + reason);
}

BOOST_AUTO_TEST_CASE(a_project_is_written_whole_and_nothing_beside_it) {
    const auto files = host::scaffold("loss", "mine");
    host::write_project(path("a/b/mine"), files);
    BOOST_TEST(everything_in(path("a/b/mine")) == project_files, boost::test_tools::per_element());
    for (const host::ScaffoldFile &file : files)
        BOOST_TEST(test::read_file(path("a/b/mine") / file.path) == file.text);
    BOOST_TEST(everything_in(path("a/b")).size() == project_files.size() + 1);
}

BOOST_AUTO_TEST_CASE(an_empty_folder_is_filled_and_stays_the_one_that_it_was) {
    fs::create_directory(path("empty"));
    fs::permissions(path("empty"), fs::perms::owner_all);
    fs::create_directory_symlink("empty", path("link"));
    const int opened = ::open(path("empty").c_str(), O_RDONLY | O_DIRECTORY); // as somebody's working directory is
    host::write_project(path("link/"), host::scaffold("loss", "mine"));
    BOOST_TEST(everything_in(path("empty")) == project_files, boost::test_tools::per_element());
    BOOST_TEST(everything_in("/proc/self/fd/" + std::to_string(opened) + "/") == project_files,
               boost::test_tools::per_element());
    BOOST_TEST((fs::status(path("empty")).permissions() == fs::perms::owner_all));
    ::close(opened);
}

BOOST_AUTO_TEST_CASE(a_new_project_has_the_rights_of_new_folders_and_files) {
    fs::create_directory(path("ordinary"));
    test::write_file(path("file"), "");
    host::write_project(path("mine"), host::scaffold("loss", "mine"));
    BOOST_TEST((fs::status(path("mine")).permissions() == fs::status(path("ordinary")).permissions()));
    BOOST_TEST((fs::status(path("mine/mine.cpp")).permissions() == fs::status(path("file")).permissions()));
}

BOOST_AUTO_TEST_CASE(what_is_there_is_not_touched) {
    fs::create_directory(path("full"));
    test::write_file(path("full/file"), "mine");
    const auto files = host::scaffold("loss", "mine");
    BOOST_TEST(error_of([&] { host::write_project(path("full"), files); }) ==
               "7: " + path("full").string() + ": the folder is not empty; allowed: a new folder, or an empty one");
    BOOST_TEST(error_of([&] { host::write_project(path("full/file"), files); }) ==
               "7: " + path("full/file").string() + ": is no folder; allowed: a new folder, or an empty one");
    BOOST_TEST(everything_in(path("full")).size() == 1U);
    BOOST_TEST(test::read_file(path("full/file")) == "mine");
}

BOOST_AUTO_TEST_CASE(a_project_that_cannot_be_written_leaves_nothing_behind) {
    const std::vector<host::ScaffoldFile> files{{"first", "text"}, {"no folder/second", "text"}};
    const std::vector<std::string> before = everything_in(folder.path());
    const std::string error = error_of([&] { host::write_project(path("mine"), files); });
    BOOST_TEST(error.starts_with("7: "), error);
    BOOST_TEST(contains(error, "cannot be written: No such file or directory"), error);
    BOOST_TEST(everything_in(folder.path()) == before, boost::test_tools::per_element());
    fs::create_directory(path("empty"));
    BOOST_TEST(error_of([&] { host::write_project(path("empty"), files); }).starts_with("7: "));
    BOOST_TEST((fs::exists(path("empty")) && fs::is_empty(path("empty"))));
}

BOOST_AUTO_TEST_CASE(the_command_says_what_it_wrote_and_what_comes_next) {
    const auto outcome = call("new", {"loss", "mine", "--directory", "here and there/mine"});
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err == "");
    for (const std::string &file : project_files)
        BOOST_TEST(contains(outcome.out, "here and there/mine/" + file + "\n"), outcome.out);
    BOOST_TEST(contains(outcome.out, "cmake -S 'here and there/mine' -B 'here and there/mine/build'"), outcome.out);
    BOOST_TEST(contains(outcome.out, " check 'here and there/mine/build/mine.so'\n"), outcome.out);
    BOOST_TEST(
        contains(outcome.out, " run 'here and there/mine/mine.json' --plugin-path 'here and there/mine/build'\n"),
        outcome.out);
    BOOST_TEST(everything_in(path("here and there/mine")) == project_files, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_folder_it_is_called_like_the_component) {
    BOOST_TEST(call("new", {"head", "mine"}).exit_code == 0);
    BOOST_TEST(everything_in(path("mine")) == project_files, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_of_what_is_there_are_refused) {
    const std::string allowed = "; allowed: another name\n";
    const auto component = call("new", {"dataset", "toy"});
    BOOST_TEST(component.exit_code == 2);
    BOOST_TEST(component.err.starts_with("error: \"toy\" is taken by dataset/toy of the plugin host_toy, "),
               component.err);
    BOOST_TEST(component.err.ends_with(allowed), component.err);
    const auto plugin = call("new", {"loss", "host_toy"});
    BOOST_TEST(plugin.exit_code == 2);
    BOOST_TEST(plugin.err.starts_with("error: \"host_toy\" is taken by the plugin host_toy, "), plugin.err);
    BOOST_TEST(everything_in(folder.path()).size() == 1U);   // toy.json
    BOOST_TEST(call("new", {"loss", "toy"}).exit_code == 0); // no loss is called so
}

BOOST_AUTO_TEST_SUITE_END()
