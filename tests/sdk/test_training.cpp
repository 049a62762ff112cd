// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/objective.hpp>
#include <retort/sdk/training.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_training)

using namespace retort;

namespace {

class Kept final : public sdk::Metrics {
  public:
    void add(std::string_view name, double value) override { values[std::string(name)] = value; }

    std::map<std::string, double> values;
};

/// Throws an error of the given kind instead of building.
struct Throwing final : sdk::Builder<sdk::Objective> {
    explicit Throwing(sdk::ErrorKind kind) : kind_(kind) {}

    [[nodiscard]] std::unique_ptr<sdk::Objective> build(const sdk::ObjectiveContext &) const override {
        throw sdk::Error(kind_, "too many", "/objective/count");
    }

    sdk::ErrorKind kind_;
};

} // namespace

BOOST_AUTO_TEST_CASE(epoch_means_weigh_batches_by_rows_and_skip_unlabelled_rows) {
    sdk::MatrixBuffer logits(4, 2);
    const float values[] = {1, 0, 1, 0, 0, 1, 5, 5}; // classes 0, 0, 1, and 0 as the first of equals
    std::copy(std::begin(values), std::end(values), logits.view().data);
    sdk::EpochMeans means;
    means.add(2.0, logits.view(), std::vector<std::int32_t>{0, 1, sdk::unlabelled, 0});
    means.add(5.0, logits.view(2), std::vector<std::int32_t>{0, 0});
    Kept metrics;
    means.end(metrics);
    BOOST_TEST(metrics.values["train_loss"] == 3.0);
    BOOST_TEST(metrics.values["train_accuracy"] == 0.8);
    means.end(metrics); // afresh
    BOOST_TEST(metrics.values["train_loss"] == 0.0);
}

BOOST_AUTO_TEST_CASE(names_become_unique) {
    std::vector<std::string> names{"loss"};
    for (const char *expected : {"cross_entropy", "cross_entropy_2", "cross_entropy_3"}) {
        names.push_back(sdk::unique_name("cross_entropy", names));
        BOOST_TEST(names.back() == expected);
    }
    BOOST_TEST(sdk::unique_name("loss", names) == "loss_2");
}

BOOST_AUTO_TEST_CASE(a_mistake_in_settings_is_reported_and_other_errors_pass) {
    test::Surroundings surroundings;
    sdk::ComponentSpec<sdk::Objective> spec;
    spec.builder = std::make_shared<Throwing>(sdk::ErrorKind::settings);
    BOOST_TEST(!sdk::build_or_report(spec, {surroundings.context()}));
    BOOST_TEST_REQUIRE(surroundings.problems.items.size() == 1U);
    BOOST_TEST(surroundings.problems.items[0].first == "/objective/count");
    BOOST_TEST(surroundings.problems.items[0].second == "too many");
    spec.builder = std::make_shared<Throwing>(sdk::ErrorKind::plugin);
    BOOST_CHECK_THROW((void)sdk::build_or_report(spec, {surroundings.context()}), sdk::Error);
}

BOOST_AUTO_TEST_CASE(norms_and_fills_respect_the_stride) {
    std::vector<float> memory(6, 7.0F);
    const sdk::Matrix view{memory.data(), 2, 2, 3};
    sdk::fill(view, 2.0F);
    BOOST_TEST(memory == (std::vector<float>{2, 2, 7, 2, 2, 7}), boost::test_tools::per_element());
    BOOST_TEST(sdk::norm(view) == 4.0);
}

BOOST_AUTO_TEST_SUITE_END()
