// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/services.hpp>

#include <boost/test/unit_test.hpp>

#include <numeric>
#include <support/context.hpp>

BOOST_AUTO_TEST_SUITE(test_services)

using namespace retort;

BOOST_AUTO_TEST_CASE(parallel_for_calls_any_callable) {
    test::FakeServices services;
    std::vector<int> numbers(10, 0);
    services.parallel_for(numbers.size(), 1, [&](std::size_t begin, std::size_t end) {
        std::iota(numbers.begin() + static_cast<std::ptrdiff_t>(begin),
                  numbers.begin() + static_cast<std::ptrdiff_t>(end), static_cast<int>(begin));
    });
    BOOST_TEST(numbers[9] == 9);
    std::size_t calls = 0;
    const auto count = [&calls](std::size_t, std::size_t) { ++calls; };
    services.parallel_for(5, 1, count);
    services.parallel_for(0, 1, count);
    BOOST_TEST(calls == 1U);
}

BOOST_AUTO_TEST_CASE(problems_go_where_the_handle_points) {
    test::FakeProblems first;
    test::FakeProblems second;
    sdk::ProblemsHandle handle = first;
    handle.add("/a", "one");
    handle = sdk::ProblemsHandle(second);
    handle.add("/b", "two");
    BOOST_TEST(first.items.size() == 1U);
    BOOST_TEST_REQUIRE(second.items.size() == 1U);
    BOOST_TEST(second.items[0].first == "/b");
}

BOOST_AUTO_TEST_SUITE_END()
