// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/support/names.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_names)

BOOST_AUTO_TEST_CASE(the_nearest_name_is_a_few_letters_away) {
    const std::vector<std::string> names{"point", "dropout", "random_projection", "mlp"};
    BOOST_TEST(framework::nearest("pont", names) == "point");
    BOOST_TEST(framework::nearest("dropuot", names) == "dropout");
    BOOST_TEST(framework::nearest("randomprojection", names) == "random_projection");
    BOOST_TEST(framework::nearest("mpl", names) == "mlp");
    BOOST_TEST(framework::nearest("gaussian", names).empty());
    BOOST_TEST(framework::nearest("", names).empty());
    BOOST_TEST(framework::nearest("x", {"a"}).empty());
    BOOST_TEST(framework::nearest(std::string(100, 'a'), {std::string(99, 'a')}) == std::string(99, 'a'));
    BOOST_TEST(framework::nearest(std::string(101, 'a'), {std::string(100, 'a')}).empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_answered_with_what_there_is) {
    using framework::unknown_name;
    BOOST_TEST(unknown_name("head", "pont", {"point", "mean"}) ==
               "there is no head \"pont\"; did you mean \"point\"? Available: point, mean");
    BOOST_TEST(unknown_name("head", "x", {"point"}) == "there is no head \"x\". Available: point");
    BOOST_TEST(unknown_name("head", "x", {}) == "there is no head \"x\"; none is available");
    const std::vector<std::string> many(13, "point");
    BOOST_TEST(unknown_name("head", "pont", many) == "there is no head \"pont\"; did you mean \"point\"?");
    BOOST_TEST(unknown_name("head", "x", many).size() > 13 * 5);
}

BOOST_AUTO_TEST_CASE(names_are_letters_digits_underscores_and_hyphens) {
    for (const std::string_view name : {"a", "Teacher-2", "_", "0a", "-1"})
        BOOST_TEST(framework::name_mistake(name).empty(), name);
    for (const std::string_view name : {"", "0", "12", "a b", "a/b", "..", "\xc3\xa9"})
        BOOST_TEST(!framework::name_mistake(name).empty(), name);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
