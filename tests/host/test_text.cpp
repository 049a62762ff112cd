// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <host/text.hpp>

BOOST_AUTO_TEST_SUITE(test_text)

using namespace retort::host;

BOOST_AUTO_TEST_CASE(numbers_have_the_digits_that_were_asked_for) {
    BOOST_TEST(significant(0.012345) == "0.01235");
    BOOST_TEST(significant(0.75) == "0.75");
    BOOST_TEST(significant(123.0, 2) == "1.2e+02");
    BOOST_TEST(significant(std::nan("")) == "nan");
    BOOST_TEST(fixed(98.4249, 2) == "98.42");
    BOOST_TEST(fixed(12000.6, 0) == "12001");
    BOOST_TEST(fixed(1e300, 4) == "?"); // longer than anything that is shown
}

BOOST_AUTO_TEST_CASE(durations_grow_from_seconds_to_hours) {
    const std::pair<double, const char *> cases[] = {{-1.0, "0 s"},       {0.4, "0 s"},        {8.0, "8 s"},
                                                     {59.6, "1:00"},      {185.0, "3:05"},     {3599.4, "59:59"},
                                                     {3600.0, "1:00:00"}, {3723.0, "1:02:03"}, {36000.0, "10:00:00"}};
    for (const auto &[seconds, expected] : cases)
        BOOST_TEST(duration_text(seconds) == expected);
}

BOOST_AUTO_TEST_CASE(a_table_is_as_wide_as_its_cells) {
    BOOST_TEST(table_text({{"model", "errors"}, {"net", "7"}, {"student", "12345678"}}, 1) == "model      errors\n"
                                                                                              "-----------------\n"
                                                                                              "net             7\n"
                                                                                              "student  12345678\n");
    BOOST_TEST(table_text({{"a", "role"}, {"b", "c"}}, 2) == "a  role\n-------\nb  c\n");
    BOOST_TEST(table_text({}, 1) == "");
}

BOOST_AUTO_TEST_CASE(text_is_broken_at_spaces) {
    struct Case {
        const char *text;
        std::size_t indent, width;
        const char *expected;
    };
    const Case cases[] = {
        {"", 2, 10, ""},
        {"one two", 0, 7, "one two\n"},
        {"one two three", 0, 7, "one two\nthree\n"},
        {"one two three", 4, 11, "    one two\n    three\n"},
        {"one incomprehensible word", 0, 8, "one\nincomprehensible\nword\n"},
    };
    for (const Case &c : cases)
        BOOST_TEST(wrapped(c.text, c.indent, c.width) == c.expected);
}

BOOST_AUTO_TEST_SUITE_END()
