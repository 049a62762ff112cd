// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/dataset.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <utility>

BOOST_AUTO_TEST_SUITE(test_dataset)

using namespace retort::sdk;

static_assert(name_of(Split::validation) == "validation", "known when compiled");

namespace {

/// As little as a dataset must say.
class Nothing final : public Dataset {
  public:
    [[nodiscard]] std::size_t width() const override { return 4; }

    [[nodiscard]] std::size_t classes() const override { return 2; }

    [[nodiscard]] std::size_t size(Split) const override { return 0; }

    void load() override {}

    void read(Split, std::span<const std::uint64_t>, Matrix, std::span<std::int32_t>) const override {}
};

} // namespace

BOOST_AUTO_TEST_CASE(role_and_splits_have_their_names) {
    BOOST_TEST(Dataset::role == "dataset");
    const std::pair<Split, std::string_view> cases[] = {
        {Split::train, "train"}, {Split::validation, "validation"}, {Split::test, "test"}};
    for (const auto &[split, name] : cases)
        BOOST_TEST(name_of(split) == name);
}

BOOST_AUTO_TEST_CASE(examples_are_no_images_unless_a_dataset_says_so) {
    const Nothing nothing;
    const Dataset &dataset = nothing;
    BOOST_TEST(dataset.image_shape().channels == 0U);
    BOOST_TEST(ImageShape{}.height == 0U);
    BOOST_TEST(ImageShape{}.width == 0U);
    BOOST_TEST(ImageShape{}.background == 0.0F);
}

BOOST_AUTO_TEST_SUITE_END()
