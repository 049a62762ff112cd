// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/distribution.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_distribution)

using namespace retort::sdk;

BOOST_AUTO_TEST_CASE(two_heads_meet_when_kind_and_width_are_equal) {
    constexpr Space::Kind real = Space::Kind::real;
    constexpr Space::Kind simplex = Space::Kind::simplex;
    const struct {
        Space one;
        Space other;
        bool meet;
    } cases[] = {
        {{real, 10}, {real, 10}, true},
        {{simplex, 10}, {simplex, 10}, true},
        {{real, 10}, {simplex, 10}, false},
        {{real, 10}, {real, 9}, false},
    };
    for (const auto &c : cases) {
        BOOST_TEST((c.one == c.other) == c.meet);
        BOOST_TEST((c.other == c.one) == c.meet);
    }
    BOOST_TEST((Space{} == Space{real, 0}));
}

BOOST_AUTO_TEST_CASE(what_is_not_given_is_empty) {
    BOOST_TEST(Affine{}.shift.empty());
    BOOST_TEST(Affine{}.scale.empty());
    const Distribution nothing;
    BOOST_TEST(nothing.family.empty());
    for (const ConstMatrix &parameter : nothing.parameters)
        BOOST_TEST(parameter.empty());
}

BOOST_AUTO_TEST_CASE(a_family_of_one_parameter_leaves_the_other_empty) {
    const float location[] = {1.0F, 2.0F};
    const Distribution point{"point", {ConstMatrix{location, 1, 2, 2}}};
    BOOST_TEST(point.parameters[0].row(0)[1] == 2.0F);
    BOOST_TEST(point.parameters[1].empty());
}

BOOST_AUTO_TEST_SUITE_END()
