// SPDX-License-Identifier: Apache-2.0

#include <retort/framework/error.hpp>
#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/components/services.hpp>
#include <framework/source/predict/example_stream.hpp>
#include <limits>
#include <support/example_files.hpp>
#include <support/fake_run.hpp>

BOOST_AUTO_TEST_SUITE(test_example_stream)

using namespace retort;
using framework::ExampleStream;

namespace {

/// Images of 1 x 2; a byte stands for its hundredth.
struct Images : test::FakeDataset {
    [[nodiscard]] sdk::ImageShape image_shape() const override { return {1, 1, 2, 0.0F}; }

    [[nodiscard]] bool from_bytes(std::span<const std::uint8_t> bytes, std::span<float> inputs) const override {
        for (std::size_t i = 0; i < bytes.size(); ++i)
            inputs[i] = static_cast<float>(bytes[i]) / 100.0F;
        return true;
    }
};

struct Place {
    explicit Place(const sdk::Dataset &dataset = images) : data(dataset) {}

    std::filesystem::path file(const std::string &name, const std::string &bytes) const {
        test::write_file(folder.path() / name, bytes);
        return folder.path() / name;
    }

    ExampleStream stream(const std::vector<std::filesystem::path> &files) { return {files, data, origin, services}; }

    /// All inputs, `rows` at a time.
    std::vector<float> inputs(const std::vector<std::filesystem::path> &files, std::size_t rows) {
        ExampleStream examples = stream(files);
        const sdk::MatrixBuffer batch(rows, 2);
        std::vector<float> all;
        while (const std::size_t count = examples.read(batch.view())) {
            examples.convert(batch.view());
            all.insert(all.end(), batch.view().data, batch.view().data + 2 * count);
        }
        return all;
    }

    std::string mistake(const std::vector<std::filesystem::path> &files) {
        try {
            (void)inputs(files, 2);
        } catch (const framework::Error &error) {
            BOOST_CHECK(error.code() == framework::ErrorCode::data);
            return error.problems().at(0).where.substr(folder.path().string().size() + 1) + ": " +
                   error.problems().at(0).message;
        }
        return "it was read";
    }

    static const Images images;
    const sdk::Dataset &data;
    test::TemporaryFolder folder;
    framework::RunLog log{{}};
    framework::RunServices services{2, log};
    framework::Origin origin{"fake_data", "/data/toy"};
};

const Images Place::images{};

} // namespace

BOOST_AUTO_TEST_CASE(several_files_of_either_type_are_one_sequence_in_batches_of_any_size) {
    Place place;
    const std::vector<std::filesystem::path> files{
        place.file("a", test::idx_bytes({2, 1, 2}, "\1\2\3\4")),
        place.file("none", test::npy_bytes("<f4", "(0, 2)", "")),
        place.file("b", test::npy_bytes("<f4", "(1, 2)", test::bytes_of({5, -6}))),
        place.file("c", test::npy_bytes("|u1", "(2, 2)", "\7\10\11\12"))};
    const std::vector<float> expected{0.01F, 0.02F, 0.03F, 0.04F, 5, -6, 0.07F, 0.08F, 0.09F, 0.1F};
    for (const std::size_t rows : {1U, 2U, 3U, 5U, 8U})
        BOOST_TEST(place.inputs(files, rows) == expected, boost::test_tools::per_element());
    BOOST_TEST(place.stream(files).left() == 5U);
    BOOST_TEST(place.stream({}).left() == 0U);
    BOOST_TEST(place.inputs({files[1]}, 4).empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_the_dataset_is_said_before_anything_is_read) {
    Place place;
    const auto sound = place.file("sound", test::idx_bytes({1, 1, 2}, "\1\2"));
    const std::string shapes = "; an example of the model's dataset has 2 numbers, or 1 x 2";
    BOOST_TEST(place.mistake({sound, place.file("wide", test::npy_bytes("|u1", "(1, 3)", "123"))}) ==
               "wide: has the shape [1, 3]" + shapes);
    BOOST_TEST(place.mistake({sound, place.file("tall", test::idx_bytes({1, 2, 1}, "12"))}) ==
               "tall: has the shape [1, 2, 1]" + shapes);
    const test::FakeDataset points;
    Place other(points);
    BOOST_TEST(
        other.mistake({other.file("bytes", test::npy_bytes("|u1", "(1, 2)", "12"))}) ==
        "bytes: has unsigned bytes, of which the model's dataset makes no inputs; allowed: NPY of <f4 (float32)");
    BOOST_TEST(other.mistake({other.file("wide", test::npy_bytes("<f4", "(1, 1, 1)", test::bytes_of({1})))}) ==
               "wide: has the shape [1, 1, 1]; an example of the model's dataset has 2 numbers");
    BOOST_TEST(other.mistake({other.file("fits", test::npy_bytes("<f4", "(1, 2, 1)", test::bytes_of({1, 2})))}) ==
               "it was read");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_not_finite_are_refused_with_their_place_in_their_file) {
    Place place;
    const auto sound = place.file("sound", test::idx_bytes({1, 1, 2}, "\1\2"));
    for (const auto &[bad, text] : {std::pair{std::numeric_limits<float>::quiet_NaN(), "nan"},
                                    {-std::numeric_limits<float>::infinity(), "infinite"}})
        BOOST_TEST(
            place.mistake({sound, place.file("bad", test::npy_bytes("<f4", "(4, 2)",
                                                                    test::bytes_of({1, 2, 3, 4, 5, bad, 7, 8})))}) ==
            std::string("bad: example 2: number 1 is ") + text + "; allowed: finite numbers");
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_while_others_are_read_is_no_longer_the_one_that_was_checked) {
    Place place;
    const auto first = place.file("first", test::idx_bytes({2, 1, 2}, "\1\2\3\4"));
    const auto second = place.file("second", test::idx_bytes({1, 1, 2}, "\1\2"));
    ExampleStream examples = place.stream({first, second});
    place.file("second", test::idx_bytes({2, 1, 2}, "\1\2\3\4"));
    const sdk::MatrixBuffer batch(2, 2);
    BOOST_TEST(examples.read(batch.view()) == 2U);
    BOOST_CHECK_EXCEPTION((void)examples.read(batch.view()), framework::Error, [](const framework::Error &error) {
        return error.problems().at(0).message == "was changed while others were read";
    });
}

BOOST_AUTO_TEST_CASE(more_files_than_may_be_open_at_once) {
    Place place;
    const std::vector<std::filesystem::path> files(3000, place.file("a", test::idx_bytes({1, 1, 2}, "\1\2")));
    BOOST_TEST(place.inputs(files, 256).size() == 6000U);
}

BOOST_AUTO_TEST_SUITE_END()
