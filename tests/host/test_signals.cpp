// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <functional>
#include <host/signals.hpp>
#include <support/fake_plan.hpp>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(test_signals)

using namespace retort;

namespace {

constexpr int steps_done = 50; ///< exit codes from here on count steps

/// How a process of its own ends that does `body`: its exit code, or minus the signal that killed it.
int ending_of(const std::function<int()> &body) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(body());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// Runs a stage in whose second step `numbers` are raised; the steps that were done, or another exit code.
int run_with_signals(const std::vector<int> &numbers) {
    test::FakePlan fakes;
    int steps = 0;
    fakes.on_step = [&](test::FakeTrainer &, std::uint64_t k) {
        ++steps;
        for (const int number : k == 1 ? numbers : std::vector<int>{})
            ::raise(number);
    };
    framework::Run run(fakes.plan(), {});
    const host::CancelOnSignals guard(run);
    try {
        run.execute();
        return 1;
    } catch (const framework::Error &error) {
        return error.code() == framework::ErrorCode::cancelled ? steps_done + steps : 2;
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(the_first_cancels_after_the_step) {
    for (const int number : {SIGINT, SIGTERM})
        BOOST_TEST(ending_of([&] { return run_with_signals({number}); }) == steps_done + 2);
}

BOOST_AUTO_TEST_CASE(the_second_ends_the_process_at_once) {
    BOOST_TEST(ending_of([] { return run_with_signals({SIGINT, SIGTERM}); }) == 130);
}

BOOST_AUTO_TEST_CASE(the_first_of_a_second_run_is_a_first_one_again) {
    BOOST_TEST(ending_of([] {
                   (void)run_with_signals({SIGINT});
                   return run_with_signals({SIGTERM});
               }) == steps_done + 2);
}

BOOST_AUTO_TEST_CASE(afterwards_signals_mean_what_they_meant) {
    const auto after_a_run = [](int number) {
        return ending_of([number] {
            {
                test::FakePlan fakes;
                framework::Run run(fakes.plan(), {});
                const host::CancelOnSignals guard(run);
            }
            ::raise(number);
            return 0;
        });
    };
    BOOST_TEST(after_a_run(SIGINT) == -SIGINT);
    BOOST_TEST(after_a_run(SIGTERM) == -SIGTERM);
}

BOOST_AUTO_TEST_SUITE_END()
