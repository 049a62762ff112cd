// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/profile.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <framework/source/run/run_profiler.hpp>
#include <string>
#include <support/allocations.hpp>
#include <support/context.hpp>
#include <thread>

namespace test_run_profiler {

using namespace retort;
using framework::PhaseCall;
using framework::ProfiledPhase;
using framework::RunProfiler;
using std::chrono::nanoseconds;

nanoseconds now{};

/// A profiler whose time goes on when a test says so.
struct Fixture {
    static void pass(std::int64_t time) { now += nanoseconds(time); }

    /// A step: 10 of its own, 30 of data, and 60 of forward with 1,200 operations.
    void step() {
        profiler.begin("step");
        pass(10);
        profiler.begin("data");
        pass(30);
        profiler.end();
        profiler.begin("forward");
        profiler.count_operations(1200);
        pass(60);
        profiler.end();
        profiler.end();
    }

    nanoseconds start = now = nanoseconds(1000); // before the profiler is made
    RunProfiler profiler{[] { return now; }};
};

/// "path calls seconds own operations", times in nanoseconds.
std::string line_of(const ProfiledPhase &phase) {
    const auto time = [](double seconds) { return std::to_string(std::lround(seconds * 1e9)); };
    return phase.path + " " + std::to_string(phase.calls) + " " + time(phase.seconds) + " " + time(phase.own_seconds) +
           " " + std::to_string(phase.operations);
}

std::vector<std::string> lines_of(const RunProfiler &profiler) {
    std::vector<std::string> lines;
    for (const ProfiledPhase &phase : profiler.phases())
        lines.push_back(line_of(phase));
    return lines;
}

using Lines = std::vector<std::string>;

} // namespace test_run_profiler

BOOST_FIXTURE_TEST_SUITE(test_run_profiler, Fixture)

BOOST_AUTO_TEST_CASE(calls_in_one_place_are_summed_up) {
    step();
    pass(1000); // between two phases: nobody's
    step();
    BOOST_TEST(lines_of(profiler) ==
                   Lines({"step 2 200 20 2400", "step/data 2 60 60 0", "step/forward 2 120 120 2400"}),
               boost::test_tools::per_element());
    const std::vector<ProfiledPhase> phases = profiler.phases();
    BOOST_TEST(phases[0].share == 1.0);
    BOOST_TEST(phases[1].share == 0.3);
    BOOST_TEST(phases[2].name == "forward");
    BOOST_TEST(phases[2].depth == 1U);
    BOOST_TEST(std::abs(phases[2].gflops() - 20.0) < 1e-9);
    BOOST_TEST(phases[1].gflops() == 0.0);
}

BOOST_AUTO_TEST_CASE(the_same_name_elsewhere_is_another_phase) {
    profiler.begin("data");
    profiler.begin("data");
    pass(5);
    profiler.end();
    profiler.end();
    BOOST_TEST(lines_of(profiler) == Lines({"data 1 5 0 0", "data/data 1 5 5 0"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_open_counts_up_to_now) {
    profiler.begin("step");
    pass(10);
    profiler.begin("forward");
    profiler.count_operations(8);
    pass(20);
    const Lines open{"step 1 30 10 8", "step/forward 1 20 20 8"};
    BOOST_TEST(lines_of(profiler) == open, boost::test_tools::per_element());
    BOOST_TEST(profiler.calls().size() == 2U);
    BOOST_TEST(lines_of(profiler) == open, boost::test_tools::per_element()); // asking changed nothing
    profiler.end();
    profiler.end();
    BOOST_TEST(lines_of(profiler) == open, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_calls_are_kept_in_order_outer_ones_first) {
    step();
    for (std::size_t i = 0; i < RunProfiler::kept_calls; ++i)
        step();
    profiler.begin("late");
    profiler.end();
    const std::vector<PhaseCall> calls = profiler.calls();
    BOOST_TEST_REQUIRE(calls.size() == 3 * RunProfiler::kept_calls + 1);
    BOOST_TEST(calls[0].name == "step");
    BOOST_TEST(calls[0].begin.count() == 0);
    BOOST_TEST(calls[0].duration.count() == 100);
    BOOST_TEST(calls[2].name == "forward");
    BOOST_TEST(calls[2].begin.count() == 40);
    BOOST_TEST(calls[2].operations == 1200U);
    BOOST_TEST(calls[5].call == 1U);
    BOOST_TEST(calls.back().name == "late");
    for (std::size_t i = 1; i < calls.size(); ++i)
        BOOST_TEST((calls[i - 1].begin <= calls[i].begin));
    profiler.begin("outer"); // at the same time as what is within it
    profiler.begin("inner");
    pass(1);
    profiler.end();
    profiler.end();
    BOOST_TEST(profiler.calls().back().name == "inner");
}

BOOST_AUTO_TEST_CASE(what_was_seen_before_allocates_nothing) {
    step();
    const std::size_t before = test::allocations();
    for (int i = 0; i < 1000; ++i)
        step();
    BOOST_TEST(test::allocations() == before);
    BOOST_TEST(profiler.phases()[0].calls == 1001U);
}

BOOST_AUTO_TEST_CASE(names_that_count_steps_do_not_fill_the_memory) {
    for (std::size_t i = 0; i < RunProfiler::most_phases + 50; ++i) {
        profiler.begin("step " + std::to_string(i));
        profiler.begin("data");
        pass(1);
        profiler.end();
        profiler.end();
    }
    BOOST_TEST(profiler.phases().size() == RunProfiler::most_phases);
    step(); // names that are new now have no row, but end as they began
    profiler.begin("step 0");
    pass(1);
    profiler.end();
    BOOST_TEST(line_of(profiler.phases()[0]) == "step 0 2 2 1 0");
}

BOOST_AUTO_TEST_CASE(other_threads_are_ignored) {
    profiler.begin("step");
    std::thread([&] {
        profiler.begin("elsewhere");
        profiler.count_operations(5);
        profiler.end();
    }).join();
    profiler.end();
    BOOST_TEST(lines_of(profiler) == Lines({"step 1 0 0 0"}), boost::test_tools::per_element());
    std::thread([&] {
        profiler.use_this_thread();
        step();
    }).join();
    BOOST_TEST(profiler.phases()[0].calls == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
