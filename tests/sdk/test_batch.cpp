// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/batch.hpp>
#include <retort/sdk/metrics.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>

BOOST_AUTO_TEST_SUITE(test_batch)

using namespace retort::sdk;

BOOST_AUTO_TEST_CASE(an_unlabelled_row_has_no_class_and_counts_for_nothing) {
    BOOST_TEST(unlabelled == -1); // spelled so in data files of plugins out of tree
    std::array<float, 4> logits{5.0F, 0.0F, 0.0F, 5.0F};
    ClassificationMetrics labelled(2);
    labelled.add({logits.data(), 1, 2, 2}, std::array{0});
    ClassificationMetrics both(2);
    both.add({logits.data(), 2, 2, 2}, std::array{0, unlabelled});
    BOOST_TEST(both.report().accuracy == labelled.report().accuracy);
    BOOST_TEST(both.report().nll == labelled.report().nll);
}

BOOST_AUTO_TEST_CASE(a_batch_of_nothing_is_empty_and_begins_at_row_0) {
    const Batch batch;
    BOOST_TEST(batch.inputs.empty());
    BOOST_TEST(batch.labels.empty());
    BOOST_TEST(batch.ids.empty());
    BOOST_TEST(batch.first_row == 0U);
}

BOOST_AUTO_TEST_CASE(a_batch_is_a_view_of_its_trainers_memory) {
    std::array<float, 6> inputs{};
    std::array<std::int32_t, 2> labels{};
    std::array<std::uint64_t, 2> ids{};
    const Batch batch{{inputs.data(), 2, 2, 3}, labels, ids, 7};
    const Batch copy = batch;
    inputs[4] = 0.5F;
    labels[1] = 3;
    ids[1] = 40;
    BOOST_TEST(copy.inputs.row(1)[1] == 0.5F);
    BOOST_TEST(copy.labels[1] == 3);
    BOOST_TEST(copy.ids[1] == 40U);
    BOOST_TEST(copy.first_row == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
