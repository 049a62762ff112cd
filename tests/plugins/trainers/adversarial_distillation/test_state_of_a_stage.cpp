// SPDX-License-Identifier: Apache-2.0
// What of a stage is state, and that it is all.
#include "gaussian_stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <support/state.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_state_of_a_stage)

using namespace retort;
using namespace retort::test;

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_bytes) {
    Stage first;
    Stage second;
    for (Stage *stage : {&first, &second}) {
        stage->add_condition();
        stage->run(12);
    }
    BOOST_TEST(first.student_values() == second.student_values());
    BOOST_TEST((first.metrics.values == second.metrics.values));
}

BOOST_AUTO_TEST_CASE(a_restored_stage_goes_on_with_the_same_bytes) {
    for (const auto make : {make_rich, make_gaussian}) {
        Stage whole;
        Stage first;
        Stage resumed;
        for (Stage *stage : {&whole, &first, &resumed})
            make(*stage);
        whole.run(12);
        first.run(5);
        State state = State::of(*first.trainer);
        State student = State::of(first.student);
        resumed.build();
        student.restore(resumed.student); // the framework's part: models
        state.restore(*resumed.trainer);
        resumed.trainer->prepare(true);
        for (std::uint64_t k = 5; k < 12; ++k)
            resumed.trainer->step(k, resumed.metrics);
        BOOST_TEST(resumed.student_values() == whole.student_values());
        BOOST_TEST((resumed.metrics.values == whole.metrics.values));
        BOOST_TEST((State::of(*resumed.trainer) == State::of(*whole.trainer)));
        BOOST_TEST(resumed.condition_head->rows_seen == 0U); // fitted heads are state
    }
}

BOOST_AUTO_TEST_CASE(what_heads_were_fitted_to_and_trained_to_is_state) {
    Stage stage;
    make_gaussian(stage);
    stage.run(1);
    const State first = State::of(*stage.trainer);
    for (const char *name : {"pairs.hidden.teacher_head/shift", "pairs.hidden.teacher_head/scale",
                             "pairs.hidden.teacher_head/spread", "pairs.hidden.student_head/parameters"})
        BOOST_TEST(first.floats.count(name) == 1U, name);
    stage.trainer->step(1, stage.metrics);
    const State second = State::of(*stage.trainer);
    const std::vector<float> &before = first.floats.at("pairs.hidden.student_head/parameters");
    const std::vector<float> &after = second.floats.at("pairs.hidden.student_head/parameters");
    BOOST_TEST_REQUIRE(before.size() == 48U); // a projection of 2 to 5 and a scale of 5, padded
    for (const std::size_t first_of : {0U, 16U, 32U})
        BOOST_TEST(before[first_of] != after[first_of]);
    BOOST_TEST(
        (first.floats.at("pairs.hidden.teacher_head/spread") == second.floats.at("pairs.hidden.teacher_head/spread")));
}

BOOST_AUTO_TEST_SUITE_END()
