// SPDX-License-Identifier: Apache-2.0
#include "plugin_fixtures.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cfenv>
#include <framework/source/registry/stamp.hpp>
#include <support/temporary_folder.hpp>
#include <unistd.h>
#include <utility>
#include <xmmintrin.h>

using namespace retort;
using namespace retort::framework;
using test::fixture;
using test::refused;
namespace fs = std::filesystem;

namespace {

bool begins_with(const std::string &text, const std::string &start) {
    return text.compare(0, start.size(), start) == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_loader)

BOOST_AUTO_TEST_CASE(a_good_plugin_offers_its_components) {
    for (const char *name : {"good", "good_stripped"}) {
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
        Refusal refusal;
        std::string reason; ///< or how it begins
    };
    const Case cases[] = {
        {"missing", Refusal::no_file, "there is no such file"},
        {"no_stamp", Refusal::no_stamp, "it is no plugin of Retort: it exports no stamp (no symbol retort_stamp__*)"},
        {"no_entry", Refusal::no_entry, "it is no plugin of Retort: it exports no entry (no symbol retort_plugin_*)"},
        {"two_stamps", Refusal::several_stamps,
         "it exports more than one stamp: retort_stamp__contract_" + std::to_string(RETORT_CONTRACT_VERSION) + "__"},
        {"two_entries", Refusal::several_entries,
         "it exports more than one entry: retort_plugin_fixture_two_entries, retort_plugin_second"},
        {"unresolved_symbol", Refusal::unresolved_symbol,
         "it needs the symbol defined_nowhere(), which no library has that it names"},
        {"missing_library", Refusal::missing_library,
         "it needs the library libfixture_gone.so, which cannot be opened: "},
        {"flips_denormals", Refusal::floating_point,
         "opening it changed how the processor rounds or treats denormal numbers"},
        {"throws_exception", Refusal::registration, "it threw while it registered: no licence found"},
        {"throws_integer", Refusal::registration, "it threw something that is no std::exception while it registered"},
        {"malformed_name", Refusal::registration, "the name of observer \"Not-A-Name\" is malformed"},
        {"offers_twice", Refusal::registration, "observer \"twice\" is offered twice"},
    };
    for (const Case &test : cases)
        for (const char *ending : {"", "_stripped"})
            BOOST_TEST_CONTEXT(test.name << ending) {
                const PluginFile found = refused(fixture(std::string(test.name) + ending));
                BOOST_TEST(begins_with(found.reason, test.reason), found.reason);
                BOOST_TEST(name_of(found.refusal) == name_of(test.refusal));
            }
}

BOOST_AUTO_TEST_CASE(each_field_of_the_stamp_is_read_before_the_library_is_opened) {
    // Each of these aborts the process that opens it.
    const std::string highest = std::to_string(processor_level());
    const bool sanitized = own_stamp().find("__sanitizer_none__") == std::string_view::npos;
    std::vector<std::pair<std::string, std::string>> cases{
        {"contract", "contract is 999, must be " + std::to_string(RETORT_CONTRACT_VERSION)},
        {"library", "library is libcxx, must be libstdcxx"},
        {"cxx11abi", "cxx11abi is 0, must be 1"},
        {"debug", "debug is 1, must be 0"},
        {"rtti", "rtti is 0, must be 1"},
        {"exceptions", "exceptions is 0, must be 1"},
        {"fastmath", "fastmath is 1, must be 0"},
        {"pointer", "pointer is 32, must be 64"},
        {"isa", "isa is 5, this processor supports up to " + highest},
        {"sanitizer", std::string("sanitizer is memory, must be ") + (sanitized ? "address" : "none")},
    };
    for (const StampField &field : stamp_fields(std::string(own_stamp())))
        if (std::find(roles.begin(), roles.end(), field.name) != roles.end())
            cases.emplace_back(field.name, field.name + " is 999, must be " + field.expected);
    if (!sanitized) {
        cases.emplace_back("address_sanitizer", "sanitizer is address, must be none");
        cases.emplace_back("thread_sanitizer", "sanitizer is thread, must be none");
    }
    for (const auto &[name, difference] : cases)
        for (const char *ending : {"", "_stripped"})
            BOOST_TEST_CONTEXT(name << ending) {
                const PluginFile found = refused(fixture("field_" + name + ending));
                BOOST_TEST(found.reason == "it was built for another Retort or with other options: " + difference);
                BOOST_TEST(name_of(found.refusal) == "stamp");
                BOOST_TEST(found.plugin == "fixture_field_" + name);
                BOOST_TEST(found.sha256.size() == 64U);
                const std::vector<StampField> fields = stamp_fields(found.stamp);
                BOOST_TEST(std::count_if(fields.begin(), fields.end(), [](const auto &f) { return !f.fits; }) == 1);
            }
}

BOOST_AUTO_TEST_CASE(what_is_no_plugin_is_refused_each_for_its_own_reason) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "some.so";
    const std::string good = test::read_file(fixture("good"));
    std::string other = good;
    other[18] = 0x28; // e_machine: ARM
    const std::pair<std::string, Refusal> cases[] = {{"", Refusal::empty},
                                                     {"hello\n", Refusal::no_elf},
                                                     {"\x7f"
                                                      "ELF",
                                                      Refusal::truncated},
                                                     {good.substr(0, 1000), Refusal::truncated},
                                                     {other, Refusal::other_machine}};
    for (const auto &[bytes, refusal] : cases) {
        test::write_file(file, bytes);
        BOOST_TEST(name_of(refused(file).refusal) == name_of(refusal));
    }
    BOOST_TEST(name_of(refused(folder.path()).refusal) == "no_regular_file");
}

BOOST_AUTO_TEST_CASE(a_name_offered_by_two_plugins_is_completed_with_theirs) {
    Registry registry;
    load_plugin(registry, fixture("good"));
    load_plugin(registry, fixture("duplicate_name"));
    BOOST_TEST(registry.find("observer", "silent") == nullptr);
    BOOST_TEST(registry.get("observer", "silent@fixture_good", "").file == fixture("good").string());
    BOOST_TEST(registry.get("observer", "quiet", "").plugin == "fixture_good");
}

BOOST_AUTO_TEST_CASE(two_plugins_of_one_name_do_not_meet_in_a_registry) {
    Registry registry;
    load_plugin(registry, fixture("good"));
    const PluginFile found = load_file(registry, fixture("same_name"));
    BOOST_TEST(name_of(found.refusal) == "registration");
    BOOST_TEST(found.reason == "there is a plugin of its name already: " + fixture("good").string());
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

BOOST_AUTO_TEST_CASE(a_file_that_was_replaced_is_not_taken_for_what_was_opened) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "good.so";
    fs::copy(fixture("good"), file);
    Registry registry;
    load_plugin(registry, file);
    fs::remove(file);
    fs::copy(fixture("same_name"), file);
    BOOST_TEST(name_of(refused(file).refusal) == "changed");
}

BOOST_AUTO_TEST_CASE(what_others_can_write_is_refused_unless_it_is_allowed) {
    const test::TemporaryFolder folder;
    const test::TemporaryFolder links;
    const fs::path file = folder.path() / "good.so";
    fs::copy(fixture("good"), file);
    const fs::perms everybody = fs::perms::others_write;
    LoadOptions allowing;
    allowing.allow_unsafe = true;
    const auto check = [&](const fs::path &place, const std::string &what) {
        const PluginFile found = refused(place);
        BOOST_TEST(name_of(found.refusal) == "unsafe");
        BOOST_TEST(found.reason == "it is not trusted: " + what + " can be written by everybody");
        Registry registry;
        BOOST_TEST(load_file(registry, place, allowing).loaded());
    };
    fs::permissions(file, everybody, fs::perm_options::add);
    check(file, "the file");
    fs::permissions(file, everybody, fs::perm_options::remove);
    fs::permissions(folder.path(), everybody, fs::perm_options::add);
    check(file, "its folder " + folder.path().string());
    fs::create_symlink(file, links.path() / "good.so");
    check(links.path() / "good.so", "its folder " + folder.path().string());
    const test::TemporaryFolder safe; // behind two links, the first of which everybody could turn
    fs::copy(fixture("good"), safe.path() / "good.so");
    fs::create_symlink(safe.path() / "good.so", folder.path() / "link.so");
    fs::create_symlink(folder.path() / "link.so", links.path() / "twice.so");
    check(links.path() / "twice.so", "its folder " + folder.path().string());
    if (::geteuid() == 0) {
        fs::permissions(folder.path(), everybody, fs::perm_options::remove);
        BOOST_TEST_REQUIRE(::chown(file.c_str(), 12345, 12345) == 0);
        BOOST_TEST(refused(file).reason ==
                   "it is not trusted: the file belongs to user 12345, neither to you (0) nor to root");
    }
}

BOOST_AUTO_TEST_SUITE_END()
