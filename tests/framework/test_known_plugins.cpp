// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/loader.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <framework/source/known_plugins.hpp>
#include <iterator>
#include <optional>
#include <support/temporary_folder.hpp>

using namespace retort;
using framework::known_plugins_folder;
using framework::KnownPlugins;
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

BOOST_AUTO_TEST_SUITE(test_known_plugins)

BOOST_AUTO_TEST_CASE(what_was_added_is_known_next_time) {
    const test::TemporaryFolder folder;
    const fs::path place = folder.path() / "deep" / "inside";
    BOOST_TEST(!KnownPlugins(place).contains("aa"));
    KnownPlugins(place).add("aa");
    BOOST_TEST(KnownPlugins(place).contains("aa"));
    BOOST_TEST(!KnownPlugins(place).contains("ab"));
    const fs::path file = fs::directory_iterator(place)->path();
    BOOST_TEST(fs::file_size(file) == 0U);
    fs::rename(file, place / "aa-0123456789abcdef"); // as another Retort would call it
    BOOST_TEST(!KnownPlugins(place).contains("aa"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_knows_nothing) {
    KnownPlugins({}).add("aa");
    BOOST_TEST(!KnownPlugins({}).contains("aa"));
    KnownPlugins("/proc/nothing").add("aa");
    BOOST_TEST(!KnownPlugins("/proc/nothing").contains("aa"));
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
