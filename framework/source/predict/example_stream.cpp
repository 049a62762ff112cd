// SPDX-License-Identifier: Apache-2.0
#include "example_stream.hpp"

#include <retort/sdk/finite.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t elements_per_part = 16384; // fewer than this are not worth waking another thread

/// What an example of the dataset looks like in a file: "784 numbers" or "28 x 28".
std::string expected_text(const sdk::Dataset &dataset) {
    const sdk::ImageShape shape = dataset.image_shape();
    return std::to_string(dataset.width()) + " numbers" +
           (shape.channels == 1 ? ", or " + std::to_string(shape.height) + " x " + std::to_string(shape.width)
                                : std::string());
}

void check_shape(const ExampleFile &file, const sdk::Dataset &dataset) {
    const std::vector<std::uint64_t> &extents = file.extents();
    const sdk::ImageShape shape = dataset.image_shape();
    const bool other_image =
        extents.size() == 3 && shape.channels == 1 && (extents[1] != shape.height || extents[2] != shape.width);
    if (file.width() != dataset.width() || other_image)
        file.fail("has the shape " + extents_text(extents) + "; an example of the model's dataset has " +
                  expected_text(dataset));
}

} // namespace

ExampleStream::ExampleStream(const std::vector<fs::path> &files, const sdk::Dataset &dataset, const Origin &origin,
                             sdk::Services &services)
    : dataset_(dataset), origin_(origin), services_(services) {
    std::error_code ignored;
    for (const fs::path &path : files) {
        auto file = open(path);
        left_ += file->left();
        Source &source = sources_.emplace_back(Source{path, file->type(), file->left(), nullptr});
        if (!fs::is_regular_file(path, ignored)) // others can be opened again: thousands may be too many at once
            source.file = std::move(file);
    }
}

std::unique_ptr<ExampleFile> ExampleStream::open(const fs::path &path) const {
    auto file = std::make_unique<ExampleFile>(path);
    check_shape(*file, dataset_);
    if (file->type() == ElementType::uint8 && !guarded(origin_, [&] { return dataset_.from_bytes({}, {}); }))
        file->fail("has unsigned bytes, of which the model's dataset makes no inputs; allowed: NPY of <f4 (float32)");
    return file;
}

/// What to read from, which has examples left, for there are some in all.
ExampleStream::Source &ExampleStream::current() {
    while (sources_[current_].file ? sources_[current_].file->left() == 0 : sources_[current_].examples == 0)
        sources_[current_++].file.reset();
    Source &source = sources_[current_];
    if (!source.file) {
        source.file = open(source.path);
        if (source.file->left() != source.examples || source.file->type() != source.type)
            source.file->fail("was changed while others were read");
    }
    return source;
}

std::size_t ExampleStream::read(sdk::Matrix inputs) {
    pieces_.clear();
    std::size_t done = 0;
    while (done < inputs.rows && left_ > 0) {
        Source &source = current();
        ExampleFile &file = *source.file;
        const std::size_t rows = std::min<std::uint64_t>(inputs.rows - done, file.left());
        pieces_.push_back({&source, source.examples - file.left(), done, rows});
        if (source.type == ElementType::uint8) {
            bytes_.resize(inputs.rows * inputs.columns);
            file.read(bytes_.data() + done * inputs.columns, rows);
        } else {
            file.read(inputs.row(done).data(), rows);
        }
        done += rows;
        left_ -= rows;
    }
    return done;
}

void ExampleStream::convert(sdk::Matrix inputs) {
    for (const Piece &piece : pieces_)
        convert(piece, inputs);
}

void ExampleStream::convert(const Piece &piece, sdk::Matrix inputs) {
    const std::size_t width = inputs.columns;
    if (piece.source->type == ElementType::float32)
        return check_finite(piece, inputs);
    guarded(origin_, [&] {
        services_.parallel_for(piece.rows, 1 + elements_per_part / width, [&](std::size_t begin, std::size_t end) {
            const std::size_t at = (piece.first + begin) * width;
            const std::size_t count = (end - begin) * width;
            (void)dataset_.from_bytes({bytes_.data() + at, count}, {inputs.data + at, count});
        });
    });
}

void ExampleStream::check_finite(const Piece &piece, sdk::ConstMatrix inputs) {
    const std::span<const float> values(inputs.row(piece.first).data(), piece.rows * inputs.columns);
    if (sdk::all_finite(values, services_))
        return;
    const auto bad = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    const auto at = static_cast<std::size_t>(bad - values.begin());
    fail(piece.first + at / inputs.columns, "number " + std::to_string(at % inputs.columns) + " is " +
                                                (std::isnan(*bad) ? "nan" : "infinite") + "; allowed: finite numbers");
}

void ExampleStream::fail(std::size_t row, const std::string &what) const {
    for (const Piece &piece : pieces_)
        if (row < piece.first + piece.rows)
            throw Error(ErrorCode::data, source_name(piece.source->path),
                        "example " + std::to_string(piece.example + row - piece.first) + ": " + what);
    throw std::logic_error("no such row");
}

} // namespace retort::framework
