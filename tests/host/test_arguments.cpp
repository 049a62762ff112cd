// SPDX-License-Identifier: Apache-2.0
#include "captured.hpp"

#include <boost/test/unit_test.hpp>

#include <host/arguments.hpp>

BOOST_AUTO_TEST_SUITE(test_arguments)

using namespace retort;
using framework::LogLevel;
using host::Arguments;
using host::Command;

namespace {

/// What the command makes of `retort WORDS...`.
struct Parsed {
    explicit Parsed(std::vector<std::string> words) {
        words.insert(words.begin(), "retort");
        std::vector<char *> values;
        for (std::string &word : words)
            values.push_back(word.data());
        const test::Captured captured;
        arguments = host::parse_arguments(static_cast<int>(values.size()), values.data(), exit_code);
        out = captured.out();
        err = captured.err();
    }

    std::optional<Arguments> arguments;
    int exit_code = -1;
    std::string out, err;
};

Arguments parsed(std::vector<std::string> words) {
    Parsed result(std::move(words));
    BOOST_TEST_REQUIRE(result.arguments.has_value(), result.err);
    return *result.arguments;
}

using Words = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(a_run_with_everything) {
    const Arguments found =
        parsed({"run", "a.json", "--set", "/a=1", "--output", "out", "--seed", "3", "--plugin-path", "one",
                "--plugin-path", "two", "--set", "/b=2", "--threads", "0", "--log-level", "debug", "--json"});
    BOOST_CHECK(found.command == Command::run);
    BOOST_TEST(found.manifest == "a.json");
    const Words set{"/a=1", "/b=2", "/seed=3", "/threads=0"};
    BOOST_TEST(found.set == set, boost::test_tools::per_element());
    BOOST_TEST(found.output.value() == "out");
    BOOST_TEST_REQUIRE(found.plugin_path.size() == 2U);
    BOOST_TEST(found.plugin_path[1] == "two");
    BOOST_CHECK(found.log_level == LogLevel::debug);
    BOOST_TEST(found.json);
    BOOST_TEST(!found.quiet);
}

BOOST_AUTO_TEST_CASE(a_number_is_handed_on_as_it_was_written) {
    const Words set{"/seed=-1", "/threads=-2"}; // whether that may be is for the manifest to say
    BOOST_TEST(parsed({"run", "a.json", "--threads", "-2", "--seed", "-1"}).set == set,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_run_with_nothing) {
    const Arguments found = parsed({"run", "a.json"});
    BOOST_TEST(found.set.empty());
    BOOST_TEST(!found.output.has_value());
    BOOST_TEST(found.plugin_path.empty());
    BOOST_CHECK(found.log_level == LogLevel::warning);
    BOOST_TEST((!found.json && !found.quiet));
    BOOST_TEST(parsed({"run", "--quiet", "a.json"}).quiet);
}

BOOST_AUTO_TEST_CASE(an_option_that_may_be_repeated_takes_one_word_at_a_time) {
    BOOST_TEST(parsed({"run", "--set", "/a=1", "a.json"}).manifest == "a.json");
    BOOST_TEST(parsed({"validate", "--plugin-path", "folder", "a.json"}).manifest == "a.json");
}

BOOST_AUTO_TEST_CASE(other_commands) {
    const Arguments validate = parsed({"validate", "a.json", "--set", "/a=1", "--json"});
    BOOST_CHECK(validate.command == Command::validate);
    BOOST_TEST((validate.manifest == "a.json" && validate.json && validate.set.size() == 1));
    const Arguments list = parsed({"list"});
    BOOST_CHECK(list.command == Command::list);
    BOOST_TEST(list.role == "");
    BOOST_TEST(parsed({"list", "head"}).role == "head");
    const Arguments describe = parsed({"describe", "model/mlp"});
    BOOST_CHECK(describe.command == Command::describe);
    BOOST_TEST(describe.target == "model/mlp");
}

BOOST_AUTO_TEST_CASE(levels_go_by_their_names) {
    const std::pair<const char *, LogLevel> levels[] = {{"debug", LogLevel::debug},
                                                        {"info", LogLevel::info},
                                                        {"warning", LogLevel::warning},
                                                        {"error", LogLevel::error},
                                                        {"off", LogLevel::off}};
    for (const auto &[name, level] : levels)
        BOOST_CHECK(parsed({"run", "a.json", "--log-level", name}).log_level == level);
}

BOOST_AUTO_TEST_CASE(what_was_asked_for_is_printed_and_nothing_returned) {
    for (const char *word : {"--help", "--version"}) {
        const Parsed result({word});
        BOOST_TEST(!result.arguments.has_value());
        BOOST_TEST(result.exit_code == 0);
        BOOST_TEST(!result.out.empty());
        BOOST_TEST(result.err == "");
    }
}

BOOST_AUTO_TEST_CASE(mistakes_are_usage_errors_that_say_what) {
    const std::pair<Words, const char *> cases[] = {
        {{},
         "error: a command (run, validate, lock, evaluate, predict, list, describe, schema, check, probe, doctor, new) "
         "is "
         "required"},
        {{"distil"}, "there is no command \"distil\""},
        {{"validat", "a.json"}, "did you mean \"validate\"?"},
        {{"run"}, "manifest (or --resume DIR) is required"},
        {{"run", "a.json", "b.json"}, "found \"b.json\", a word more than \"run\" takes"},
        {{"run", "a.json", "--sed", "3"}, "there is no option \"--sed\"; did you mean \"--set\"?"},
        {{"run", "a.json", "--quiet", "--json"}, "excludes"},
        {{"run", "a.json", "--seed", "three"}, "three"},
        {{"run", "a.json", "--log-level", "loud"}, "loud"},
        {{"validate", "a.json", "--seed", "1"}, "--seed"},
        {{"describe"}, "component is required"},
        {{"new", "loss"}, "name is required"},
    };
    for (const auto &[words, message] : cases)
        BOOST_TEST_CONTEXT(message) {
            const Parsed result(words);
            BOOST_TEST(!result.arguments.has_value());
            BOOST_TEST(result.exit_code == 2);
            BOOST_TEST(result.err.find(message) != std::string::npos, result.err);
            BOOST_TEST(result.out == "");
        }
}

BOOST_AUTO_TEST_CASE(a_new_plugin) {
    const Arguments found = parsed({"new", "loss", "mine", "--directory", "there"});
    BOOST_CHECK(found.command == Command::make_new);
    BOOST_TEST(found.role == "loss");
    BOOST_TEST(found.name == "mine");
    BOOST_TEST(found.directory == std::filesystem::path("there"));
    BOOST_TEST(parsed({"new", "loss", "mine"}).directory.empty());
}

BOOST_AUTO_TEST_CASE(a_check_with_everything) {
    const Arguments found = parsed({"check", "mine.so", "loss/mine", "--set", "/a=1", "--seed", "9", "--junit", "a.xml",
                                    "--json", "--plugin-path", "one"});
    BOOST_CHECK(found.command == Command::check);
    BOOST_TEST(found.plugin == "mine.so");
    BOOST_TEST(found.target == "loss/mine");
    BOOST_TEST(found.set == Words{"/a=1"}, boost::test_tools::per_element());
    BOOST_TEST(found.seed == 9U);
    BOOST_TEST(found.junit == "a.xml");
    BOOST_TEST(found.json);
    BOOST_TEST(parsed({"check", "mine"}).seed == 1U);
    BOOST_TEST(Parsed({"check"}).exit_code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
