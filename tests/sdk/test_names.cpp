// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/names.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_names)

using namespace retort;

BOOST_AUTO_TEST_CASE(edit_distance_counts_insertions_deletions_substitutions_and_swaps) {
    struct Case {
        std::string_view a;
        std::string_view b;
        std::size_t distance;
    };

    for (const Case &c : {Case{"", "", 0},
                          {"abc", "", 3},
                          {"", "abc", 3},
                          {"kitten", "sitting", 3},
                          {"flaw", "lawn", 2},
                          {"logits", "logit", 1},
                          {"ab", "ba", 1}})
        BOOST_TEST(sdk::edit_distance(c.a, c.b) == c.distance, c.a << " and " << c.b);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_told_what_there_is_and_the_nearest) {
    BOOST_TEST(sdk::unknown_name("tap", "logit", {"hidden.0", "logits"}) ==
               "there is no tap \"logit\"; did you mean \"logits\"? Available: hidden.0, logits");
    BOOST_TEST(sdk::unknown_name("pair", "x", {}) == "there is no pair \"x\"; none is available");
}

BOOST_AUTO_TEST_CASE(names_of_parts) {
    for (const std::string_view name : {"main", "A-1", "0a", "x_y"})
        BOOST_TEST(sdk::is_part_name(name), name);
    for (const std::string_view name : {"", "12", "a b", "a/b", "a.b", "\xC3\xA4"})
        BOOST_TEST(!sdk::is_part_name(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
