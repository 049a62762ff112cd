// SPDX-License-Identifier: Apache-2.0
#include "idx_writer.hpp"

#include <retort/sdk/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <plugins/datasets/idx/idx.hpp>
#include <set>
#include <string>
#include <support/context.hpp>

namespace test_idx {

using namespace retort;
using dataset_idx::Idx;
using sdk::Split;

/// Twenty training and four test images of 2 x 3; training image i begins with pixel 6 i, so a read tells which it is.
struct Fixture {
    Fixture() {
        write("train-images-idx3-ubyte", test::image_bytes(20));
        write("train-labels-idx1-ubyte", test::label_bytes(20));
        write("t10k-images-idx3-ubyte.gz", test::gzipped(test::image_bytes(4, 200)));
        write("t10k-labels-idx1-ubyte.gz", test::gzipped(test::label_bytes(4)));
    }

    void write(const std::string &name, const std::string &bytes) const {
        test::write_file(folder.path() / name, bytes);
    }

    [[nodiscard]] std::unique_ptr<Idx> make(std::uint64_t validation, std::uint64_t train = 0, std::uint64_t seed = 1) {
        Idx::Settings settings;
        settings.directory = "."; // starts at the manifest's folder
        settings.validation = validation;
        settings.train = train;
        settings.classes = classes;
        return std::make_unique<Idx>(settings, sdk::DatasetContext{surroundings.context(seed), folder.path().string()});
    }

    [[nodiscard]] std::unique_ptr<Idx> loaded(std::uint64_t validation, std::uint64_t train = 0,
                                              std::uint64_t seed = 1) {
        auto dataset = make(validation, train, seed);
        dataset->load();
        return dataset;
    }

    [[nodiscard]] std::unique_ptr<Idx> partly_labelled(std::uint64_t labelled, bool unlabelled = true) {
        Idx::Settings settings;
        settings.directory = ".";
        settings.validation = 5;
        settings.labelled = labelled;
        settings.unlabelled = unlabelled;
        auto dataset =
            std::make_unique<Idx>(settings, sdk::DatasetContext{surroundings.context(1), folder.path().string()});
        dataset->load();
        return dataset;
    }

    test::TemporaryFolder folder;
    test::Surroundings surroundings;
    std::uint64_t classes = 10;
};

/// Which training images a split holds.
std::vector<int> examples(const Idx &dataset, Split split) {
    const std::size_t size = dataset.size(split);
    std::vector<std::uint64_t> rows(size);
    std::iota(rows.begin(), rows.end(), std::uint64_t{0});
    const sdk::MatrixBuffer inputs(size, dataset.width());
    dataset.read(split, rows, inputs.view(), {});
    std::vector<int> result;
    for (std::size_t r = 0; r < size; ++r)
        result.push_back(static_cast<int>(std::lround(inputs.view().row(r)[0] * 255.0F)) / 6);
    return result;
}

std::vector<std::int32_t> labels(const Idx &dataset, Split split) {
    std::vector<std::uint64_t> rows(dataset.size(split));
    std::iota(rows.begin(), rows.end(), std::uint64_t{0});
    const sdk::MatrixBuffer inputs(rows.size(), dataset.width());
    std::vector<std::int32_t> result(rows.size());
    dataset.read(split, rows, inputs.view(), result);
    return result;
}

/// The training images that have a label.
std::vector<int> labelled_examples(const Idx &dataset) {
    std::vector<int> result = examples(dataset, Split::train);
    const std::vector<std::int32_t> known = labels(dataset, Split::train);
    std::size_t i = 0;
    std::erase_if(result, [&](int) { return known[i++] == sdk::unlabelled; });
    return result;
}

struct Mistake {
    std::string name;
    std::function<void(Fixture &)> make; ///< builds, and loads where that is where it shows
    sdk::ErrorKind kind;
    std::string pointer;
    std::string message;
};

const std::vector<Mistake> mistakes{
    {"missing folder",
     [](Fixture &f) {
         Idx::Settings settings;
         settings.directory = "nowhere";
         Idx(settings, sdk::DatasetContext{f.surroundings.context(), f.folder.path().string()});
     },
     sdk::ErrorKind::data, "/directory", "nowhere: there is no such folder"},
    {"missing file",
     [](Fixture &f) {
         std::filesystem::remove(f.folder.path() / "t10k-labels-idx1-ubyte.gz");
         (void)f.make(5);
     },
     sdk::ErrorKind::data, "/test_labels", "t10k-labels-idx1-ubyte: there is no such file"},
    {"more images than labels",
     [](Fixture &f) {
         f.write("train-labels-idx1-ubyte", test::label_bytes(19));
         (void)f.make(5);
     },
     sdk::ErrorKind::data, "/train_labels", "has 19 labels; "},
    {"test images of another size",
     [](Fixture &f) {
         f.write("t10k-images-idx3-ubyte.gz", test::idx_header({4, 3, 2}) + std::string(24, 'x'));
         (void)f.make(5);
     },
     sdk::ErrorKind::data, "/test_images", "has images of 3 x 2; "},
    {"label out of range",
     [](Fixture &f) {
         f.classes = 7;
         (void)f.loaded(5);
     },
     sdk::ErrorKind::data, "/train_labels", "label 7 of example 7; allowed: 0 to 6"},
    {"everything set aside", [](Fixture &f) { (void)f.make(20); }, sdk::ErrorKind::settings, "/validation",
     "20 leaves nothing to train on"},
    {"more training examples than there are", [](Fixture &f) { (void)f.make(5, 16); }, sdk::ErrorKind::settings,
     "/train", "16 is more than there are"},
    {"more labels than examples", [](Fixture &f) { (void)f.partly_labelled(16); }, sdk::ErrorKind::settings,
     "/labelled", "16 is more than there are: 15 examples to train on"},
};

} // namespace test_idx

BOOST_FIXTURE_TEST_SUITE(test_idx, Fixture)

BOOST_AUTO_TEST_CASE(bytes_of_elsewhere_become_the_numbers_that_are_read) {
    const auto dataset = make(0);
    BOOST_TEST(dataset->from_bytes({}, {}));
    const std::string pixels = test::image_bytes(4, 200).substr(16);
    std::vector<float> inputs(pixels.size());
    BOOST_TEST(dataset->from_bytes({reinterpret_cast<const std::uint8_t *>(pixels.data()), pixels.size()}, inputs));
    dataset->load();
    const std::uint64_t rows[] = {0, 1, 2, 3};
    const sdk::MatrixBuffer expected(4, dataset->width());
    dataset->read(Split::test, rows, expected.view(), {});
    BOOST_TEST(inputs == std::vector<float>(expected.view().data, expected.view().data + inputs.size()),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tilde_is_the_home_directory) {
    Fixture fixture;
    const char *const home = std::getenv("HOME");
    const std::string kept = home == nullptr ? "" : home;
    ::setenv("HOME", fixture.folder.path().parent_path().c_str(), 1);
    Idx::Settings settings;
    settings.directory = "~/" + fixture.folder.path().filename().string();
    settings.validation = 5;
    const Idx dataset(settings, {fixture.surroundings.context(), "/nowhere"});
    ::setenv("HOME", kept.c_str(), 1);
    BOOST_TEST(dataset.size(Split::train) == 15U);
}

BOOST_AUTO_TEST_CASE(shape_and_sizes_are_known_before_loading) {
    const auto dataset = make(5);
    BOOST_TEST(dataset->width() == 6U);
    BOOST_TEST(dataset->classes() == 10U);
    BOOST_TEST(dataset->image_shape().channels == 1U);
    BOOST_TEST(dataset->image_shape().height == 2U);
    BOOST_TEST(dataset->image_shape().width == 3U);
    BOOST_TEST(dataset->image_shape().background == 0.0F);
    BOOST_TEST(dataset->size(Split::train) == 15U);
    BOOST_TEST(dataset->size(Split::validation) == 5U);
    BOOST_TEST(dataset->size(Split::test) == 4U);
    BOOST_TEST(make(5, 3)->size(Split::train) == 3U);
}

BOOST_AUTO_TEST_CASE(reads_pixels_over_255_and_labels) {
    const auto dataset = loaded(0);
    const std::vector<std::uint64_t> rows{3, 0, 3};
    sdk::MatrixBuffer wide(3, 8);
    const sdk::Matrix inputs{wide.view().data, 3, 6, 8};
    std::vector<std::int32_t> labels(3);
    dataset->read(Split::test, rows, inputs, labels);
    for (std::size_t r = 0; r < 3; ++r) {
        BOOST_TEST(labels[r] == static_cast<std::int32_t>(rows[r]));
        for (std::size_t c = 0; c < 6; ++c)
            BOOST_TEST(inputs.row(r)[c] == static_cast<float>(200 + rows[r] * 6 + c) / 255.0F,
                       boost::test_tools::tolerance(1e-6F));
        BOOST_TEST(wide.view().row(r)[6] == 0.0F); // beyond the view nothing is written
    }
    dataset->read(Split::train, rows, inputs, labels);
    BOOST_TEST(labels[0] == 3);
}

BOOST_AUTO_TEST_CASE(black_is_zero_and_white_is_one) {
    write("t10k-images-idx3-ubyte.gz", test::idx_header({4, 2, 3}) + std::string(12, '\0') + std::string(12, '\xff'));
    const auto dataset = loaded(5);
    const sdk::MatrixBuffer inputs(4, 6);
    dataset->read(Split::test, std::vector<std::uint64_t>{0, 1, 2, 3}, inputs.view(), {});
    BOOST_TEST(inputs.view().row(0)[0] == 0.0F);
    BOOST_TEST(inputs.view().row(3)[5] == 1.0F);
}

BOOST_AUTO_TEST_CASE(splits_are_disjoint_and_complete) {
    const auto dataset = loaded(5);
    const std::vector<int> train = examples(*dataset, Split::train);
    const std::vector<int> validation = examples(*dataset, Split::validation);
    BOOST_TEST(std::is_sorted(train.begin(), train.end()));
    std::set<int> all(train.begin(), train.end());
    all.insert(validation.begin(), validation.end());
    BOOST_TEST(all.size() == 20U);
}

BOOST_AUTO_TEST_CASE(splits_follow_the_seed) {
    const std::vector<int> first = examples(*loaded(5, 0, 1), Split::validation);
    BOOST_TEST(examples(*loaded(5, 0, 1), Split::validation) == first, boost::test_tools::per_element());
    BOOST_TEST((examples(*loaded(5, 0, 2), Split::validation) != first));
}

BOOST_AUTO_TEST_CASE(fewer_training_examples_are_a_subset_with_the_same_validation) {
    const auto few = loaded(5, 4);
    const auto more = loaded(5, 9);
    const std::vector<int> few_train = examples(*few, Split::train);
    const std::vector<int> more_train = examples(*more, Split::train);
    BOOST_TEST(few_train.size() == 4U);
    BOOST_TEST(std::includes(more_train.begin(), more_train.end(), few_train.begin(), few_train.end()));
    BOOST_TEST(examples(*few, Split::validation) == examples(*more, Split::validation),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(some_training_examples_keep_their_label) {
    const auto all = loaded(5);
    const auto some = partly_labelled(8);
    BOOST_TEST(examples(*some, Split::train) == examples(*all, Split::train), boost::test_tools::per_element());
    BOOST_TEST(labels(*some, Split::validation) == labels(*all, Split::validation), boost::test_tools::per_element());
    BOOST_TEST(labels(*some, Split::test) == labels(*all, Split::test), boost::test_tools::per_element());
    const std::vector<std::int32_t> true_labels = labels(*all, Split::train);
    const std::vector<std::int32_t> known = labels(*some, Split::train);
    for (std::size_t i = 0; i < known.size(); ++i)
        BOOST_TEST((known[i] == sdk::unlabelled || known[i] == true_labels[i]));
    BOOST_TEST(labelled_examples(*some).size() == 8U);
}

// Images i and i + 10 are of one class, and five of the twenty are set aside: of some classes there are two, of some
// one.
BOOST_AUTO_TEST_CASE(labels_are_kept_of_each_class_by_turns) {
    const std::vector<std::int32_t> all = labels(*loaded(5), Split::train);
    const auto present = std::set<std::int32_t>(all.begin(), all.end()).size();
    const auto some = partly_labelled(present);
    std::vector<std::int32_t> known = labels(*some, Split::train);
    std::erase(known, sdk::unlabelled);
    BOOST_TEST(std::set<std::int32_t>(known.begin(), known.end()).size() == present);
}

BOOST_AUTO_TEST_CASE(fewer_labels_are_some_of_the_same) {
    const std::vector<int> few = labelled_examples(*partly_labelled(4));
    const std::vector<int> more = labelled_examples(*partly_labelled(11));
    BOOST_TEST(std::includes(more.begin(), more.end(), few.begin(), few.end()));
}

BOOST_AUTO_TEST_CASE(examples_without_a_label_can_be_left_out) {
    const auto with = partly_labelled(8);
    const auto without = partly_labelled(8, false);
    BOOST_TEST(without->size(Split::train) == 8U);
    BOOST_TEST(examples(*without, Split::train) == labelled_examples(*with), boost::test_tools::per_element());
    BOOST_TEST(labelled_examples(*without) == labelled_examples(*with), boost::test_tools::per_element());
    BOOST_TEST(examples(*without, Split::validation) == examples(*with, Split::validation),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(test_images_are_enough) {
    const auto whole = loaded(5);
    for (const char *file : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"})
        std::filesystem::remove(folder.path() / file);
    Idx::Settings settings;
    settings.directory = ".";
    settings.train_images = "";
    Idx dataset(settings, sdk::DatasetContext{surroundings.context(1), folder.path().string()});
    dataset.load();
    BOOST_TEST(dataset.width() == 6U);
    for (const Split split : {Split::train, Split::validation}) {
        BOOST_TEST(dataset.size(split) == 0U);
        BOOST_TEST(dataset.source_size(split) == 0U);
    }
    BOOST_TEST_REQUIRE(dataset.size(Split::test) == 4U);
    BOOST_TEST(dataset.source_size(Split::test) == 4U);
    const std::vector<std::uint64_t> rows{0, 1, 2, 3};
    const sdk::MatrixBuffer expected(4, 6), found(4, 6);
    std::vector<std::int32_t> expected_labels(4), labels(4);
    whole->read(Split::test, rows, expected.view(), expected_labels);
    dataset.read(Split::test, rows, found.view(), labels);
    BOOST_TEST(labels == expected_labels);
    for (std::size_t row = 0; row < 4; ++row)
        BOOST_TEST(std::ranges::equal(found.view().row(row), expected.view().row(row)));
}

BOOST_AUTO_TEST_CASE(mistakes_say_where_what_and_what_is_allowed) {
    for (const Mistake &mistake : mistakes) {
        BOOST_TEST_CONTEXT(mistake.name) {
            Fixture fixture;
            try {
                mistake.make(fixture);
                BOOST_ERROR("no error");
            } catch (const sdk::Error &error) {
                const std::string message = error.what();
                BOOST_TEST((error.kind() == mistake.kind));
                BOOST_TEST(error.pointer() == mistake.pointer);
                BOOST_TEST(message.find(mistake.message) != std::string::npos, message);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
