// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/replicas.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <support/context.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_replicas)

using namespace retort;

namespace {

/// Services of a replica beside which another has other numbers.
class TwoReplicas final : public sdk::SilentServices {
  public:
    explicit TwoReplicas(std::vector<double> others) : others_(std::move(others)) {}

    [[nodiscard]] std::size_t replicas() const override { return 2; }

    void sum_over_replicas(std::span<double> values) override {
        BOOST_TEST_REQUIRE(values.size() == others_.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] += others_[i];
    }

  private:
    std::vector<double> others_;
};

sdk::Batch batch_of(const std::vector<std::int32_t> &labels) {
    return {{nullptr, labels.size(), 1, 1}, labels, {}, 0};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_share_is_the_part_of_all_rows_and_of_all_labelled_rows) {
    TwoReplicas services({5.0, 1.0});
    const sdk::BatchShare share = sdk::share_of(batch_of({0, sdk::unlabelled, 2}), services);
    BOOST_TEST(share.rows == 3.0 / 8.0);
    BOOST_TEST(share.labelled == 2.0 / 3.0);
    BOOST_TEST(share.all_rows == 8.0);
    BOOST_TEST(share.all_labelled == 3.0);
    const sdk::BatchShare none = sdk::share_of(batch_of({}), services);
    BOOST_TEST(none.rows == 0.0);
    BOOST_TEST(none.labelled == 0.0);
    TwoReplicas unlabelled({1.0, 0.0});
    BOOST_TEST(sdk::share_of(batch_of({sdk::unlabelled}), unlabelled).labelled == 0.5);
    BOOST_TEST(sdk::share_of(batch_of({}), unlabelled).labelled == 0.0);
}

BOOST_AUTO_TEST_CASE(one_process_has_all_also_where_nothing_is_labelled) {
    sdk::SilentServices services;
    const sdk::BatchShare share = sdk::share_of(batch_of({sdk::unlabelled, sdk::unlabelled}), services);
    BOOST_TEST(share.rows == 1.0);
    BOOST_TEST(share.labelled == 1.0);
    BOOST_TEST(share.all_rows == 2.0);
    BOOST_TEST(share.all_labelled == 0.0);
}

BOOST_AUTO_TEST_CASE(means_norms_and_counts_become_those_of_all) {
    TwoReplicas services({0.75 * 8.0, 4.0 * 4.0, 7.0});
    sdk::ReplicaSums sums;
    for (int step = 0; step < 2; ++step) {
        double mean = 4.0;
        double norm = 3.0;
        double count = 2.0;
        sums.clear();
        sums.mean(mean, 0.25);
        sums.norm(norm, 0.25);
        sums.count(count);
        sums.sum(services);
        BOOST_TEST(mean == 7.0);
        BOOST_TEST(norm == 5.0);
        BOOST_TEST(count == 9.0);
    }
}

BOOST_AUTO_TEST_CASE(what_a_replica_without_rows_has_left_from_before_does_not_count) {
    TwoReplicas services({6.0, 16.0});
    double mean = 4.0;
    double norm = 3.0;
    sdk::ReplicaSums sums;
    sums.mean(mean, 0.0);
    sums.norm(norm, 0.0);
    sums.sum(services);
    BOOST_TEST(mean == 6.0);
    BOOST_TEST(norm == 4.0);
}

BOOST_AUTO_TEST_CASE(in_one_process_nothing_changes_by_a_bit) {
    sdk::SilentServices services;
    double mean = 0.1;
    double norm = 0.3;
    sdk::ReplicaSums sums;
    sums.mean(mean, 1.0);
    sums.norm(norm, 1.0);
    sums.sum(services);
    BOOST_TEST(mean == 0.1);
    BOOST_TEST(norm == 0.3);
}

BOOST_AUTO_TEST_SUITE_END()
