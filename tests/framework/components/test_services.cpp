// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <framework/source/components/services.hpp>
#include <framework/source/support/threads.hpp>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_services)

using namespace retort;

namespace {

using Parts = std::vector<std::pair<std::size_t, std::size_t>>;

Parts parts_of(std::size_t threads, std::size_t count, std::size_t grain) {
    framework::RunLog log({});
    framework::RunServices services(threads, log);
    Parts parts;
    std::mutex mutex;
    services.parallel_for(count, grain, [&](std::size_t begin, std::size_t end) {
        const std::lock_guard lock(mutex);
        parts.emplace_back(begin, end);
    });
    std::sort(parts.begin(), parts.end());
    return parts;
}

} // namespace

BOOST_AUTO_TEST_CASE(parts_depend_on_count_grain_and_threads_alone) {
    struct Case {
        std::size_t threads, count, grain;
        Parts expected;
    };
    const std::vector<Case> cases{
        {1, 0, 1, {}},
        {1, 10, 1, {{0, 10}}},
        {2, 10, 1, {{0, 5}, {5, 10}}},
        {3, 10, 1, {{0, 4}, {4, 8}, {8, 10}}},
        {4, 10, 6, {{0, 6}, {6, 10}}},
        {4, 10, 100, {{0, 10}}},
        {4, 3, 0, {{0, 1}, {1, 2}, {2, 3}}},
    };
    for (const Case &c : cases)
        BOOST_TEST_CONTEXT(c.threads << " threads, " << c.count << " by " << c.grain)
    BOOST_TEST((parts_of(c.threads, c.count, c.grain) == c.expected));
}

BOOST_AUTO_TEST_CASE(what_a_part_throws_leaves_the_call_when_all_are_done) {
    framework::RunLog log({});
    for (const std::size_t threads : {1U, 2U, 4U}) {
        framework::RunServices services(threads, log);
        std::atomic<std::size_t> done = 0;
        const auto body = [&](std::size_t begin, std::size_t end) {
            done += end - begin;
            if (end > 50 || threads == 1)
                throw std::runtime_error(std::to_string(end));
        };
        const std::string first = std::to_string(threads == 1 ? 100 : threads == 2 ? 100 : 75);
        BOOST_CHECK_EXCEPTION(services.parallel_for(100, 1, body), std::runtime_error,
                              [&](const auto &error) { return error.what() == first; });
        BOOST_TEST(done == 100U);
    }
}

BOOST_AUTO_TEST_CASE(one_thread_is_for_as_long_as_the_call_lasts) {
    framework::RunLog log({});
    framework::RunServices services(3, log);
    const framework::ThreadScope scope(3);
    int threads = 0;
    services.on_one_thread([&] { threads = omp_get_max_threads(); });
    BOOST_TEST(threads == 1);
    BOOST_TEST(omp_get_max_threads() == 3);
    BOOST_CHECK_THROW(services.on_one_thread([] { throw std::runtime_error("within"); }), std::runtime_error);
    BOOST_TEST(omp_get_max_threads() == 3);
}

BOOST_AUTO_TEST_CASE(events_are_taken_once_and_logged) {
    std::vector<std::string> lines;
    framework::RunLog log([&](framework::LogLevel, std::string_view message) { lines.emplace_back(message); });
    framework::RunServices services(1, log);
    services.event("alarm", "too loud");
    const auto events = services.take_events();
    BOOST_TEST_REQUIRE(events.size() == 1U);
    BOOST_TEST(events[0].kind == "alarm");
    BOOST_TEST(events[0].message == "too loud");
    BOOST_TEST(services.take_events().empty());
    BOOST_TEST(lines == std::vector<std::string>{"alarm: too loud"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
