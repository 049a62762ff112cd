// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/profile.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <support/context.hpp>
#include <support/fake_profiler.hpp>

namespace test_profile {

using namespace retort;

using Names = std::vector<std::string>;

struct Fixture {
    Fixture() { services.profiled_by = &profiler; }

    test::FakeProfiler profiler;
    test::FakeServices services;
};

} // namespace test_profile

BOOST_FIXTURE_TEST_SUITE(test_profile, Fixture)

BOOST_AUTO_TEST_CASE(scopes_within_scopes_are_phases_within_phases) {
    {
        const sdk::Phase step(services, "step");
        { const sdk::Phase data(services, "data"); }
        BOOST_TEST(sdk::in_phase(services, "forward", [&] { return profiler.open.size(); }) == 2U);
    }
    BOOST_TEST(profiler.phases == Names({"step", "step/data", "step/forward"}), boost::test_tools::per_element());
    BOOST_TEST(profiler.open.empty());
}

BOOST_AUTO_TEST_CASE(a_phase_ends_where_an_exception_leaves_it) {
    const auto call = [] { throw std::runtime_error("no"); };
    BOOST_CHECK_THROW(sdk::in_phase(services, "step", call), std::runtime_error);
    BOOST_TEST(profiler.phases.size() == 1U);
    BOOST_TEST(profiler.open.empty());
}

BOOST_AUTO_TEST_CASE(in_phase_hands_on_what_the_call_returns_itself) {
    int value = 1;
    static_assert(std::is_same_v<decltype(sdk::in_phase(services, "x", [&]() -> int & { return value; })), int &>);
    sdk::in_phase(services, "x", [&]() -> int & { return value; }) = 2;
    BOOST_TEST(value == 2);
}

BOOST_AUTO_TEST_CASE(operations_are_counted_where_the_run_is_profiled) {
    services.count_operations(7);
    services.count_operations(8);
    BOOST_TEST(profiler.operations == 15U);
    services.profiled_by = nullptr;
    services.count_operations(9);
    const sdk::Phase phase(services, "unknown");
    BOOST_TEST(profiler.operations == 15U);
    BOOST_TEST(profiler.phases.empty());
}

BOOST_AUTO_TEST_SUITE_END()
