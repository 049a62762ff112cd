// SPDX-License-Identifier: Apache-2.0
#include "../manifests.hpp"

#include <boost/test/unit_test.hpp>

#include <charconv>
#include <framework/source/support/json_parse.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_json_parse)

namespace {

struct Broken {
    std::string_view text;
    std::string_view complaint;
};

constexpr Broken broken[] = {
    {"", "f:1:1: the text ends before the JSON value does"},
    {"  ", "f:1:3: the text ends before the JSON value does"},
    {"[1, 2", "f:1:6: the text ends before the JSON value does"},
    {"{\"a\": 1,}", "f:1:9: found '}' after a comma; allowed: another element, or no comma"},
    {"[1,\n 2,\n]", "f:3:1: found ']' after a comma; allowed: another element, or no comma"},
    {"{\n \"a\": 1,\n  \"b\" 3}", "f:3:7: found '3'; allowed: ':' after a key, ',' or an end after a value"},
    {"[\n{\"a\": 1}},\n\"b\": 2]", "f:2:9: found '}'; allowed: ',' or an end after a value"},
    {"[1, \"b\": 2]", "f:1:8: found ':'; allowed: ',' or an end after a value"},
    {"{\"a\": 1} // why", "f:1:10: found '/' after the end of the JSON value"},
    {"{\"a\":1}\n\n}", "f:3:1: found '}' after the end of the JSON value"},
    {"{'a': 1}", "f:1:2: found '''; allowed: a key in double quotes, or '}'"},
    {"{\"a\": \"\xff\"}", "f:1:8: found byte 0xFF; allowed: text in UTF-8"},
    {"\xef\xbb\xbf{}", "f:1:1: found a byte order mark; allowed: UTF-8 without one"},
    {"[\"a\nb\"]",
     "f:1:4: found byte 0x0A; allowed: characters from the space on, and \\n, \\t, \\\", \\\\, \\u0000 for the others"},
    {"[01]", "f:1:3: found '1'; allowed: ',' or an end after a value"},
    {"[1,\n -1e999]", "f:2:2: the number -1e999 is too large; allowed: up to 1e308"},
    {R"({"a": 1, "b": {"a": 2}, "a": 3})", R"(f:1:25: the key "a" stands twice in this object; first in line 1)"},
    {"{\"a\": \"{\\\"a\\\": 1\", \"b\": [{\"c\": 1,\n\"\\u0063\": 2}],\n \"a\": 3}",
     "f:2:1: the key \"c\" stands twice in this object; first in line 1\n"
     "f:3:2: the key \"a\" stands twice in this object; first in line 1"},
};

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

BOOST_AUTO_TEST_CASE(a_mistake_has_line_and_column) {
    for (const Broken &item : broken) {
        BOOST_TEST_CONTEXT(item.text) {
            BOOST_TEST(complaint_of([&] { (void)framework::parse_json(item.text, "f"); }) == item.complaint);
        }
    }
}

BOOST_AUTO_TEST_CASE(depth_is_limited) {
    BOOST_TEST(complaint_of([] { (void)framework::parse_json(nested(64), "f"); }).empty());
    BOOST_TEST(complaint_of([] { (void)framework::parse_json(nested(65), "f"); }) ==
               "f:1:65: nested too deeply; allowed: 64 levels");
}

BOOST_AUTO_TEST_CASE(reals_are_the_nearest_to_what_is_written) {
    // Boost.JSON 1.81 alone is off by one unit in the last place for the first.
    for (const std::string_view text : {"0.24916812957858261", "0.1", "1.7976931348623157e308", "5e-324"}) {
        double expected = 0.0;
        std::from_chars(text.data(), text.data() + text.size(), expected);
        const auto value = framework::parse_json("{\"n\": [1, \"2\", " + std::string(text) + "]}", "f");
        BOOST_TEST(value.at("n").at(2).as_double() == expected);
    }
}

BOOST_AUTO_TEST_CASE(is_json_is_about_syntax_alone) {
    for (const std::string_view text : {"1", "-0.5", "true", "null", "\"a\"", " [1] ", R"({"a": 1, "a": 2})"})
        BOOST_TEST(framework::is_json(text), text);
    for (const std::string_view text : {"", "relu", "007", "1 2", "'a'", "[1,]", "nul"})
        BOOST_TEST(!framework::is_json(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
