// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/batches.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <support/context.hpp>
#include <vector>

namespace test_batches {

using namespace retort;

/// Example i is an image of 3 by 4 that holds i + 1 everywhere; its label is i.
class Images final : public sdk::Dataset {
  public:
    explicit Images(std::size_t size) : size_(size) {}

    [[nodiscard]] std::size_t width() const override { return 12; }

    [[nodiscard]] std::size_t classes() const override { return 2; }

    [[nodiscard]] std::size_t size(sdk::Split) const override { return size_; }

    [[nodiscard]] sdk::ImageShape image_shape() const override { return shape; }

    void load() override {}

    void read(sdk::Split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        for (std::size_t r = 0; r < rows.size(); ++r) {
            std::fill_n(inputs.row(r).begin(), 12, static_cast<float>(rows[r] + 1));
            labels[r] = static_cast<std::int32_t>(rows[r]);
        }
    }

    sdk::ImageShape shape{1, 3, 4, -1.0F};

  private:
    std::size_t size_;
};

struct Fixture {
    [[nodiscard]] sdk::EpochBatches make(std::size_t rows, const sdk::Augmentation &augmentation = {}) {
        return {images, sdk::Split::train, rows, augmentation, sdk::Random{3}, services};
    }

    Images images{11};
    test::FakeServices services;
};

std::vector<std::uint64_t> ids_of_epoch(sdk::EpochBatches &batches, std::uint64_t epoch) {
    std::vector<std::uint64_t> ids;
    for (std::uint64_t k = 0; k < batches.per_epoch(); ++k) {
        const sdk::Batch batch = batches.at(epoch * batches.per_epoch() + k);
        ids.insert(ids.end(), batch.ids.begin(), batch.ids.end());
    }
    return ids;
}

} // namespace test_batches

BOOST_FIXTURE_TEST_SUITE(test_batches, Fixture)

BOOST_AUTO_TEST_CASE(an_epoch_shows_every_example_once_in_an_order_of_its_own) {
    auto batches = make(4);
    BOOST_TEST(batches.per_epoch() == 3U);
    BOOST_TEST(batches.tail_rows() == 3U);
    std::set<std::vector<std::uint64_t>> orders;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        const auto ids = ids_of_epoch(batches, epoch);
        orders.insert(ids);
        BOOST_TEST(std::set<std::uint64_t>(ids.begin(), ids.end()).size() == 11U);
        BOOST_TEST(ids.size() == 11U);
    }
    BOOST_TEST(orders.size() == 3U);
}

BOOST_AUTO_TEST_CASE(inputs_labels_and_ids_belong_together) {
    auto batches = make(4);
    for (std::uint64_t k = 0; k < 3; ++k) {
        const sdk::Batch batch = batches.at(k);
        BOOST_TEST(batch.inputs.rows == (k == 2 ? 3U : 4U));
        for (std::size_t r = 0; r < batch.inputs.rows; ++r) {
            BOOST_TEST(batch.labels[r] == static_cast<std::int32_t>(batch.ids[r]));
            BOOST_TEST(batch.inputs.row(r)[11] == static_cast<float>(batch.ids[r] + 1));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_batch_depends_on_the_step_alone) {
    auto forwards = make(4, {.shift = 2});
    auto straight = make(4, {.shift = 2});
    for (std::uint64_t k = 0; k < 7; ++k)
        (void)forwards.at(k);
    const sdk::Batch expected = forwards.at(7);
    const sdk::Batch found = straight.at(7);
    BOOST_TEST(std::equal(expected.labels.begin(), expected.labels.end(), found.labels.begin()));
    for (std::size_t r = 0; r < 4; ++r)
        BOOST_TEST(
            std::equal(expected.inputs.row(r).begin(), expected.inputs.row(r).end(), found.inputs.row(r).begin()));
}

BOOST_AUTO_TEST_CASE(a_small_split_makes_smaller_batches) {
    auto batches = make(250);
    BOOST_TEST(batches.rows() == 11U);
    BOOST_TEST(batches.tail_rows() == 0U);
    BOOST_TEST(batches.per_epoch() == 1U);
}

// Batches of every size, shared by every number of replicas.
BOOST_AUTO_TEST_CASE(replicas_share_every_batch) {
    for (std::size_t rows = 1; rows <= 11; ++rows) {
        auto whole = make(rows, {.shift = 1, .rotation = 20.0});
        for (std::size_t count = 1; count <= 13; ++count)
            for (std::uint64_t k = whole.per_epoch(); k < 2 * whole.per_epoch(); ++k)
                BOOST_TEST_CONTEXT(rows << " rows, " << count << " replicas, step " << k) {
                    services.replica_count = 1;
                    services.replica = 0;
                    const sdk::Batch all = whole.at(k);
                    std::size_t next = 0;
                    services.replica_count = count;
                    for (services.replica = 0; services.replica < count; ++services.replica) {
                        auto shared = make(rows, {.shift = 1, .rotation = 20.0});
                        const sdk::Batch share = shared.at(k);
                        BOOST_TEST(share.first_row == next);
                        const std::size_t size = share.inputs.rows;
                        BOOST_TEST((size == 0 || size == shared.share_rows() || size == shared.share_tail_rows()));
                        BOOST_TEST(shared.share_tail_rows() < shared.share_rows());
                        BOOST_TEST(share.labels.size() == size);
                        for (std::size_t r = 0; r < size; ++r, ++next)
                            BOOST_TEST(share.inputs.row(r) == all.inputs.row(next), boost::test_tools::per_element());
                    }
                    BOOST_TEST(next == all.inputs.rows);
                }
    }
}

BOOST_AUTO_TEST_CASE(replicas_read_all_rows_in_order) {
    services.replica_count = 3;
    services.replica = 1;
    auto batches = make(4);
    BOOST_TEST(batches.rows() == 4U);
    BOOST_TEST(batches.tail_rows() == 3U);
    BOOST_TEST(batches.in_order(2).ids.size() == 3U);
    BOOST_TEST(batches.in_order(2).first_row == 2 * batches.rows());
}

BOOST_AUTO_TEST_CASE(in_order_is_the_splits_own_order_and_nothing_is_moved) {
    auto batches = make(4, {.shift = 2});
    std::uint64_t next = 0;
    for (std::uint64_t k = 0; k < 3; ++k) {
        const sdk::Batch batch = batches.in_order(k);
        for (std::size_t r = 0; r < batch.inputs.rows; ++r, ++next) {
            BOOST_TEST(batch.ids[r] == next);
            BOOST_TEST(
                std::count(batch.inputs.row(r).begin(), batch.inputs.row(r).end(), static_cast<float>(next + 1)) == 12);
        }
    }
    BOOST_TEST(next == 11U);
}

BOOST_AUTO_TEST_CASE(shifts_are_uniform_independent_and_new_in_every_epoch) {
    auto batches = make(11, {.shift = 1});
    std::vector<int> counts(9);
    for (std::uint64_t epoch = 0; epoch < 900; ++epoch) {
        const sdk::Batch batch = batches.at(epoch);
        BOOST_TEST_REQUIRE(batch.ids.empty());
        for (std::size_t r = 0; r < 11; ++r) {
            const std::span<const float> row = batch.inputs.row(r);
            const int right = row[4] < 0.0F ? 1 : row[7] < 0.0F ? -1 : 0; // the middle row stays within the image
            const int down = row[1] < 0.0F ? 1 : row[9] < 0.0F ? -1 : 0;
            ++counts[static_cast<std::size_t>((down + 1) * 3 + right + 1)];
        }
    }
    // 1100 are expected for each of the nine moves; 6 standard deviations are 188.
    for (const int count : counts)
        BOOST_TEST(std::abs(count - 1100) < 188);
}

BOOST_AUTO_TEST_CASE(resampled_batches_are_the_images_moved_as_the_streams_say) {
    const sdk::Augmentation augmentation{.shift = 1, .rotation = 20.0, .scale = 0.1};
    auto batches = make(4, augmentation);
    auto plain = make(4);
    for (std::uint64_t k = 3; k < 6; ++k) { // the second epoch
        const sdk::Batch batch = batches.at(k);
        BOOST_TEST(batch.ids.empty());
        const sdk::Batch expected = plain.at(k);
        BOOST_TEST(batch.labels == expected.labels, boost::test_tools::per_element());
        for (std::size_t r = 0; r < batch.inputs.rows; ++r) {
            std::vector<float> image(12);
            sdk::move_image(expected.inputs.row(r), image, images.shape,
                            augmentation.draw(sdk::Random{3}.at("shift").at(1).at(expected.ids[r])));
            BOOST_TEST(batch.inputs.row(r) == image, boost::test_tools::per_element());
        }
    }
    BOOST_TEST(batches.in_order(0).inputs.row(1)[0] == 2.0F);
}

BOOST_AUTO_TEST_CASE(how_rows_are_shared_between_threads_changes_no_image) {
    const Images many{40};
    const sdk::Augmentation augmentation{.shift = 1, .rotation = 20.0, .scale = 0.1};
    sdk::EpochBatches one{many, sdk::Split::train, 40, augmentation, sdk::Random{3}, services};
    const sdk::Batch expected = one.at(0);
    test::FakeServices two_parts;
    two_parts.parts = 2;
    sdk::EpochBatches two{many, sdk::Split::train, 40, augmentation, sdk::Random{3}, two_parts};
    const sdk::Batch found = two.at(0);
    for (std::size_t r = 0; r < 40; ++r)
        BOOST_TEST(found.inputs.row(r) == expected.inputs.row(r), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(impossible_stages_are_reported) {
    struct Case {
        const char *name;
        std::size_t size;
        std::size_t channels;
        sdk::Augmentation augmentation;
        std::vector<std::string> pointers;
    };

    const Case cases[] = {{"all is well", 11, 1, {.shift = 2, .rotation = 180.0}, {}},
                          {"no images, nothing moved", 11, 0, {}, {}},
                          {"no images, shifted", 11, 0, {.shift = 1}, {"/augmentation"}},
                          {"no images, turned", 11, 0, {.rotation = 1.0}, {"/augmentation"}},
                          {"no images, scaled", 11, 0, {.scale = 0.1}, {"/augmentation"}},
                          {"beyond the edge", 11, 1, {.shift = 3}, {"/augmentation/shift"}},
                          {"no examples", 0, 1, {.shift = 3}, {"/data", "/augmentation/shift"}}};
    for (const Case &c : cases)
        BOOST_TEST_CONTEXT(c.name) {
            Images data(c.size);
            data.shape.channels = c.channels;
            test::FakeProblems problems;
            sdk::check_batches(data, c.augmentation, problems);
            std::vector<std::string> pointers;
            for (const auto &item : problems.items)
                pointers.push_back(item.first);
            BOOST_TEST(pointers == c.pointers, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_SUITE_END()
