// SPDX-License-Identifier: Apache-2.0
#include "captured.hpp"
#include "command.hpp"

#include <boost/test/unit_test.hpp>

#include <host/plugins.hpp>

BOOST_AUTO_TEST_SUITE(test_plugins)

using namespace retort;
using framework::ErrorCode;
using host::Arguments;

namespace {

/// Arguments for the manifest of toys in `place`, with the folders of plugins.
Arguments arguments_for(const test::Workplace &place, std::vector<std::filesystem::path> folders) {
    Arguments arguments;
    arguments.manifest = (place.folder.path() / "toy.json").string();
    arguments.plugin_path = std::move(folders);
    return arguments;
}

auto code_is(ErrorCode code) {
    return [code](const framework::Error &error) { return error.code() == code; };
}

} // namespace

BOOST_AUTO_TEST_CASE(plugins_are_found_and_refused_files_kept) {
    const test::Workplace place;
    const auto broken = place.folder.path() / "broken.so";
    test::write_file(broken, "no library");
    const auto plugins = host::load_plugins(arguments_for(place, {RETORT_TOY_PLUGINS, place.folder.path()}));
    BOOST_TEST(plugins.registry.find("trainer", "toy") != nullptr);
    BOOST_TEST_REQUIRE(plugins.refused().size() == 1U);
    BOOST_TEST(host::rejection_text(plugins.refused()[0]) == broken.string() + " was not loaded: it is no ELF file");
    BOOST_CHECK_EXCEPTION((void)host::load_plugins(arguments_for(place, {"/nowhere"})), framework::Error,
                          code_is(ErrorCode::plugin));
}

BOOST_AUTO_TEST_CASE(assignments_are_applied_in_order) {
    const test::Workplace place;
    Arguments arguments = arguments_for(place, {RETORT_TOY_PLUGINS});
    arguments.set = {"/seed=3", "/stages/play/noise=4", "/seed=5"};
    const auto plugins = host::load_plugins(arguments);
    std::vector<std::string> warnings;
    const framework::Plan plan = host::read_plan(arguments, plugins, warnings);
    BOOST_TEST(plan.seed == 5U);
    BOOST_TEST(plan.resolved.at("stages").at(0).at("noise").to_number<int>() == 4);
    BOOST_TEST(warnings.empty());
}

BOOST_AUTO_TEST_CASE(settings_that_a_new_type_drops_are_told) {
    const test::Workplace place;
    Arguments arguments = arguments_for(place, {RETORT_TOY_PLUGINS});
    arguments.set = {R"(/data/toys={"type": "none", "files": "here", "damaged": true})", "/data/toys/type=toy"};
    const auto plugins = host::load_plugins(arguments);
    std::vector<std::string> warnings;
    (void)host::read_plan(arguments, plugins, warnings);
    const std::vector<std::string> expected{
        "--set /data/toys/type=toy drops settings that the new type lacks: /data/toys/files"};
    BOOST_TEST(warnings == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refused_files_are_noted_when_the_plan_fails_and_not_before) {
    const test::Workplace place;
    test::write_file(place.folder.path() / "broken.so", "no library");
    Arguments arguments = arguments_for(place, {RETORT_TOY_PLUGINS, place.folder.path()});
    const auto plugins = host::load_plugins(arguments);
    std::vector<std::string> warnings;
    const test::Captured captured;
    (void)host::read_plan(arguments, plugins, warnings);
    BOOST_TEST(captured.err() == "");
    arguments.set = {"/models/net/type=broken"};
    BOOST_CHECK_EXCEPTION((void)host::read_plan(arguments, plugins, warnings), framework::Error,
                          code_is(ErrorCode::plugin));
    BOOST_TEST(captured.err() == "note: " + host::rejection_text(plugins.refused().at(0)) + "\n");
    BOOST_TEST(captured.out() == "");
}

BOOST_AUTO_TEST_SUITE_END()
