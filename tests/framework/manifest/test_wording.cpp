// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/wording.hpp>
#include <limits>

BOOST_AUTO_TEST_SUITE(test_wording)

using namespace retort;
using namespace retort::framework;

BOOST_AUTO_TEST_CASE(ranges_are_said_as_far_as_they_say_anything) {
    constexpr auto smallest = static_cast<double>(std::numeric_limits<std::int64_t>::min());
    constexpr auto largest = static_cast<double>(std::numeric_limits<std::int64_t>::max());
    struct Case {
        sdk::Range range;
        const char *text, *number;
    };
    const Case cases[] = {
        {{0, 0.95}, "0 to 0.95", "a number, 0 to 0.95"},
        {{1}, "at least 1", "a number, at least 1"},
        {{-1e308, 3}, "at most 3", "a number, at most 3"},
        {{1, 1}, "1", "1"},
        {{}, "any", "a number"},
        {{smallest, largest}, "any", "a number"},
    };
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.text) {
            BOOST_TEST(range_text(expected.range) == expected.text);
            BOOST_TEST(number_text("a number", expected.range) == expected.number);
        }
    BOOST_TEST(has_minimum({0}));
    BOOST_TEST(!has_maximum({0}));
    BOOST_TEST(has_maximum({-1e308, 0}));
    BOOST_TEST(!has_minimum({-1e308, 0}));
}

BOOST_AUTO_TEST_CASE(nouns_have_their_article) {
    BOOST_TEST(with_article("model") == "a model");
    BOOST_TEST(with_article("optimizer") == "an optimizer");
    BOOST_TEST(with_article("objective") == "an objective");
}

BOOST_AUTO_TEST_CASE(what_was_found_is_shown_as_it_is_written) {
    const std::string thirty(30, 'x');
    const std::pair<std::string, std::string> cases[] = {
        {"{}", "an object"},
        {"[1, 2]", "an array"},
        {"null", "null"},
        {"true", "true"},
        {"12", "12"},
        {"18446744073709551615", "18446744073709551615"},
        {"7.0", "7.0"}, // what makes it no whole number must show
        {"0.25", "0.25"},
        {"1e300", "1e+300"},
        {R"("half")", R"(the text "half")"},
        {'"' + thirty + "12345678\"", "the text \"" + thirty + "12345678\""},
        {'"' + thirty + "123456789\"", "the text \"" + thirty + "12345...\""},
        {'"' + thirty + "1234\u20ac6789\"", "the text \"" + thirty + "1234...\""},
    };
    for (const auto &[text, expected] : cases)
        BOOST_TEST(found_text(boost::json::parse(text)) == expected);
}

BOOST_AUTO_TEST_SUITE_END()
