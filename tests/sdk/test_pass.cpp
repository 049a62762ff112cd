// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/pass.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>

BOOST_AUTO_TEST_SUITE(test_pass)

using namespace retort::sdk;

BOOST_AUTO_TEST_CASE(a_pass_computes_nothing_that_was_not_asked_for) {
    const PassSpec spec;
    BOOST_TEST((spec.mode == Mode::evaluate)); // no noise, nothing moves
    BOOST_TEST(spec.rows == 0U);
    BOOST_TEST(spec.tail_rows == 0U);
    BOOST_TEST(!spec.parameter_gradients);
    BOOST_TEST(!spec.input_gradients);
    BOOST_TEST(spec.taps.empty());
}

// Trainers spell a spec without names, and both gradients are flags.
BOOST_AUTO_TEST_CASE(the_order_of_a_spec_is_mode_rows_tail_parameters_inputs_taps) {
    const std::array<std::size_t, 2> taps{1, 3};
    const PassSpec spec{Mode::train, 20, 3, true, false, taps};
    BOOST_TEST((spec.mode == Mode::train));
    BOOST_TEST(spec.rows == 20U);
    BOOST_TEST(spec.tail_rows == 3U);
    BOOST_TEST(spec.parameter_gradients);
    BOOST_TEST(!spec.input_gradients);
    BOOST_TEST_REQUIRE(spec.taps.size() == 2U);
    BOOST_TEST(spec.taps.data() == taps.data()); // a view, read while the pass is made
}

BOOST_AUTO_TEST_CASE(modes_and_writes_are_three_each) {
    BOOST_TEST((std::set{Mode::evaluate, Mode::sample, Mode::train}.size()) == 3U);
    BOOST_TEST((std::set{Write::none, Write::replace, Write::add}.size()) == 3U);
    BOOST_TEST((Write{} == Write::none)); // what is left out writes nothing
}

BOOST_AUTO_TEST_SUITE_END()
