// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <framework/source/loader/child_process.hpp>
#include <string>
#include <support/temporary_folder.hpp>
#include <sys/wait.h>
#include <system_error>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_child_process)

using namespace retort;
using framework::ChildProcess;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds long_enough{20000};

void wait(ChildProcess &child) {
    while (!child.poll())
        std::this_thread::sleep_for(milliseconds(2));
}

std::vector<std::string> shell(const std::string &script) {
    return {"/bin/sh", "-c", script};
}

} // namespace

BOOST_AUTO_TEST_CASE(what_it_writes_and_how_it_ends_is_known) {
    ChildProcess child(shell("echo out; echo err >&2; read line; exit 3"), long_enough);
    wait(child);
    BOOST_TEST(child.out.text() == "out\n");
    BOOST_TEST(child.err.text() == "err\n");
    BOOST_TEST(WEXITSTATUS(child.status().value()) == 3); // and it read nothing: it would have waited
    BOOST_TEST(!child.timed_out());
    ChildProcess killed(shell("kill -TERM $$"), long_enough);
    wait(killed);
    BOOST_TEST(WTERMSIG(killed.status().value()) == SIGTERM);
}

BOOST_AUTO_TEST_CASE(the_last_of_a_lot_of_output_is_kept) {
    ChildProcess child(shell("i=0; while [ $i -lt 20000 ]; do echo line $i >&2; i=$((i+1)); done"), long_enough);
    wait(child);
    BOOST_TEST(child.err.text().size() == 4096U);
    BOOST_TEST(child.err.text().ends_with("line 19999\n"));
}

BOOST_AUTO_TEST_CASE(its_time_is_limited_and_ends_what_it_started_too) {
    const test::TemporaryFolder folder;
    const std::string number = (folder.path() / "number").string();
    const auto begin = ChildProcess::Clock::now();
    ChildProcess child(shell("sleep 600 & echo $! > " + number + "; wait"), milliseconds(300));
    wait(child);
    BOOST_TEST(child.timed_out());
    BOOST_TEST((ChildProcess::Clock::now() - begin < std::chrono::seconds(15)));
    const int started = std::stoi(test::read_file(number));
    for (int tries = 0; tries < 1000 && ::kill(started, 0) == 0; ++tries) { // until whoever adopts it has noticed
        const std::string state = test::read_file("/proc/" + std::to_string(started) + "/stat");
        if (state.empty() || state.find(") Z ") != std::string::npos)
            break;
        std::this_thread::sleep_for(milliseconds(5));
        BOOST_TEST_REQUIRE(tries < 999);
    }
}

BOOST_AUTO_TEST_CASE(it_is_ended_when_nobody_waits_any_more) {
    const auto begin = ChildProcess::Clock::now();
    { const ChildProcess child(shell("sleep 600"), long_enough); }
    BOOST_TEST((ChildProcess::Clock::now() - begin < std::chrono::seconds(15)));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_an_error) {
    BOOST_CHECK_THROW(ChildProcess({"/not/there"}, long_enough), std::system_error);
}

BOOST_AUTO_TEST_CASE(signals_of_this_process_do_not_reach_into_it) {
    struct sigaction ignore {};
    struct sigaction kept {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGTERM, &ignore, &kept);
    ChildProcess child(shell("kill -TERM $$; exit 0"), long_enough);
    wait(child);
    ::sigaction(SIGTERM, &kept, nullptr);
    BOOST_TEST(WIFSIGNALED(child.status().value()));
    ::sigaction(SIGCHLD, &ignore, &kept); // then nobody is told how a child ended
    ChildProcess untold(shell("echo done"), long_enough);
    wait(untold);
    ::sigaction(SIGCHLD, &kept, nullptr);
    BOOST_TEST(untold.out.text() == "done\n");
    BOOST_TEST(!untold.status().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
