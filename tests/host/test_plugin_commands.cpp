// SPDX-License-Identifier: Apache-2.0
// What the built command says of good plugins, of bad ones, and of which is meant.
#include "plugin_workplace.hpp"

#include <boost/test/unit_test.hpp>

namespace test_plugin_commands {

using namespace retort;
using test::contains;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;
namespace json = boost::json;

} // namespace test_plugin_commands

BOOST_FIXTURE_TEST_SUITE(test_plugin_commands, test::PluginWorkplace)

BOOST_AUTO_TEST_CASE(probe_tells_everything_about_one_file) {
    add("good");
    const auto page = plain({"probe", "plugins/good.so"});
    BOOST_TEST(page.exit_code == 0, page.err);
    for (const char *part : {"Plugin fixture_good 9.9", "SHA-256 ", "fastmath", "silent", "Hears everything"})
        BOOST_TEST(contains(page.out, part));
    const json::value good = json::parse(plain({"probe", "plugins/good.so", "--json"}).out);
    BOOST_TEST(good.at("plugin").as_string() == "fixture_good");
    BOOST_TEST(good.at("version").as_string() == "9.9");
    BOOST_TEST(good.at("sha256").as_string().size() == 64U);
    BOOST_TEST(good.at("status").as_string() == "loaded");
    BOOST_TEST(good.at("code").as_string() == "none");
    BOOST_TEST(good.at("stamp").at("isa").at("fits").as_bool());
    BOOST_TEST(good.at("offers").as_array().size() == 2U);
    BOOST_TEST(good.at("offers").at(1).at("name").as_string() == "silent");
    add("field_rtti");
    const auto refused = plain({"probe", "plugins/field_rtti.so", "--json"});
    BOOST_TEST(refused.exit_code == 4);
    BOOST_TEST(contains(refused.err, "rtti is 0, must be 1"));
    const json::value rtti = json::parse(refused.out);
    BOOST_TEST(rtti.at("code").as_string() == "stamp");
    BOOST_TEST(rtti.at("stamp").at("rtti").at("found").as_string() == "0");
    BOOST_TEST(!rtti.at("stamp").at("rtti").at("fits").as_bool());
    BOOST_TEST(plain({"probe", "nowhere.so"}).exit_code == 4);
}

BOOST_AUTO_TEST_CASE(doctor_tells_where_it_looked_and_what_it_found) {
    BOOST_TEST(call("doctor").exit_code == 0);
    fs::create_directory(path("later"));
    add("good");
    add("duplicate_name");
    add("same_name", {}, "later");
    test::write_file(path("plugins/text.so"), "hello\n");
    ::setenv("RETORT_PLUGIN_PATH", "/not/there", 1);
    const Words path_words{"--plugin-path", "plugins", "--plugin-path", "later"};
    const auto page = call("doctor", path_words);
    const auto machine = call("doctor", {"--json", path_words[0], path_words[1], path_words[2], path_words[3]});
    ::unsetenv("RETORT_PLUGIN_PATH");
    BOOST_TEST(page.exit_code == 4);
    BOOST_TEST(page.err == "error: 1 file refused, 1 name offered by several plugins\n");
    for (const std::string &part :
         Words{"  /not/there (RETORT_PLUGIN_PATH): there is no such folder\n",
               path("later").string() + " (--plugin-path)\n", "(beside the command)",
               "  refused  " + path("plugins/text.so").string() + "\n    it is no ELF file\n",
               "  observer/silent: a manifest says which: silent@fixture_duplicate_name silent@fixture_good\n"})
        BOOST_TEST(contains(page.out, part), "no '" << part << "' in: " << page.out);
    const json::value answer = json::parse(machine.out);
    BOOST_TEST(!answer.at("sound").as_bool());
    BOOST_TEST(answer.at("search_path").as_array().size() == 5U);
    BOOST_TEST(answer.at("search_path").at(3).at("source").as_string() == "RETORT_PLUGIN_PATH");
    BOOST_TEST(!answer.at("search_path").at(3).at("there").as_bool());
    BOOST_TEST(answer.at("ambiguous").at(0).at("name").as_string() == "silent");
    std::string found;
    for (const json::value &file : answer.at("plugins").as_array())
        if (contains(std::string(file.at("file").as_string()), folder.path().string()))
            found += std::string(file.at("plugin").as_string()) + " " + std::string(file.at("code").as_string()) + "\n";
    BOOST_TEST(found == "fixture_duplicate_name none\nfixture_good none\n no_elf\nfixture_good shadowed\n");
}

BOOST_AUTO_TEST_CASE(doctor_tells_of_a_folder_that_was_asked_for_and_is_not_there) {
    const auto page = with_plugins("doctor", {"--plugin-path", "plugin"});
    BOOST_TEST(page.exit_code == 4);
    BOOST_TEST(page.err == "error: 0 files refused, 0 names offered by several plugins, 1 folder not there\n");
    BOOST_TEST(contains(page.out, path("plugin").string() + " (--plugin-path): there is no such folder\n"), page.out);
    BOOST_TEST(contains(page.out, "host_toy"));
}

BOOST_AUTO_TEST_CASE(a_name_of_two_plugins_is_an_error_until_the_manifest_says_which) {
    add("good");
    add("duplicate_name");
    const auto observed = [&](const std::string &type) {
        return with_plugins("validate", {"toy.json", "--json", "--set", "/observers=[{\"type\": \"" + type + "\"}]"});
    };
    const auto ambiguous = observed("silent");
    BOOST_TEST(ambiguous.exit_code == 4);
    BOOST_TEST(contains(ambiguous.err, "error: /observers/0/type: several plugins offer observer \"silent\"; allowed: "
                                       "silent@fixture_duplicate_name, silent@fixture_good\n"));
    const auto said = observed("silent@fixture_good");
    BOOST_TEST(said.exit_code == 0, said.err);
    BOOST_TEST(json::parse(said.out).at("resolved").at("observers").at(0).at("type").as_string() ==
               "silent@fixture_good");
    BOOST_TEST(observed("quiet").exit_code == 0);
    BOOST_TEST(contains(with_plugins("describe", {"observer/silent@fixture_good"}).out, "Hears everything"));
    BOOST_TEST(with_plugins("describe", {"observer/silent"}).exit_code == 4);
    BOOST_TEST(contains(with_plugins("list", {"observer"}).out, "silent@fixture_good"));
    const auto run = with_plugins("run", {"toy.json", "--set", R"(/observers=[{"type": "silent@fixture_good"}])"});
    BOOST_TEST(run.exit_code == 0, run.err);
}

BOOST_AUTO_TEST_CASE(a_plugin_that_stands_in_for_a_refused_one_is_told) {
    fs::create_directory(path("later"));
    add("good", {}, "later");
    add("same_name");
    add("good");
    const auto run = call("run", {"toy.json", "--plugin-path", "plugins", "--plugin-path", "later", "--set",
                                  R"(/observers=[{"type": "silent"}])"});
    BOOST_TEST(run.exit_code == 0, run.err);
    BOOST_TEST(contains(run.err,
                        "plugins/good.so was not loaded: its folder has the plugin \"fixture_good\" twice; the "
                        "other is same_name.so; "));
    BOOST_TEST(contains(run.err, "later/good.so is used in its place\n"));
}

BOOST_AUTO_TEST_CASE(a_locked_manifest_runs_with_the_same_bytes_only) {
    add("good");
    test::write_file(path("pinned.json"), "{\n  \"format\": 1, \"seed\": 7,\n"
                                          "  \"data\": {\"toys\": {\"type\": \"toy\"}},\n"
                                          "  \"observers\": [{\"type\":   \"silent\"}]\n}\n");
    const std::string before = test::read_file(path("pinned.json"));
    const auto lock = with_plugins("lock", {"pinned.json"});
    BOOST_TEST(lock.exit_code == 0, lock.err);
    BOOST_TEST(contains(lock.out, "fixture_good"));
    const std::string locked = test::read_file(path("pinned.json"));
    BOOST_TEST(locked.starts_with(before.substr(0, before.size() - 3) + ",\n  \"plugins\": {\n    \"fixture_good\": "));
    BOOST_TEST(contains(locked, "\"host_toy\""));
    BOOST_TEST(with_plugins("validate", {"pinned.json"}).exit_code == 0);
    std::string bytes = test::read_file(path("plugins/good.so"));
    bytes[bytes.size() - 1] = static_cast<char>(bytes.back() ^ 1);
    test::write_file(path("plugins/good.so"), bytes);
    BOOST_TEST(with_plugins("list").err == ""); // it is sound, but another one
    const auto other = with_plugins("validate", {"pinned.json"});
    BOOST_TEST(other.exit_code == 4);
    BOOST_TEST(contains(other.err, "plugins/good.so was not loaded: its SHA-256 is "), other.err);
    BOOST_TEST(contains(other.err, ", the manifest pins "));
    BOOST_TEST(contains(other.err, "error: /plugins/fixture_good: no plugin of this name was loaded"));
    BOOST_TEST(with_plugins("validate", {"pinned.json", "--set", "/plugins={}"}).exit_code == 0);
    const json::value again = json::parse(with_plugins("lock", {"pinned.json", "--json"}).out);
    BOOST_TEST(again.as_array().size() == 2U);
    BOOST_TEST(with_plugins("run", {"pinned.json"}).exit_code == 0);
    BOOST_TEST(test::read_file(path("pinned.json")) != locked);
    test::write_file(path("spoilt.json"), R"({"format": 1, "data": {}, "plugins": {"host_toy": {"sha256": "12"}}})");
    const auto spoilt = with_plugins("validate", {"spoilt.json"});
    BOOST_TEST(spoilt.exit_code == 3);
    BOOST_TEST(contains(spoilt.err, "error: /plugins/host_toy/sha256: found \"12\"; allowed: 64 digits"));
}

BOOST_AUTO_TEST_CASE(what_everybody_can_write_is_loaded_only_if_it_is_allowed) {
    add("good");
    fs::permissions(path("plugins"), fs::perms::all);
    const auto refused = with_plugins("list");
    BOOST_TEST(contains(refused.err, "plugins/good.so was not loaded: it is not trusted: its folder "));
    BOOST_TEST(!contains(refused.out, "silent"));
    const auto allowed = with_plugins("list", {"--allow-unsafe-plugins"});
    BOOST_TEST(allowed.err == "");
    BOOST_TEST(contains(allowed.out, "silent"));
}

BOOST_AUTO_TEST_SUITE_END()
