// SPDX-License-Identifier: Apache-2.0
#include "data_check.hpp"

#include "../files/sha256.hpp"

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

std::string digest_of(const sdk::Dataset &dataset, sdk::Split split) {
    constexpr std::size_t rows_at_once = 1000;
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
        const CheckedDataset checked(dataset);
        return {{"train", digest_of(checked, sdk::Split::train)},
                {"validation", digest_of(checked, sdk::Split::validation)}};
    });
}

void CheckedDataset::read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
                          std::span<std::int32_t> labels) const {
    guarded(origin_, [&] {
        dataset_.read(split, rows, inputs, labels);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            check(split, rows[i], inputs.row(i));
            if (!labels.empty())
                check(split, rows[i], labels[i]);
        }
    });
}

void CheckedDataset::check(sdk::Split split, std::uint64_t example, std::span<const float> inputs) const {
    const auto bad = std::find_if(inputs.begin(), inputs.end(), [](float value) { return !std::isfinite(value); });
    if (bad != inputs.end())
        wrong(split, example,
              "number " + std::to_string(bad - inputs.begin()) + " of its inputs is " +
                  (std::isnan(*bad) ? "nan" : "infinite") + "; allowed: finite numbers");
}

void CheckedDataset::check(sdk::Split split, std::uint64_t example, std::int32_t label) const {
    if (label != sdk::unlabelled && (label < 0 || static_cast<std::size_t>(label) >= classes()))
        wrong(split, example,
              "its label is " + std::to_string(label) + "; allowed: 0 to " + std::to_string(classes() - 1) +
                  ", or -1 for unlabelled");
}

} // namespace retort::framework
