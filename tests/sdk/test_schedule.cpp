// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/schedule.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_schedule, *boost::unit_test::tolerance(1e-12))

using retort::sdk::Progress;
using retort::sdk::Schedule;

BOOST_AUTO_TEST_CASE(progress_is_a_fraction) {
    BOOST_TEST(Progress{}.fraction() == 0.0);
    BOOST_TEST((Progress{25, 100}.fraction()) == 0.25);
    BOOST_TEST((Progress{0, 0}.fraction()) == 0.0);
}

BOOST_AUTO_TEST_CASE(each_shape_follows_its_formula) {
    using Shape = Schedule::Shape;
    struct Case {
        Shape shape;
        std::uint64_t step; ///< of 100
        double value;
    };
    const Case cases[] = {
        {Shape::constant, 0, 2.0},
        {Shape::constant, 99, 2.0},
        {Shape::linear, 0, 2.0},
        {Shape::linear, 50, 1.5},
        {Shape::linear, 100, 1.0},
        {Shape::cosine, 0, 2.0},
        {Shape::cosine, 50, 1.5},
        {Shape::cosine, 100, 1.0},
        {Shape::cosine, 25, 1.0 + 0.5 * (1.0 + 0.7071067811865476)},
        {Shape::step, 29, 2.0},
        {Shape::step, 31, 0.2},
        {Shape::step, 61, 0.02},
    };
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT("shape " << static_cast<int>(test.shape) << ", step " << test.step)
    BOOST_TEST((Schedule(test.shape, 2.0, 1.0).at({test.step, 100})) == test.value);
}

BOOST_AUTO_TEST_CASE(warm_up_rises_from_above_zero_and_the_rest_follows) {
    Schedule schedule(Schedule::Shape::linear, 2.0, 1.0);
    schedule.warm_up = 0.1;
    BOOST_TEST((schedule.at({0, 100})) == 0.2);
    BOOST_TEST((schedule.at({4, 100})) == 1.0);
    BOOST_TEST((schedule.at({9, 100})) == 2.0);
    BOOST_TEST((schedule.at({10, 100})) == 2.0);
    BOOST_TEST((schedule.at({55, 100})) == 1.5);
    schedule.warm_up = 1.0;
    BOOST_TEST((schedule.at({49, 100})) == 1.0);
    BOOST_TEST((schedule.at({100, 100})) == 2.0);
}

BOOST_AUTO_TEST_CASE(a_number_is_a_schedule) {
    const Schedule schedule = 0.5;
    BOOST_TEST((schedule.at({7, 9})) == 0.5);
    BOOST_TEST(names_of(Schedule::Shape::cosine)[static_cast<std::size_t>(Schedule::Shape::cosine)] == "cosine");
}

BOOST_AUTO_TEST_SUITE_END()
