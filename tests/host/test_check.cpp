// SPDX-License-Identifier: Apache-2.0
// `retort check` on libraries that are right, wrong, or not there.
#include "command.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_check)

namespace fs = std::filesystem;
using namespace retort;
using test::contains;

namespace {

const std::string passes = RETORT_FAULTY_PLUGINS "/faulty_passes.so";
const std::string components = RETORT_FAULTY_PLUGINS "/faulty_components.so";

} // namespace

BOOST_AUTO_TEST_CASE(a_component_that_keeps_the_contract) {
    const test::Workplace place;
    const auto outcome = place.plain({"check", passes, "discriminator/right"});
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(outcome.err == "");
    for (const char *part : {"discriminator/right  input_gradient", "discriminator/right  allocations",
                             "skipped  -       it does not claim to be twice differentiable", " 0 failed, "})
        BOOST_TEST(contains(outcome.out, part), part << " is missing in\n" << outcome.out);
}

BOOST_AUTO_TEST_CASE(what_only_the_command_sees_in_a_library) {
    const test::Workplace place;
    const auto prints = place.plain({"check", passes, "discriminator/prints"});
    BOOST_TEST(prints.exit_code == 4);
    BOOST_TEST(contains(prints.out, "it prints: \"forward!\""), prints.out);
    BOOST_TEST(!contains(prints.out, "\nforward!"), prints.out);
    if (contains(prints.out, "under a sanitizer"))
        return;
    const auto allocates = place.plain({"check", passes, "discriminator/allocates"});
    BOOST_TEST(allocates.exit_code == 4);
    BOOST_TEST(contains(allocates.out, "step 5 allocates memory 2 times"), allocates.out);
    const auto leaks = place.plain({"check", components, "discriminator/leaks"});
    BOOST_TEST(leaks.exit_code == 4);
    BOOST_TEST(contains(leaks.out, "every object leaves 1 block of memory behind"), leaks.out);
}

BOOST_AUTO_TEST_CASE(answers_for_programs) {
    const test::Workplace place;
    const auto outcome = place.plain(
        {"check", passes, "discriminator/wrong_input_gradient", "--json", "--seed", "5", "--junit", "report.xml"});
    BOOST_TEST(outcome.exit_code == 4);
    std::size_t failed = 0;
    const boost::json::value findings = boost::json::parse(outcome.out);
    for (const boost::json::value &finding : findings.as_array()) {
        if (finding.at("outcome").as_string() != "failed")
            continue;
        ++failed;
        BOOST_TEST(finding.at("check").as_string() == "input_gradient");
    }
    BOOST_TEST(failed == 1U);
    BOOST_TEST(contains(test::read_file(place.folder.path() / "report.xml"), "<failure message=\"the gradient of"));
}

BOOST_AUTO_TEST_CASE(a_crash_is_told_with_the_check_that_it_came_in) {
    const test::Workplace place;
    const auto outcome = place.plain({"check", RETORT_FAULTY_PLUGINS "/faulty_crash.so"});
    BOOST_TEST(outcome.exit_code == 4);
    BOOST_TEST(outcome.err == "error: discriminator/crashes: it crashed in the check ordinary_data: SIGSEGV\n");
}

BOOST_AUTO_TEST_CASE(a_hang_is_told_with_the_check_that_it_came_in) {
    const test::Workplace place;
    const auto outcome = place.plain({"check", RETORT_FAULTY_PLUGINS "/faulty_hang.so", "--timeout", "0.5"});
    BOOST_TEST(outcome.exit_code == 4);
    BOOST_TEST(outcome.err == "error: discriminator/hangs: it was not done with the check ordinary_data after 0.5 s; "
                              "--timeout SECONDS gives each check more time\n");
    const auto in_time = place.plain({"check", passes, "discriminator/right", "--timeout", "20"});
    BOOST_TEST(in_time.exit_code == 0, in_time.err);
    const auto never = place.plain({"check", passes, "--timeout", "0"});
    BOOST_TEST(never.exit_code == 2);
}

BOOST_AUTO_TEST_CASE(what_a_plugin_says_is_safe_to_print) {
    const test::Workplace place;
    const auto outcome = place.plain({"check", components, "discriminator/throws", "--json"});
    BOOST_TEST(outcome.exit_code == 4);
    boost::json::error_code damaged;
    const boost::json::value findings = boost::json::parse(outcome.out, damaged);
    BOOST_TEST(!damaged.failed());
    BOOST_TEST(contains(outcome.out, "it threw: the graphics card is on fire ??[0m"), outcome.out);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_named_comes_before_the_plugin_of_its_name_that_is_found) {
    const test::Workplace place;
    fs::create_directory(place.folder.path() / "mine");
    const fs::path fixtures = RETORT_FIXTURE_PLUGINS;
    fs::copy(fixtures / "fixture_good.so", place.folder.path() / "good.so");
    fs::copy(fixtures / "fixture_same_name.so", place.folder.path() / "mine" / "good.so");
    const auto found = place.plain({"check", "fixture_good", "observer/quiet", "--plugin-path", "."});
    BOOST_TEST(found.exit_code == 0, found.err);
    const auto named = place.plain({"check", "mine/good.so", "--plugin-path", "."});
    BOOST_TEST(named.exit_code == 0, named.err);
    BOOST_TEST(contains(named.out, "observer/other"));
    BOOST_TEST(!contains(named.out, "observer/quiet"));
    const auto missing = place.plain({"check", "theirs/good.so", "--plugin-path", "."});
    BOOST_TEST(missing.exit_code == 4);
    BOOST_TEST(contains(missing.err, "theirs/good.so: there is no such file"), missing.err);
}

BOOST_AUTO_TEST_CASE(a_plugin_of_the_other_compiler_passes) {
    const fs::path file = fs::path(RETORT_FIXTURE_PLUGINS) / "other_compiler_linear.so";
    if (!fs::exists(file)) {
        BOOST_TEST_MESSAGE("there is no second compiler here: nothing is tested");
        return;
    }
    const auto outcome = test::Workplace().plain({"check", file.string()});
    BOOST_TEST(outcome.exit_code == 0, outcome.err + outcome.out);
    BOOST_TEST(contains(outcome.out, "discriminator/linear  input_gradient"));
    BOOST_TEST(contains(outcome.out, " 0 failed, "));
}

BOOST_AUTO_TEST_CASE(a_plugin_by_name_and_settings_that_are_missing) {
    const test::Workplace place;
    const auto model = place.call("check", {"host_toy", "model/toy", "--json"});
    BOOST_TEST((model.exit_code == 0 || model.exit_code == 4), model.err);
    const auto nobody = place.call("check", {"nobody"});
    BOOST_TEST(nobody.exit_code == 4);
    BOOST_TEST(contains(nobody.err, "error: nobody: there is no such plugin; allowed: "), nobody.err);
    const auto no_such = place.plain({"check", passes, "discriminator/left"});
    BOOST_TEST(no_such.exit_code == 2);
    BOOST_TEST(contains(no_such.err, "error: discriminator/left: the plugin offers no such component"), no_such.err);
    const auto wrong = place.plain({"check", components, "discriminator/no_range", "--set", "/margins=1"});
    BOOST_TEST(wrong.exit_code == 3);
    BOOST_TEST(contains(wrong.err, "did you mean \"margin\"?"), wrong.err);
    BOOST_TEST(place.plain({"check", passes, "discriminator/right", "--junit", "/nowhere/a.xml"}).exit_code == 7);
}

BOOST_AUTO_TEST_SUITE_END()
