// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/printable.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

BOOST_AUTO_TEST_SUITE(test_printable)

using retort::framework::one_line;
using retort::framework::printable_lines;

BOOST_AUTO_TEST_CASE(what_is_printed_can_do_no_harm) {
    const std::pair<std::string, std::string> cases[] = {
        {"", ""},
        {"\n \r\n", ""},
        {"plain text", "plain text"},
        {"one\ntwo\n", "one | two"},
        {"\x1b[31mred\x7f", "?[31mred?"},
        {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"latin \xe9", "latin ?"},
        {"cut \xe2\x82", "cut ??"},
        {"overlong \xc0\xaf \xe0\x80\xaf", "overlong ?? ???"},
        {"surrogate \xed\xa0\x80", "surrogate ???"},
        {"beyond \xf4\x90\x80\x80", "beyond ????"},
        {"control \xc2\x9b", "control ??"},
        {std::string("nul \0 inside", 12), "nul ? inside"},
    };
    for (const auto &[text, expected] : cases)
        BOOST_TEST(one_line(text) == expected);
}

BOOST_AUTO_TEST_CASE(lines_stay_lines) {
    BOOST_TEST(printable_lines("one\n\x1b[2Jtwo\n") == "one\n?[2Jtwo\n");
}

BOOST_AUTO_TEST_SUITE_END()
