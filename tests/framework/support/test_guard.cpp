// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/support/guard.hpp>
#include <stdexcept>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(test_guard)

using namespace retort;

BOOST_AUTO_TEST_CASE(a_call_that_returns_is_left_alone) {
    const framework::Origin origin{"toys", "/models/net"};
    int number = 3;
    BOOST_TEST(&framework::guarded(origin, [&]() -> int & { return number; }) == &number);
    BOOST_TEST(framework::guarded(origin, [] { return 5; }) == 5);
    static_assert(std::is_void_v<decltype(framework::guarded(origin, [] {}))>);
}

BOOST_AUTO_TEST_CASE(what_is_thrown_is_completed_with_its_origin) {
    const framework::Origin origin{"toys", "/models/net", "teach"};
    BOOST_CHECK_EXCEPTION(framework::guarded(origin, [] { throw std::runtime_error("broke"); }), framework::Error,
                          [](const framework::Error &error) {
                              return std::string(error.what()).starts_with("/models/net: broke") &&
                                     error.code() == framework::ErrorCode::plugin &&
                                     error.problems()[0].plugin == "toys" && error.problems()[0].stage == "teach";
                          });
    BOOST_CHECK_THROW(framework::guarded(origin, [] { throw 7; }), framework::Error);
}

BOOST_AUTO_TEST_CASE(a_component_within_another_is_named_where_the_pointer_leads_to_it) {
    const framework::Origin origin{
        "trainers",
        "/stages/0",
        "teach",
        {{"/stages/0", "trainers"}, {"/stages/0/losses/1", "losses"}, {"/stages/0/losses/1/inner", "inside"}}};
    const auto blamed = [&](const std::string &pointer, const char *plugin = "") {
        try {
            framework::guarded(origin, [&] { throw sdk::Error(sdk::ErrorKind::plugin, "broke", pointer, plugin); });
        } catch (const framework::Error &error) {
            return error.problems()[0].plugin;
        }
        return std::string("nobody");
    };
    BOOST_TEST(blamed("") == "trainers");
    BOOST_TEST(blamed("/losses/1") == "losses");
    BOOST_TEST(blamed("/losses/1/weight") == "losses");
    BOOST_TEST(blamed("/losses/10") == "trainers");
    BOOST_TEST(blamed("/losses/1/inner/depth") == "inside");
    BOOST_TEST(blamed("/losses/1", "says_so_itself") == "says_so_itself");
}

BOOST_AUTO_TEST_SUITE_END()
