// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <framework/source/components/data_check.hpp>
#include <support/process.hpp>

BOOST_AUTO_TEST_SUITE(test_data_check)

using namespace retort;

namespace {

/// Examples of two numbers: (row, row / 10), labels alternate.
class Examples final : public sdk::Dataset {
  public:
    [[nodiscard]] std::size_t width() const override { return 2; }

    [[nodiscard]] std::size_t classes() const override { return 2; }

    [[nodiscard]] std::size_t size(sdk::Split) const override { return 1500; }

    void load() override {}

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool marked = split == marked_split && rows[i] == 1234;
            inputs.row(i)[0] = static_cast<float>(rows[i]);
            inputs.row(i)[1] = marked ? value : static_cast<float>(rows[i]) / 10.0F;
            if (!labels.empty())
                labels[i] = marked ? label : static_cast<std::int32_t>(rows[i] % 2);
        }
    }

    sdk::Split marked_split = sdk::Split::train;
    float value = 0.0F; ///< of example 1234
    std::int32_t label = 1;
};

struct Fixture {
    Fixture() : built{"toy", {"fake", "/data/toy", {}}, std::make_unique<Examples>()} {}

    [[nodiscard]] Examples &examples() const { return static_cast<Examples &>(*built.component); }

    [[nodiscard]] std::string error() const {
        try {
            (void)check_data(built);
        } catch (const framework::Error &error) {
            BOOST_TEST((error.code() == framework::ErrorCode::data));
            return error.what();
        }
        return {};
    }

    framework::Built<sdk::Dataset> built;
};

} // namespace

BOOST_AUTO_TEST_CASE(digests_are_of_what_training_sees) {
    const Fixture fixture;
    const auto before = check_data(fixture.built);
    BOOST_TEST(before.at("train").as_string().size() == 64U);
    BOOST_TEST((check_data(fixture.built) == before));
    fixture.examples().value = 1.0F;
    const auto train = check_data(fixture.built);
    BOOST_TEST(train.at("train").as_string() != before.at("train").as_string());
    fixture.examples().marked_split = sdk::Split::validation;
    const auto validation = check_data(fixture.built);
    BOOST_TEST(validation.at("validation").as_string() != before.at("validation").as_string());
    fixture.examples().label = sdk::unlabelled;
    BOOST_TEST(check_data(fixture.built).at("validation").as_string() != validation.at("validation").as_string());
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_are_named) {
    const Fixture fixture;
    for (const sdk::Split split : {sdk::Split::train, sdk::Split::validation}) {
        fixture.examples().marked_split = split;
        fixture.examples().value = std::nanf("");
        BOOST_TEST(fixture.error() ==
                   "/data/toy: example 1234 of the " + std::string(name_of(split)) +
                       " split: number 1 of its inputs is nan; allowed: finite numbers [plugin fake]");
    }
    fixture.examples().marked_split = sdk::Split::test; // which training may not see, and the report checks
    BOOST_TEST(fixture.error().empty());
    fixture.examples().marked_split = sdk::Split::train;
    fixture.examples().value = -INFINITY;
    BOOST_TEST(test::contains(fixture.error(), "number 1 of its inputs is infinite"));
}

BOOST_AUTO_TEST_CASE(labels_out_of_range_are_named) {
    const Fixture fixture;
    for (const std::int32_t label : {2, -2}) {
        fixture.examples().label = label;
        BOOST_TEST(test::contains(fixture.error(), "example 1234 of the train split: its label is " +
                                                       std::to_string(label) +
                                                       "; allowed: 0 to 1, or -1 for unlabelled"));
    }
}

BOOST_AUTO_TEST_CASE(a_checked_dataset_reads_as_the_one_below_it) {
    const Fixture fixture;
    const framework::CheckedDataset checked(fixture.built);
    const sdk::MatrixBuffer inputs(1, 2);
    std::int32_t label = 0;
    const std::uint64_t ids[] = {7};
    checked.read(sdk::Split::test, ids, inputs.view(), {&label, 1});
    BOOST_TEST(inputs.view().row(0)[0] == 7.0F);
    BOOST_TEST(label == 1);
    fixture.examples().marked_split = sdk::Split::test;
    fixture.examples().value = std::nanf("");
    const std::uint64_t marked[] = {1234};
    BOOST_CHECK_EXCEPTION(checked.read(sdk::Split::test, marked, inputs.view(), {}), framework::Error,
                          [](const framework::Error &error) { return error.problems().at(0).where == "/data/toy"; });
}

BOOST_AUTO_TEST_SUITE_END()
