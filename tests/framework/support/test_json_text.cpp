// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/json_text.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_json_text)

using framework::JsonLayout;
using framework::to_text;

BOOST_AUTO_TEST_CASE(numbers_are_the_shortest_that_read_back) {
    BOOST_TEST(to_text(0.1) == "0.1");
    BOOST_TEST(to_text(1e-3) == "0.001");
    BOOST_TEST(to_text(1e30) == "1e+30");
    BOOST_TEST(to_text(2.0) == "2");
    BOOST_TEST(to_text(0.0) == "0");
    BOOST_TEST(to_text(-0.0) == "-0.0");
    BOOST_TEST(to_text(std::int64_t{-3}) == "-3");
    BOOST_TEST(to_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    BOOST_TEST(to_text(std::numeric_limits<double>::infinity()) == "null");
}

BOOST_AUTO_TEST_CASE(texts_are_escaped) {
    BOOST_TEST(to_text({{"a\"b", "\n"}}) == R"({"a\"b": "\n"})");
}

BOOST_AUTO_TEST_CASE(short_values_stay_on_a_line) {
    const auto value = boost::json::parse(R"({"a": [1, {"b": true}], "c": {}, "d": []})");
    BOOST_TEST(to_text(value) == R"({"a": [1, {"b": true}], "c": {}, "d": []})");
    BOOST_TEST(to_text(value, JsonLayout::pretty) == "{\n  \"a\": [1, {\"b\": true}],\n  \"c\": {},\n  \"d\": []\n}\n");
}

BOOST_AUTO_TEST_CASE(long_values_are_broken) {
    const std::string word(60, 'x');
    const auto value = boost::json::parse(R"({"a": [")" + word + R"(", ")" + word + R"("]})");
    BOOST_TEST(to_text(value, JsonLayout::pretty) ==
               "{\n  \"a\": [\n    \"" + word + "\",\n    \"" + word + "\"\n  ]\n}\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
