// SPDX-License-Identifier: Apache-2.0
#include "idx.hpp"

#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <plugins/shared/multiversion.hpp>
#include <utility>

namespace retort::dataset_idx {

namespace {

using sdk::Error;
using sdk::ErrorKind;
using sdk::Split;

RETORT_MULTIVERSION void scale(const std::uint8_t *__restrict pixels, float *__restrict out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<float>(pixels[i]) * (1.0F / 255.0F);
}

std::filesystem::path data_directory(const std::string &setting, const sdk::DatasetContext &context) {
    std::filesystem::path directory = std::filesystem::path(context.directory) / setting;
    if (setting.starts_with("~/")) {
        const char *const home = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe): read only
        if (home == nullptr)
            throw Error(ErrorKind::settings, "~ stands for HOME, which is not set", "/directory");
        directory = std::filesystem::path(home) / setting.substr(2);
    }
    std::error_code ignored;
    if (!std::filesystem::is_directory(directory, ignored))
        throw Error(ErrorKind::data, directory.string() + ": there is no such folder", "/directory");
    return directory;
}

} // namespace

void Idx::Settings::fields(sdk::Fields &fields) {
    fields.required(
        "directory", directory,
        "Folder of the four files; a relative path starts at the manifest's own, ~/ at the home directory.");
    fields("train_images", train_images,
           "Training images: IDX, 3 dimensions; plain, or gzip with or without .gz. Empty: there are test images only, "
           "and settings of the others are not looked at.");
    fields("train_labels", train_labels, "Labels of the training images: IDX, 1 dimension.");
    fields("test_images", test_images, "Test images, of the same height and width.");
    fields("test_labels", test_labels, "Labels of the test images.");
    fields("classes", classes, "Number of classes; every label must be below it.", {2, 256});
    fields("validation", validation, "How many training examples are set aside for validation, chosen by the seed.",
           {0, 1e9});
    fields("train", train, "How many of the remaining examples are trained on, chosen by the seed; 0: all of them.",
           {0, 1e9});
    fields("labelled", labelled,
           "How many of the training examples keep their label, as many of each class as of any other, chosen by the "
           "seed; 0: all of them.",
           {0, 1e9});
    fields("unlabelled", unlabelled, "Whether training examples without a label are there, or left out.");
}

Idx::Part::Part(const std::filesystem::path &directory, const std::string &images_name, const std::string &labels_name,
                const std::string &setting)
    : image_file(directory / images_name, 3, setting + "_images"),
      label_file(directory / labels_name, 1, setting + "_labels"), size(image_file.extents()[0]) {
    if (label_file.extents()[0] != size)
        label_file.fail("has " + std::to_string(label_file.extents()[0]) + " labels; " + image_file.path().string() +
                        " has " + std::to_string(size) + " images");
}

void Idx::Part::load(std::size_t classes) {
    images = image_file.read();
    labels = label_file.read();
    const auto wrong = std::find_if(labels.begin(), labels.end(), [&](std::uint8_t label) { return label >= classes; });
    if (wrong != labels.end())
        label_file.fail("label " + std::to_string(*wrong) + " of example " + std::to_string(wrong - labels.begin()) +
                        "; allowed: 0 to " + std::to_string(classes - 1));
}

std::int32_t Idx::Part::label(std::uint64_t example) const {
    return !unlabelled.empty() && unlabelled[example] ? sdk::unlabelled : labels[example];
}

Idx::Idx(const Settings &settings, const sdk::DatasetContext &context)
    : classes_(settings.classes), labelled_(settings.labelled), keep_unlabelled_(settings.unlabelled),
      random_(context.random) {
    const std::filesystem::path directory = data_directory(settings.directory, context);
    if (!settings.train_images.empty())
        train_ = std::make_unique<Part>(directory, settings.train_images, settings.train_labels, "/train");
    test_ = std::make_unique<Part>(directory, settings.test_images, settings.test_labels, "/test");
    height_ = test_->image_file.extents()[1];
    width_ = test_->image_file.extents()[2];
    if (train_) {
        check_shape();
        set_sizes(settings.validation, settings.train);
    } else {
        sizes_[index(Split::test)] = test_->size;
    }
}

void Idx::check_shape() const {
    const std::vector<std::size_t> &shape = train_->image_file.extents();
    if (shape[1] != height_ || shape[2] != width_)
        test_->image_file.fail("has images of " + std::to_string(height_) + " x " + std::to_string(width_) + "; " +
                               train_->image_file.path().string() + " has images of " + std::to_string(shape[1]) +
                               " x " + std::to_string(shape[2]));
}

void Idx::set_sizes(std::uint64_t validation, std::uint64_t train) {
    const std::size_t all = train_->size;
    const std::string has = train_->image_file.path().string() + " has " + std::to_string(all) + " examples";
    if (validation >= all)
        throw Error(ErrorKind::settings, std::to_string(validation) + " leaves nothing to train on: " + has,
                    "/validation");
    const std::size_t left = all - validation;
    if (train > left)
        throw Error(ErrorKind::settings,
                    std::to_string(train) + " is more than there are: " + has + ", and " + std::to_string(validation) +
                        " are set aside for validation",
                    "/train");
    drawn_ = train == 0 ? left : train;
    if (labelled_ > drawn_)
        throw Error(ErrorKind::settings,
                    std::to_string(labelled_) + " is more than there are: " + std::to_string(drawn_) +
                        " examples to train on",
                    "/labelled");
    sizes_ = {labelled_ == 0 || keep_unlabelled_ ? drawn_ : labelled_, validation, test_->size};
}

void Idx::load() {
    test_->load(classes_);
    if (!train_)
        return;
    train_->load(classes_);
    draw_splits();
}

// A run with fewer training examples has the same validation examples, and its training examples are among those of a
// run with more.
void Idx::draw_splits() {
    std::vector<std::uint64_t> order(train_->size);
    std::iota(order.begin(), order.end(), std::uint64_t{0});
    sdk::shuffle(random_.at("split"), std::span(order));
    const auto validation_end = order.begin() + static_cast<std::ptrdiff_t>(size(Split::validation));
    const auto train_end = validation_end + static_cast<std::ptrdiff_t>(drawn_);
    chosen_[index(Split::validation)].assign(order.begin(), validation_end);
    std::vector<std::uint64_t> &train = chosen_[index(Split::train)];
    train.assign(validation_end, train_end);
    if (labelled_ > 0)
        draw_labelled(train);
    for (std::vector<std::uint64_t> &examples : chosen_)
        std::sort(examples.begin(), examples.end());
}

// By turns among the classes, in the order drawn: a run with fewer labels has some of those of a run with more.
void Idx::draw_labelled(std::vector<std::uint64_t> &train) {
    std::vector<std::size_t> seen(classes_);
    std::vector<std::pair<std::size_t, std::uint64_t>> turns;
    for (const std::uint64_t example : train)
        turns.emplace_back(seen[train_->labels[example]]++, example);
    std::stable_sort(turns.begin(), turns.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    for (std::size_t i = 0; i < turns.size(); ++i)
        train[i] = turns[i].second;
    train_->unlabelled.resize(train_->size);
    for (std::size_t i = labelled_; i < train.size(); ++i)
        train_->unlabelled[train[i]] = true;
    train.resize(size(Split::train));
}

void Idx::read(Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
               std::span<std::int32_t> labels) const {
    const Part &part = split == Split::test ? *test_ : *train_;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const std::uint64_t example = source_row(split, rows[r]);
        scale(part.images.data() + example * width(), inputs.row(r).data(), width());
        if (!labels.empty())
            labels[r] = part.label(example);
    }
}

std::size_t Idx::source_size(Split split) const {
    const std::unique_ptr<Part> &part = split == Split::test ? test_ : train_;
    return part ? part->size : 0;
}

std::uint64_t Idx::source_row(Split split, std::uint64_t row) const {
    return split == Split::test ? row : chosen_[index(split)][row];
}

bool Idx::from_bytes(std::span<const std::uint8_t> bytes, std::span<float> inputs) const {
    scale(bytes.data(), inputs.data(), bytes.size());
    return true;
}

} // namespace retort::dataset_idx

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Dataset, retort::dataset_idx::Idx>(
        "idx", "Grey images in IDX files, the format of MNIST, plain or compressed by gzip.");
}
