// SPDX-License-Identifier: Apache-2.0
#include "prediction_writer.hpp"

#include "../files/npy.hpp"
#include "../support/append_number.hpp"

#include <algorithm>
#include <bit>

namespace retort::framework {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers of NPY are written as they lie in memory");

template <class Number> void append_bytes(std::string &bytes, const Number &number) {
    bytes.append(reinterpret_cast<const char *>(&number), sizeof(number));
}

void append_csv(std::string &text, const Predictions &batch, std::size_t row) {
    append_number(text, batch.first + row);
    text += ',';
    append_number(text, batch.labels[row]);
    for (const float probability : batch.probabilities.row(row)) {
        text += ',';
        append_number(text, probability);
    }
    text += ',';
    append_number(text, batch.entropies[row]);
    text += '\n';
}

void append_json(std::string &text, const Predictions &batch, std::size_t row) {
    text += "{\"index\":";
    append_number(text, batch.first + row);
    text += ",\"label\":";
    append_number(text, batch.labels[row]);
    text += ",\"probabilities\":";
    char before = '[';
    for (const float probability : batch.probabilities.row(row)) {
        text += before;
        append_number(text, probability);
        before = ',';
    }
    text += "],\"entropy\":";
    append_number(text, batch.entropies[row]);
    text += "}\n";
}

void append_record(std::string &bytes, const Predictions &batch, std::size_t row) {
    append_bytes(bytes, batch.labels[row]);
    append_bytes(bytes, batch.entropies[row]);
    const std::span<const float> probabilities = batch.probabilities.row(row);
    bytes.append(reinterpret_cast<const char *>(probabilities.data()), probabilities.size_bytes());
}

} // namespace

std::string_view name_of(PredictionFormat format) {
    constexpr std::string_view names[] = {"csv", "jsonl", "npy"};
    return names[static_cast<std::size_t>(format)];
}

PredictionWriter::PredictionWriter(PredictionFormat format, std::size_t classes, sdk::Services &services)
    : format_(format), classes_(classes), services_(services), parts_(services.threads()) {}

std::string PredictionWriter::head(std::uint64_t examples) const {
    if (format_ == PredictionFormat::jsonl)
        return {};
    const std::string classes = std::to_string(classes_);
    if (format_ == PredictionFormat::npy)
        return npy_header("[('label', '<i4'), ('entropy', '<f4'), ('probabilities', '<f4', (" + classes + ",))]",
                          examples);
    std::string names = "index,label";
    for (std::size_t c = 0; c < classes_; ++c)
        names += ",probability_" + std::to_string(c);
    return names + ",entropy\n";
}

void PredictionWriter::write(const Predictions &batch, const Predictor::Sink &sink) {
    const auto append_row = format_ == PredictionFormat::csv     ? append_csv
                            : format_ == PredictionFormat::jsonl ? append_json
                                                                 : append_record;
    const std::size_t rows = batch.labels.size();
    services_.parallel_for(parts_.size(), 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t part = first; part < last; ++part) {
            parts_[part].clear();
            for (std::size_t row = rows * part / parts_.size(); row < rows * (part + 1) / parts_.size(); ++row)
                append_row(parts_[part], batch, row);
        }
    });
    for (const std::string &part : parts_)
        if (!part.empty())
            sink(part);
}

} // namespace retort::framework
