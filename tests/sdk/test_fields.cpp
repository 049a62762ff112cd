// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/fields.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/settings.hpp>

#include <boost/test/unit_test.hpp>

#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_fields)

using namespace retort::sdk;
using retort::test::Listing;

namespace {

/// One setting, declared by a function.
template <class T, class Declare> struct One {
    T value;
    Declare declare;

    void fields(Fields &field) { declare(field, value); }
};

template <class T, class Declare> std::string listed(T value, Declare declare) {
    One<T, Declare> one{std::move(value), declare};
    return Listing::of(one);
}

struct Inner {
    double a = 1.0;

    void fields(Fields &field) { field("a", a, ""); }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_setting_has_a_default_and_no_bounds_unless_it_says_otherwise) {
    const auto plain = [](Fields &field, double &value) { field("x", value, "Text."); };
    const auto bounded = [](Fields &field, double &value) { field("x", value, "Text.", {-1.0, 2.0}); };
    const auto required = [](Fields &field, double &value) { field.required("x", value, "Text."); };
    const auto both = [](Fields &field, double &value) { field.required("x", value, "Text.", {-1.0, 2.0}); };
    BOOST_TEST(listed(0.5, plain) == "\nx: real = 0.5");
    BOOST_TEST(listed(0.5, bounded) == "\nx: real -1..2 = 0.5");
    BOOST_TEST(listed(0.5, required) == "\nx!: real = 0.5");
    BOOST_TEST(listed(0.5, both) == "\nx!: real -1..2 = 0.5");
    BOOST_TEST(Range{}.minimum == -Range{}.maximum);
    BOOST_TEST(Range{}.maximum > 1e307);
    BOOST_TEST(!Field{}.required);
}

BOOST_AUTO_TEST_CASE(each_type_is_visited_as_what_it_is) {
    const auto declare = [](Fields &field, auto &value) { field("x", value, "", {0, 9}); };
    const std::pair<std::string, std::string> cases[] = {
        {listed(true, declare), "\nx: flag = 1"},
        {listed(std::int8_t{3}, declare), "\nx: integer 0..9 = 3"},
        {listed(std::uint64_t{3}, declare), "\nx: integer 0..9 = 3"},
        {listed(std::string("a"), declare), "\nx: text = a"},
        {listed(Schedule(2.0), declare), "\nx: schedule 0..9 = 2"},
        {listed(Schedule::Shape::cosine, declare), "\nx: choice of 4 = cosine"},
        {listed(Inner{}, declare), "\nx: record\na: real = 1"},
        {listed(std::optional<Inner>{}, declare), "\nx: optional absent\na: real = 1"},
        {listed(std::vector<double>{2.0}, declare), "\nx: list of 1 \n: real 0..9 = 2\n: real 0..9 = 0"},
        {listed(Map<double>{}, declare), "\nx: map of 0\n: real 0..9 = 0"},
        {listed(ComponentSpec<Model>("mlp"), declare), "\nx: component model = mlp"},
        {listed(Reference<Dataset>{"mnist"}, declare), "\nx: reference dataset = mnist"},
    };
    for (const auto &[found, expected] : cases)
        BOOST_TEST(found == expected);
}

BOOST_AUTO_TEST_CASE(settings_are_visited_in_the_order_of_declaration) {
    const auto declare = [](Fields &field, double &value) {
        field("second", value, "");
        field("first", value, "");
        field("", value, "");
    };
    BOOST_TEST(listed(1.0, declare) == "\nsecond: real = 1\nfirst: real = 1\n: real = 1");
}

BOOST_AUTO_TEST_SUITE_END()
