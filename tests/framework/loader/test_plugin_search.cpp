// SPDX-License-Identifier: Apache-2.0
#include "plugin_fixtures.hpp"

#include <retort/sdk/roles/observer.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <memory>
#include <support/temporary_folder.hpp>
#include <utility>

BOOST_AUTO_TEST_SUITE(test_plugin_search)

using namespace retort;
using namespace retort::framework;
using test::fixture;
using test::plugins;
using test::refused;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(the_earlier_folder_shadows_the_later) {
    const test::TemporaryFolder first;
    const test::TemporaryFolder second;
    fs::copy(fixture("good"), first.path() / "z.so");
    fs::copy(fixture("duplicate_name"), first.path() / "b.so");
    test::write_file(first.path() / "a.so", std::string(100, 'x'));
    test::write_file(first.path() / "notes.txt", "no plugin either");
    fs::copy(fixture("same_name"), second.path() / "a.so");
    Registry registry;
    const std::vector<SearchFolder> path{{first.path()}, {"/not/there"}, {first.path()}, {second.path()}};
    const std::vector<PluginFile> files = load_search_path(registry, path);
    BOOST_TEST_REQUIRE(files.size() == 4U);
    BOOST_TEST(files[0].file == first.path() / "a.so");
    BOOST_TEST(files[0].reason == "it is no ELF file");
    BOOST_TEST(files[1].loaded());
    BOOST_TEST(files[1].version == "9.9");
    BOOST_TEST(files[2].loaded());
    BOOST_TEST(files[3].shadowed());
    BOOST_TEST(files[3].reason == "it is shadowed by " + (first.path() / "z.so").string() +
                                      ", the plugin of its name in an earlier folder");
    BOOST_TEST(registry.entries().size() == 4U);
    BOOST_TEST(registry.find("observer", "other") == nullptr);
    Registry other_way;
    const std::vector<SearchFolder> turned{{second.path()}, {first.path()}};
    (void)load_search_path(other_way, turned);
    BOOST_TEST(other_way.find("observer", "other") != nullptr);
    BOOST_TEST(other_way.find("observer", "quiet") == nullptr);
}

BOOST_AUTO_TEST_CASE(what_is_in_the_registry_shadows_every_folder) {
    const test::TemporaryFolder folder;
    fs::copy(fixture("good"), folder.path() / "a.so");
    fs::copy(fixture("good"), folder.path() / "b.so");
    fs::copy(fixture("duplicate_name"), folder.path() / "c.so");
    Registry registry;
    registry.add("fixture_duplicate_name", [](sdk::Registrar &registrar) {
        registrar.add<sdk::Observer>("own", "Is none.",
                                     [](const sdk::ObserverContext &) { return std::unique_ptr<sdk::Observer>(); });
    });
    load_plugin(registry, fixture("same_name"));
    const std::vector<SearchFolder> path{{folder.path()}};
    const std::vector<PluginFile> files = load_search_path(registry, path);
    BOOST_TEST_REQUIRE(files.size() == 3U);
    const std::string before =
        "it is shadowed by " + fixture("same_name").string() + ", the plugin of its name that was loaded before";
    BOOST_TEST(files[0].reason == before);
    BOOST_TEST(files[1].reason == before);
    BOOST_TEST(files[2].reason == "it is shadowed by the plugin of its name that is part of the program");
    BOOST_TEST(files[2].shadowed());
    BOOST_TEST(registry.find("observer", "quiet") == nullptr);
    BOOST_TEST(registry.find("observer", "other") != nullptr);
    Registry twice;
    fs::remove(folder.path() / "b.so");
    BOOST_TEST(load_search_path(twice, path)[0].loaded());
    BOOST_TEST(load_search_path(twice, path)[0].reason == "it is loaded already");
}

BOOST_AUTO_TEST_CASE(two_files_of_one_plugin_in_one_folder_are_both_refused_whatever_they_are_called) {
    for (const auto &[good, same] :
         std::vector<std::pair<std::string, std::string>>{{"a.so", "b.so"}, {"b.so", "a.so"}})
        for (const char *second : {"same_name", "good"}) {
            const test::TemporaryFolder folder;
            const test::TemporaryFolder later;
            fs::copy(fixture("good"), folder.path() / good);
            fs::copy(fixture(second), folder.path() / same);
            fs::copy(fixture("good"), later.path() / "good.so");
            Registry registry;
            const std::vector<SearchFolder> path{{folder.path()}};
            const std::vector<PluginFile> files = load_search_path(registry, path);
            BOOST_TEST_REQUIRE(files.size() == 2U);
            BOOST_TEST(registry.entries().empty());
            BOOST_TEST(name_of(files[0].refusal) == "duplicate");
            BOOST_TEST(files[0].reason == "its folder has the plugin \"fixture_good\" twice; the other is b.so");
            BOOST_TEST(files[1].reason == "its folder has the plugin \"fixture_good\" twice; the other is a.so");
            const std::vector<SearchFolder> both{{folder.path()}, {later.path()}};
            (void)load_search_path(registry, both);
            BOOST_TEST(registry.get("observer", "quiet", "").file == (later.path() / "good.so").string());
        }
}

BOOST_AUTO_TEST_CASE(a_link_to_a_plugin_is_no_second_plugin) {
    const test::TemporaryFolder folder;
    fs::copy(fixture("good"), folder.path() / "good.so");
    fs::create_symlink("good.so", folder.path() / "a.so");
    Registry registry;
    BOOST_TEST(load_plugins(registry, {folder.path()}).empty());
    BOOST_TEST(registry.get("observer", "silent", "").file == (folder.path() / "good.so").string());
}

BOOST_AUTO_TEST_CASE(a_pinned_plugin_is_compared_before_it_is_opened) {
    const test::TemporaryFolder first;
    const test::TemporaryFolder second;
    const fs::path file = first.path() / "good.so";
    fs::copy(fixture("good"), file);
    fs::copy(fixture("good"), second.path() / "good.so");
    LoadOptions options;
    const std::string digest = inspect_plugin(file).sha256;
    options.pins["fixture_good"] = digest;
    Registry registry;
    BOOST_TEST(load_plugin(registry, file, options).sha256 == digest);
    BOOST_TEST(registry.get("observer", "silent", "").sha256 == digest);
    std::string bytes = test::read_file(file);
    bytes[bytes.size() - 1] = static_cast<char>(bytes.back() ^ 1);
    fs::remove(file); // the process has opened it: its bytes must not change
    test::write_file(file, bytes);
    const PluginFile found = refused(file, options);
    BOOST_TEST(name_of(found.refusal) == "pin");
    BOOST_TEST(found.reason == "its SHA-256 is " + found.sha256 + ", the manifest pins " + digest);
    options.pins["fixture_crashes"] = digest;
    BOOST_TEST(name_of(refused(fixture("crashes"), options).refusal) == "pin"); // opened, it would end this process
    Registry other;
    const std::vector<SearchFolder> path{{first.path()}, {second.path()}};
    (void)load_search_path(other, path, options); // the pin says which of them is meant
    BOOST_TEST(other.get("observer", "silent", "").file == (second.path() / "good.so").string());
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_asked_for_must_be_there) {
    Registry registry;
    const auto expected = [](const Error &error) {
        return error.code() == ErrorCode::plugin && error.problems().front().where == "/not/there";
    };
    BOOST_CHECK_EXCEPTION(load_plugins(registry, {plugins, "/not/there"}, {"/not/there"}), Error, expected);
    BOOST_TEST(registry.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_followed_is_none) {
    const test::TemporaryFolder folder;
    const fs::path loop = folder.path() / "loop";
    fs::create_symlink(loop, loop);
    Registry registry;
    BOOST_TEST(load_plugins(registry, {loop}).empty());
    BOOST_CHECK_EXCEPTION(load_plugins(registry, {loop}, {loop}), Error,
                          [](const Error &error) { return error.code() == ErrorCode::plugin; });
}

BOOST_AUTO_TEST_CASE(plugins_are_searched_beside_the_executable_last) {
    setenv("RETORT_PLUGIN_PATH", "/one::/two:", 1);
    std::string found;
    for (const SearchFolder &folder : plugin_search_path({"/extra"}, "/opt/retort/bin/retort"))
        found += folder.folder.string() + " " + folder.source + (folder.required ? "!" : "") + "\n";
    BOOST_TEST(found == "/extra --plugin-path!\n/one RETORT_PLUGIN_PATH\n/two RETORT_PLUGIN_PATH\n"
                        "/opt/retort/lib/retort/plugins beside the command\n");
    unsetenv("RETORT_PLUGIN_PATH");
    const auto alone = plugin_search_path({}, "/bin/retort");
    BOOST_TEST_REQUIRE(alone.size() == 1U);
    BOOST_TEST(alone[0].folder == "/lib/retort/plugins");
}

BOOST_AUTO_TEST_CASE(the_executable_is_this_file) {
    BOOST_TEST(executable_path().filename() == "test_loader");
}

BOOST_AUTO_TEST_SUITE_END()
