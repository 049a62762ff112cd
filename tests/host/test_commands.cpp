// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <support/schema_check.hpp>

BOOST_AUTO_TEST_SUITE(test_commands)

using namespace retort;
using test::contains;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(version_and_help_are_everywhere) {
    const test::Workplace place;
    const auto version = place.plain({"--version"});
    BOOST_TEST(version.exit_code == 0);
    BOOST_TEST(version.out == "retort 0.1.0\n");
    for (const std::vector<std::string> &words : std::vector<std::vector<std::string>>{{"--help"},
                                                                                       {"run", "--help"},
                                                                                       {"validate", "--help"},
                                                                                       {"list", "--help"},
                                                                                       {"describe", "--help"},
                                                                                       {"schema", "--help"}}) {
        const auto help = place.plain(words);
        BOOST_TEST(help.exit_code == 0);
        BOOST_TEST(contains(help.out, "--help"));
        BOOST_TEST(help.err == "");
    }
    BOOST_TEST(place.plain({}).exit_code == 2);
    BOOST_TEST(place.plain({"distil"}).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(list_names_what_plugins_offer) {
    const test::Workplace place;
    const auto outcome = place.call("list", {"--json"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    bool found = false;
    const boost::json::value parsed = boost::json::parse(outcome.out);
    for (const auto &entry : parsed.as_array()) {
        BOOST_TEST(entry.as_object().size() == 5U);
        found = found ||
                (entry.at("role") == "trainer" && entry.at("name") == "toy" && entry.at("plugin") == "host_toy" &&
                 entry.at("version") == "0.1.0" && contains(std::string(entry.at("file").as_string()), "host_toy.so"));
    }
    BOOST_TEST(found);
    const auto datasets = place.call("list", {"dataset"});
    BOOST_TEST(contains(datasets.out, "dataset  toy"));
    BOOST_TEST(!contains(datasets.out, "trainer"));
    BOOST_TEST(place.call("list", {"gadget"}).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(list_warns_of_files_that_are_no_plugins) {
    const test::Workplace place;
    test::write_file(place.folder.path() / "broken.so", "no library");
    const auto outcome = place.call("list", {"--plugin-path", "."});
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(contains(outcome.err, "warning: "));
    BOOST_TEST(contains(outcome.err, "broken.so was not loaded: "));
}

BOOST_AUTO_TEST_CASE(a_refused_file_is_named_when_something_is_missing) {
    const test::Workplace place;
    test::write_file(place.folder.path() / "broken.so", "no library");
    const auto fine = place.call("run", {"toy.json", "--plugin-path", "."});
    BOOST_TEST(fine.exit_code == 0);
    BOOST_TEST(fine.err == "");
    const auto missing = place.call("run", {"toy.json", "--plugin-path", ".", "--set", "/models/net/type=broken"});
    BOOST_TEST(missing.exit_code == 4);
    BOOST_TEST(contains(missing.err, "broken.so was not loaded: "));
}

BOOST_AUTO_TEST_CASE(describe_tells_every_setting) {
    const test::Workplace place;
    const auto page = place.call("describe", {"trainer/toy"});
    BOOST_TEST_REQUIRE(page.exit_code == 0, page.err);
    for (const char *part :
         {"trainer/toy", "Six steps. They do little.", "name of a model; required", "integer, 0 to 10; default 1",
          "one of normal, nan, throws, slow; default \"normal\"", "What goes wrong in step 4."})
        BOOST_TEST(contains(page.out, part), part << " is missing in\n" << page.out);
    BOOST_TEST(contains(place.call("describe", {"model/toy"}).out, "logits: width 2"));

    const auto description = boost::json::parse(place.call("describe", {"trainer/toy", "--json"}).out);
    BOOST_TEST(description.at("settings").as_array().size() == 4U);
}

BOOST_AUTO_TEST_CASE(schema_is_that_of_the_plugins_found) {
    const test::Workplace place;
    const auto outcome = place.call("schema");
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err == "");
    const std::string toys = test::Workplace::manifest;
    std::string loud = toys;
    loud.insert(loud.find("\"model\""), "\"noise\": 11, ");
    test::check_agreement(outcome.out, {{"toys", toys, {}, {}}, {"loud", loud, {"/stages/0/noise"}, {}}});
}

BOOST_AUTO_TEST_CASE(schema_warns_of_files_that_are_no_plugins) {
    const test::Workplace place;
    test::write_file(place.folder.path() / "broken.so", "no library");
    const auto outcome = place.call("schema", {"--plugin-path", "."});
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(contains(outcome.err, "warning: "));
    BOOST_TEST(contains(outcome.err, "broken.so was not loaded: "));
}

BOOST_AUTO_TEST_CASE(describe_wants_a_name_that_exists) {
    const test::Workplace place;
    BOOST_TEST(place.call("describe", {"trainer"}).exit_code == 2);
    const auto unknown = place.call("describe", {"trainer/tay"});
    BOOST_TEST(unknown.exit_code == 4);
    BOOST_TEST(contains(unknown.err, "toy"));
}

BOOST_AUTO_TEST_CASE(validate_checks_and_writes_nothing) {
    const test::Workplace place;
    const auto valid = place.call("validate", {"toy.json"});
    BOOST_TEST(valid.exit_code == 0);
    BOOST_TEST(valid.out == "toy.json: valid; 1 dataset, 1 model, 1 stage, 0 observers\n");
    const auto invalid = place.call("validate", {"toy.json", "--set", "/stages/play/noise=11"});
    BOOST_TEST(invalid.exit_code == 3);
    BOOST_TEST(contains(invalid.err, "error: /stages/0/noise: 11 is out of range"));
    BOOST_TEST(!fs::exists(place.folder.path() / "runs"));
}

BOOST_AUTO_TEST_CASE(validate_tells_what_components_warn_of) {
    const test::Workplace place;
    const auto warned = place.call("validate", {"toy.json", "--set", "/stages/play/noise=0"});
    BOOST_TEST(warned.exit_code == 0);
    BOOST_TEST(warned.err == "warning: a toy without noise\n");
}

BOOST_AUTO_TEST_CASE(validate_answers_in_json) {
    const test::Workplace place;
    const auto valid = boost::json::parse(place.call("validate", {"toy.json", "--json"}).out);
    BOOST_TEST(valid.at("valid").as_bool());
    BOOST_TEST(valid.at("resolved").at("seed").to_number<int>() == 7);
    const auto outcome = place.call(
        "validate", {"toy.json", "--json", "--set", "/stages/play/noise=11", "--set", "/stages/play/behaviour=odd"});
    BOOST_TEST(outcome.exit_code == 3);
    const auto invalid = boost::json::parse(outcome.out);
    BOOST_TEST(!invalid.at("valid").as_bool());
    BOOST_TEST(invalid.at("problems").as_array().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
