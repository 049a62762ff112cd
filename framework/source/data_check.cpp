// SPDX-License-Identifier: Apache-2.0
#include "data_check.hpp"

#include "sha256.hpp"

#include <retort/sdk/arena.hpp>
#include <retort/sdk/batch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace retort::framework {

namespace {

[[noreturn]] void wrong(sdk::Split split, std::uint64_t example, const std::string &what) {
    throw sdk::Error(sdk::ErrorKind::data, "example " + std::to_string(example) + " of the " +
                                               std::string(name_of(split)) + " split: " + what);
}

std::string digest_of(const sdk::Dataset &unchecked, sdk::Split split) {
    constexpr std::size_t rows_at_once = 1000;
    const CheckedDataset dataset(unchecked);
    const sdk::MatrixBuffer inputs(rows_at_once, dataset.width());
    std::vector<std::int32_t> labels(rows_at_once);
    std::vector<std::uint64_t> ids(rows_at_once);
    Sha256 hash;
    const std::size_t size = dataset.size(split);
    for (std::size_t first = 0; first < size; first += rows_at_once) {
        const std::size_t count = std::min(rows_at_once, size - first);
        std::iota(ids.begin(), ids.end(), first);
        dataset.read(split, std::span(ids).first(count), inputs.view(count), std::span(labels).first(count));
        hash.update(inputs.view().data, count * dataset.width() * sizeof(float));
        hash.update(labels.data(), count * sizeof(labels[0]));
    }
    return hexadecimal(hash.finish());
}

} // namespace

boost::json::object check_data(const Built<sdk::Dataset> &dataset) {
    return guarded(dataset.origin, [&]() -> boost::json::object {
        return {{"train", digest_of(*dataset.component, sdk::Split::train)},
                {"validation", digest_of(*dataset.component, sdk::Split::validation)}};
    });
}

void CheckedDataset::read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
                          std::span<std::int32_t> labels) const {
    dataset_.read(split, rows, inputs, labels);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::span<const float> values = inputs.row(i);
        const auto bad = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
        if (bad != values.end())
            wrong(split, rows[i],
                  "number " + std::to_string(bad - values.begin()) + " of its inputs is " +
                      (std::isnan(*bad) ? "nan" : "infinite") + "; allowed: finite numbers");
        const std::int32_t label = labels.empty() ? sdk::unlabelled : labels[i];
        if (label != sdk::unlabelled && (label < 0 || static_cast<std::size_t>(label) >= classes()))
            wrong(split, rows[i],
                  "its label is " + std::to_string(label) + "; allowed: 0 to " + std::to_string(classes() - 1) +
                      ", or -1 for unlabelled");
    }
}

} // namespace retort::framework
