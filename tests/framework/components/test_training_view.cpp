// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <framework/source/components/training_view.hpp>
#include <support/fake_run.hpp>

BOOST_AUTO_TEST_SUITE(test_training_view)

using namespace retort;
using sdk::Split;

namespace {

struct ImageDataset : test::FakeDataset {
    [[nodiscard]] sdk::ImageShape image_shape() const override { return {1, 2, 1, 0.5F}; }

    [[nodiscard]] bool from_bytes(std::span<const std::uint8_t> bytes, std::span<float> inputs) const override {
        std::copy(bytes.begin(), bytes.end(), inputs.begin());
        return true;
    }
};

auto plugin_error(const std::string &message) {
    return [message](const sdk::Error &error) {
        BOOST_TEST(error.what() == message);
        return error.kind() == sdk::ErrorKind::plugin;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(everything_but_the_test_split_is_the_datasets) {
    ImageDataset dataset;
    const framework::TrainingView view("toy", dataset);
    BOOST_TEST(view.width() == 2U);
    BOOST_TEST(view.classes() == 2U);
    BOOST_TEST(view.size(Split::train) == 8U);
    BOOST_TEST(view.size(Split::validation) == 4U);
    BOOST_TEST(view.size(Split::test) == 6U);
    BOOST_TEST(view.image_shape().background == 0.5F);
    const std::uint8_t byte = 7;
    float input = 0.0F;
    BOOST_TEST(view.from_bytes({&byte, 1}, {&input, 1}));
    BOOST_TEST(input == 7.0F);
    BOOST_TEST(!framework::TrainingView("toy", test::FakeDataset()).from_bytes({}, {}));
    for (const Split split : {Split::train, Split::validation}) {
        const std::uint64_t rows[] = {3};
        const sdk::MatrixBuffer inputs(1, 2);
        std::int32_t label = -1;
        view.read(split, rows, inputs.view(), {&label, 1});
        BOOST_TEST(inputs.view().row(0)[1] == 0.03F);
        BOOST_TEST(label == 1);
    }
}

BOOST_AUTO_TEST_CASE(the_test_split_is_never_read) {
    ImageDataset dataset;
    const framework::TrainingView view("toy", dataset);
    const std::uint64_t rows[] = {0};
    const sdk::MatrixBuffer inputs(1, 2);
    BOOST_CHECK_EXCEPTION(
        view.read(Split::test, rows, inputs.view(), {}), sdk::Error,
        plugin_error("a trainer may not read the test split of dataset 'toy': only the final report does, once"));
    BOOST_TEST(dataset.test_reads == 0U);
}

BOOST_AUTO_TEST_CASE(trainers_load_nothing) {
    ImageDataset dataset;
    framework::TrainingView view("toy", dataset);
    BOOST_CHECK_EXCEPTION(view.load(), sdk::Error, plugin_error("dataset 'toy' is loaded by the framework, once"));
    BOOST_TEST(!dataset.loaded);
}

BOOST_AUTO_TEST_SUITE_END()
