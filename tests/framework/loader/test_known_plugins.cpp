// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/loader.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <framework/source/loader/known_plugins.hpp>
#include <iterator>
#include <optional>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_known_plugins)

using namespace retort;
using framework::known_plugins_folder;
using framework::KnownPlugins;
using std::chrono::milliseconds;
namespace fs = std::filesystem;

namespace {

/// Puts an environment variable back.
class Variable {
  public:
    explicit Variable(const char *name) : name_(name) {
        if (const char *value = std::getenv(name))
            kept_ = value;
    }

    Variable(const Variable &) = delete;
    Variable &operator=(const Variable &) = delete;

    ~Variable() { kept_ ? set(kept_->c_str()) : set(nullptr); }

    void set(const char *value) const { value == nullptr ? ::unsetenv(name_) : ::setenv(name_, value, 1); }

  private:
    const char *name_;
    std::optional<std::string> kept_;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_sound_is_known_next_time) {
    const test::TemporaryFolder folder;
    const fs::path place = folder.path() / "deep" / "inside";
    BOOST_TEST(!KnownPlugins(place).is_sound("aa"));
    KnownPlugins(place).add_sound("aa");
    BOOST_TEST(KnownPlugins(place).is_sound("aa"));
    BOOST_TEST(!KnownPlugins(place).is_sound("ab"));
    BOOST_TEST(!KnownPlugins(place).hang("aa"));
    const fs::path file = fs::directory_iterator(place)->path();
    BOOST_TEST(fs::file_size(file) == 0U);
    fs::rename(file, place / "aa-0123456789abcdef"); // as another Retort would call it
    BOOST_TEST(!KnownPlugins(place).is_sound("aa"));
}

BOOST_AUTO_TEST_CASE(what_hangs_is_known_for_a_day_or_until_it_is_sound) {
    const test::TemporaryFolder folder;
    const KnownPlugins known(folder.path());
    known.add_hang("aa", {milliseconds(500), "it was not done"});
    BOOST_TEST(!known.is_sound("aa"));
    BOOST_TEST(!known.hang("ab"));
    BOOST_TEST_REQUIRE(known.hang("aa").has_value());
    BOOST_TEST(known.hang("aa")->timeout.count() == 500);
    BOOST_TEST(known.hang("aa")->reason == "it was not done");
    known.add_hang("aa", {milliseconds(900), "nor after longer"});
    known.add_hang("aa", {milliseconds(100), "a short try says less"});
    BOOST_TEST(known.hang("aa")->reason == "nor after longer");
    const fs::path file = fs::directory_iterator(folder.path())->path();
    const auto written = fs::last_write_time(file);
    for (const auto age : {std::chrono::hours(25), std::chrono::hours(-1)}) { // a clock that was wrong
        fs::last_write_time(file, written - age);
        BOOST_TEST(!known.hang("aa"));
    }
    fs::last_write_time(file, written - std::chrono::hours(23));
    BOOST_TEST(known.hang("aa").has_value());
    test::write_file(file, "gibberish");
    BOOST_TEST(!known.hang("aa"));
    known.add_hang("aa", {milliseconds(1), "again"});
    known.add_sound("aa");
    BOOST_TEST(!known.hang("aa"));
    BOOST_TEST(known.is_sound("aa"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_knows_nothing) {
    for (const char *place : {"", "/proc/nothing"}) {
        KnownPlugins(place).add_sound("aa");
        KnownPlugins(place).add_hang("aa", {milliseconds(1), "it hangs"});
        BOOST_TEST(!KnownPlugins(place).is_sound("aa"));
        BOOST_TEST(!KnownPlugins(place).hang("aa"));
    }
}

BOOST_AUTO_TEST_CASE(the_folder_is_the_users) {
    const Variable cache("XDG_CACHE_HOME");
    const Variable home("HOME");
    cache.set("/cache");
    home.set("/home/somebody");
    BOOST_TEST(known_plugins_folder() == "/cache/retort/plugins");
    cache.set("relative"); // to be ignored, as the standard says
    BOOST_TEST(known_plugins_folder() == "/home/somebody/.cache/retort/plugins");
    cache.set(nullptr);
    BOOST_TEST(known_plugins_folder() == "/home/somebody/.cache/retort/plugins");
    home.set(nullptr);
    BOOST_TEST(known_plugins_folder().empty());
}

BOOST_AUTO_TEST_SUITE_END()
