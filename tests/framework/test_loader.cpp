// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/loader.hpp>

#include <boost/test/unit_test.hpp>

#include <cfenv>
#include <cstdlib>
#include <support/temporary_folder.hpp>
#include <xmmintrin.h>

using namespace retort;
using namespace retort::framework;
namespace fs = std::filesystem;

namespace {

const fs::path plugins = RETORT_FIXTURE_PLUGINS;

fs::path fixture(const std::string &name) {
    return plugins / ("fixture_" + name + ".so");
}

std::string reason(const fs::path &file) {
    Registry registry;
    try {
        load_plugin(registry, file);
    } catch (const Error &error) {
        BOOST_TEST((error.code() == ErrorCode::plugin));
        BOOST_TEST(error.problems().front().where == file.string());
        BOOST_TEST(registry.entries().empty());
        return error.problems().front().message;
    }
    return {};
}

bool begins_with(const std::string &text, const std::string &start) {
    return text.compare(0, start.size(), start) == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_loader)

BOOST_AUTO_TEST_CASE(a_good_plugin_offers_its_components) {
    for (const char *name : {"good", "stripped"}) {
        Registry registry;
        load_plugin(registry, fixture(name));
        BOOST_TEST(registry.entries("observer").size() == 2U);
        const Entry &entry = registry.get("observer", "silent", "");
        BOOST_TEST(entry.file == fixture(name).string());
        BOOST_TEST(entry.plugin == "fixture_good");
        BOOST_TEST(entry.version == "9.9");
        BOOST_TEST(entry.factory->make_settings());
    }
}

BOOST_AUTO_TEST_CASE(each_bad_plugin_is_refused_for_its_own_reason) {
    // Those that are refused before they are opened would abort the process if they were.
    struct Case {
        const char *name;
        const char *reason; ///< or how it begins
    };
    const Case cases[] = {
        {"missing", "there is no such file"},
        {"no_stamp", "it is no plugin of Retort: it exports no stamp (no symbol retort_stamp__*)"},
        {"no_entry", "it is no plugin of Retort: it exports no entry (no symbol retort_plugin_*)"},
        {"two_stamps", "it exports more than one stamp: retort_stamp__contract_1__"},
        {"two_entries", "it exports more than one entry: retort_plugin_fixture_two_entries, retort_plugin_second"},
        {"other_contract", "it was built for another Retort or with other options: contract is 999, must be 1"},
        {"fast_math", "it was built for another Retort or with other options: fastmath is 1, must be 0"},
        {"unresolved_symbol", "it cannot be opened: "},
        {"flips_denormals", "opening it changed how the processor rounds or treats denormal numbers"},
        {"throws_exception", "it threw while it registered: no licence found"},
        {"throws_integer", "it threw something that is no std::exception while it registered"},
        {"malformed_name", "the name of observer \"Not-A-Name\" is malformed"},
        {"offers_twice", "observer \"twice\" is offered twice"},
    };
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.name) {
            const std::string found = reason(fixture(test.name));
            BOOST_TEST(begins_with(found, test.reason), found);
        }
    BOOST_TEST(reason(fixture("unresolved_symbol")).find("defined_nowhere") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_taken_name_names_both_files) {
    Registry registry;
    load_plugin(registry, fixture("good"));
    const auto expected = [](const Error &error) {
        return std::string(error.what()) == fixture("duplicate_name").string() + ": observer \"silent\" is taken by " +
                                                fixture("good").string() + " [plugin fixture_duplicate_name]";
    };
    BOOST_CHECK_EXCEPTION(load_plugin(registry, fixture("duplicate_name")), Error, expected);
    BOOST_TEST(registry.entries().size() == 2U);
}

BOOST_AUTO_TEST_CASE(floating_point_state_is_the_callers) {
    std::fesetround(FE_DOWNWARD);
    constexpr unsigned int exception_flags = 0x3F;
    const unsigned int before = _mm_getcsr();
    Registry registry;
    for (int time = 0; time < 2; ++time) // it is open already the second time, and refused all the same
        BOOST_CHECK_THROW(load_plugin(registry, fixture("flips_denormals")), Error);
    load_plugin(registry, fixture("good"));
    BOOST_TEST((_mm_getcsr() & ~exception_flags) == (before & ~exception_flags));
    BOOST_TEST(std::fegetround() == FE_DOWNWARD);
    std::fesetround(FE_TONEAREST);
}

BOOST_AUTO_TEST_CASE(folders_are_read_in_order_and_the_first_of_a_name_wins) {
    const test::TemporaryFolder first;
    const test::TemporaryFolder second;
    fs::copy(fixture("good"), first.path() / "b.so");
    fs::copy(fixture("duplicate_name"), first.path() / "c.so");
    test::write_file(first.path() / "a.so", std::string(100, 'x'));
    test::write_file(first.path() / "notes.txt", "no plugin either");
    fs::copy(fixture("good"), second.path() / "good.so");
    Registry registry;
    const auto rejected = load_plugins(registry, {first.path(), "/not/there", first.path(), second.path()});
    BOOST_TEST_REQUIRE(rejected.size() == 3U);
    BOOST_TEST(rejected[0].file == first.path() / "a.so");
    BOOST_TEST(rejected[0].reason == "it is no ELF file");
    BOOST_TEST(rejected[1].file == first.path() / "c.so");
    BOOST_TEST(rejected[2].file == second.path() / "good.so");
    BOOST_TEST(registry.entries().size() == 2U);
    BOOST_TEST(registry.get("observer", "silent", "").file == (first.path() / "b.so").string());
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
    const std::vector<fs::path> expected{"/extra", "/one", "/two", "/opt/retort/lib/retort/plugins"};
    BOOST_TEST((plugin_search_path({"/extra"}, "/opt/retort/bin/retort") == expected));
    unsetenv("RETORT_PLUGIN_PATH");
    BOOST_TEST((plugin_search_path({}, "/bin/retort") == std::vector<fs::path>{"/lib/retort/plugins"}));
}

BOOST_AUTO_TEST_CASE(the_executable_is_this_file) {
    BOOST_TEST(executable_path().filename() == "test_loader");
}

BOOST_AUTO_TEST_SUITE_END()
