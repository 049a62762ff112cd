// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <plugins/observers/figures/gnuplot.hpp>
#include <string>
#include <support/temporary_folder.hpp>

namespace test_gnuplot {

using namespace retort::test;
using retort::observer_figures::run_gnuplot;

struct Fixture {
    /// Runs a shell script in gnuplot's place.
    [[nodiscard]] std::string run_as(const std::string &text) const {
        const auto program = folder.path() / "program";
        write_file(program, "#!/bin/sh\n" + text);
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        return run_gnuplot(program.string(), folder.path(), "a.gnuplot", std::chrono::milliseconds(500));
    }

    TemporaryFolder folder;
};

} // namespace test_gnuplot

BOOST_FIXTURE_TEST_SUITE(test_gnuplot, Fixture)

BOOST_AUTO_TEST_CASE(it_is_given_the_script_and_the_folder) {
    BOOST_TEST(run_as("test \"$1 $2\" = '-d a.gnuplot' && test \"$PWD\" = '" + folder.path().string() + "'\n") == "");
    BOOST_TEST(!std::filesystem::exists(folder.path() / "a.gnuplot.messages"));
}

BOOST_AUTO_TEST_CASE(a_program_that_hangs_is_ended) {
    BOOST_TEST(run_as("exec sleep 60\n") == "it did not end within 0 seconds");
    BOOST_TEST(!std::filesystem::exists(folder.path() / "a.gnuplot.messages"));
}

BOOST_AUTO_TEST_CASE(a_program_that_fails_is_quoted_without_leading_empty_lines) {
    BOOST_TEST(run_as("echo 'line 3: undefined' >&2; exit 1\n") == "it failed: line 3: undefined");
    BOOST_TEST(run_as("printf '\\n  ^\\nline 4: undefined\\n' >&2; exit 1\n") == "it failed: line 4: undefined");
    BOOST_TEST(run_as("exit 1\n") == "it failed: no message");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_cannot_be_started) {
    const std::string failure = run_gnuplot("no-such-gnuplot", folder.path(), "a.gnuplot", std::chrono::seconds(1));
    BOOST_TEST(failure.find("it cannot be started: ") == 0U, failure);
}

BOOST_AUTO_TEST_CASE(a_users_settings_do_not_reach_it) {
    BOOST_REQUIRE(setenv("GNUTERM", "dumb", 1) == 0);
    BOOST_TEST(run_as("test -z \"$GNUTERM\" && test \"$LC_ALL\" = C.UTF-8\n") == "");
    unsetenv("GNUTERM");
}

BOOST_AUTO_TEST_SUITE_END()
