// SPDX-License-Identifier: Apache-2.0
// Unknown plugins that crash, hang or are damaged, in the hands of the built command.
#include "plugin_workplace.hpp"

#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace test_trials {

using namespace retort;
using test::contains;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;
namespace json = boost::json;

} // namespace test_trials

BOOST_FIXTURE_TEST_SUITE(test_trials, test::PluginWorkplace)

BOOST_AUTO_TEST_CASE(what_crashes_hangs_exits_or_throws_is_told_and_the_others_are_listed) {
    for (const char *name : {"crashes", "exits", "throws_when_opened", "throws_integer", "crashes_at_the_end", "good"})
        add(name);
    test::write_file(path("plugins/text.so"), "hello\n");
    const auto list = with_plugins("list");
    BOOST_TEST(list.exit_code == 0);
    const std::string tried = " when it was tried in a process of its own: signal ";
    for (const std::string &part :
         Words{"/crashes.so was not loaded: it crashed" + tried + "11 (SIGSEGV); on stderr: about to crash | in vain\n",
               "/exits.so was not loaded: it ended the process that tried it, with exit code 0; ",
               "/throws_when_opened.so was not loaded: it crashed" + tried + "6 (SIGABRT); ", "nobody can catch this\n",
               "/throws_integer.so was not loaded: it threw something that is no std::exception while it registered\n",
               "/crashes_at_the_end.so was not loaded: it crashed when the process that had tried it ended: signal 6",
               "/text.so was not loaded: it is no ELF file\n"})
        BOOST_TEST(contains(list.err, part), "no '" << part << "' in: " << list.err);
    BOOST_TEST(contains(list.out, "silent"));
    BOOST_TEST(contains(list.out, "host_toy"));
    BOOST_TEST(!fs::exists(path("core")));
    const auto run = with_plugins("run", {"toy.json"}); // none of them hinders what does not need it
    BOOST_TEST(run.exit_code == 0, run.err);
    BOOST_TEST(run.err == "");
}

BOOST_AUTO_TEST_CASE(what_hangs_is_ended) {
    add("hangs");
    const auto begin = std::chrono::steady_clock::now();
    const auto outcome = plain({"probe", "plugins/hangs.so", "--timeout", "0.5"});
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(9)));
    BOOST_TEST(outcome.exit_code == 4);
    BOOST_TEST(contains(outcome.err, "plugins/hangs.so: it was not done after 500 ms"));
    BOOST_TEST(contains(outcome.err, "on stderr: waiting for ever"));
}

BOOST_AUTO_TEST_CASE(a_list_waits_once_for_what_hangs_and_lists_the_others) {
    add("hangs", "mine");
    add("good");
    const auto listed = [&] {
        const auto begin = std::chrono::steady_clock::now();
        const auto list = with_plugins("list");
        BOOST_TEST(list.exit_code == 0);
        BOOST_TEST(
            contains(list.err, "plugins/mine.so was not loaded: it was not done after 10000 ms when it was tried"));
        BOOST_TEST(contains(list.err, "on stderr: waiting for ever"));
        BOOST_TEST(contains(list.out, "silent"));
        return std::chrono::steady_clock::now() - begin;
    };
    BOOST_TEST((listed() >= std::chrono::seconds(10)));
    BOOST_TEST((listed() < std::chrono::seconds(9)));
    fs::remove(path("plugins/good.so"));
    add("good", "mine"); // mended, and accepted at once
    BOOST_TEST(doctors_word("mine").at("status").as_string() == "loaded");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_fixed_is_accepted_at_once) {
    add("crashes", "mine");
    BOOST_TEST(doctors_word("mine").at("code").as_string() == "crashed");
    const std::size_t others = known();
    BOOST_TEST(doctors_word("mine").at("code").as_string() == "crashed");
    BOOST_TEST(known() == others);
    add("good", "mine");
    BOOST_TEST(doctors_word("mine").at("status").as_string() == "loaded");
    BOOST_TEST(known() == others + 1);
    add("exits", "mine");
    BOOST_TEST(doctors_word("mine").at("code").as_string() == "exited");
    BOOST_TEST(known() == others + 1);
}

BOOST_AUTO_TEST_CASE(files_damaged_at_random_do_no_harm) {
    const std::string good = test::read_file(fs::path(RETORT_FIXTURE_PLUGINS) / "fixture_good.so");
    const sdk::Random random = sdk::Random{11}.at("damage");
    for (std::uint64_t round = 0; round < 60; ++round) {
        std::string bytes = good;
        const sdk::Random stream = random.at(round);
        for (std::uint64_t change = 0; change < 1 + round * 4; ++change)
            bytes[stream.below(3 * change, bytes.size())] = static_cast<char>(stream.bits(12 * change + 8));
        test::write_file(path("plugins/" + std::to_string(round) + ".so"), bytes);
    }
    ::setenv("RETORT_PLUGIN_PATH", path("plugins").c_str(), 1);
    const auto doctor = plain({"doctor", "--json"});
    ::unsetenv("RETORT_PLUGIN_PATH");
    BOOST_TEST(doctor.exit_code == 4, doctor.err);
    const json::value answer = json::parse(doctor.out);
    std::size_t refused = 0;
    for (const json::value &file : answer.at("plugins").as_array()) {
        const bool is_refused = file.at("status").as_string() == "refused";
        BOOST_TEST(file.at("reason").as_string().empty() != is_refused);
        refused += is_refused ? 1 : 0;
    }
    BOOST_TEST(refused > 40U);
}

BOOST_AUTO_TEST_SUITE_END()
