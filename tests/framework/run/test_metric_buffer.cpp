// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <framework/source/run/metric_buffer.hpp>
#include <limits>
#include <string>
#include <support/allocations.hpp>

BOOST_AUTO_TEST_SUITE(test_metric_buffer)

using namespace retort;
using framework::MetricBuffer;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// One round of metrics, each with the value 1.
void round_of(MetricBuffer &buffer, std::initializer_list<const char *> names) {
    buffer.clear();
    for (const char *name : names)
        buffer.add(name, 1.0);
    buffer.seal();
}

auto plugin_error(const std::string &message) {
    return [message](const sdk::Error &error) {
        BOOST_TEST(error.what() == message);
        return error.kind() == sdk::ErrorKind::plugin;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_round_holds_what_was_added_in_order) {
    MetricBuffer buffer;
    buffer.add("loss", 0.5);
    buffer.prefix("validation_");
    buffer.add("nll", 0.25);
    BOOST_TEST_REQUIRE(buffer.metrics().size() == 2U);
    BOOST_TEST(buffer.metrics()[0].name == "loss");
    BOOST_TEST(buffer.metrics()[0].value == 0.5);
    BOOST_TEST(buffer.metrics()[1].name == "validation_nll");
    BOOST_TEST(buffer.find("validation_nll")->value == 0.25);
    BOOST_TEST(buffer.find("nll") == nullptr);
    buffer.clear();
    BOOST_TEST(buffer.metrics().empty());
    BOOST_TEST(buffer.find("loss") == nullptr);
}

BOOST_AUTO_TEST_CASE(names_must_not_change) {
    struct Case {
        std::initializer_list<const char *> later;
        const char *message;
    };
    const Case cases[] = {
        {{"a", "c"}, "metric 'c' was reported where 'b' stood the first time: the names must not change"},
        {{"b", "a"}, "metric 'b' was reported where 'a' stood the first time: the names must not change"},
        {{"a"}, "metric 'b' was reported the first time but not now: the names must not change"},
        {{"a", "b", "c"}, "metric 'c' was reported but not the first time: the names must not change"},
    };
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.message) {
            MetricBuffer buffer;
            round_of(buffer, {"a", "b"});
            round_of(buffer, {"a", "b"});
            BOOST_CHECK_EXCEPTION(round_of(buffer, expected.later), sdk::Error, plugin_error(expected.message));
        }
}

BOOST_AUTO_TEST_CASE(a_prefix_belongs_to_the_name) {
    MetricBuffer buffer;
    buffer.prefix("train_");
    round_of(buffer, {"nll"});
    buffer.prefix("validation_");
    BOOST_CHECK_THROW(round_of(buffer, {"nll"}), sdk::Error);
}

BOOST_AUTO_TEST_CASE(a_name_stands_once_in_a_round) {
    MetricBuffer buffer;
    BOOST_CHECK_EXCEPTION(round_of(buffer, {"a", "a"}), sdk::Error, plugin_error("metric 'a' was reported twice"));
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_found) {
    for (const double bad : {std::nan(""), infinity, -infinity}) {
        MetricBuffer buffer;
        buffer.add("fine", 1e300);
        BOOST_TEST(buffer.find_not_finite() == nullptr);
        buffer.add("bad", bad);
        buffer.add("worse", bad);
        BOOST_TEST_REQUIRE(buffer.find_not_finite() != nullptr);
        BOOST_TEST(buffer.find_not_finite()->name == "bad");
        buffer.clear();
        BOOST_TEST(buffer.find_not_finite() == nullptr);
    }
}

BOOST_AUTO_TEST_CASE(later_rounds_allocate_nothing) {
    MetricBuffer buffer;
    const std::size_t begin = test::allocations();
    round_of(buffer, {"a metric with a name that no small string holds", "b"});
    const std::size_t before = test::allocations();
    BOOST_TEST(before > begin); // else nothing was counted
    round_of(buffer, {"a metric with a name that no small string holds", "b"});
    BOOST_TEST(test::allocations() == before);
}

BOOST_AUTO_TEST_SUITE_END()
