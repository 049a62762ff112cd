// SPDX-License-Identifier: Apache-2.0
#include "spirals.hpp"

#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <cmath>

namespace retort::dataset_spirals {

void Spirals::Settings::fields(sdk::Fields &fields) {
    fields("classes", classes, "Number of arms.", {1, 1000});
    fields("turns", turns, "How often an arm goes round the middle: the more, the harder.", {0.0, 100.0});
    fields("noise", noise, "Standard deviation of a point's distance from its arm; an arm is 1 long from the middle.",
           {0.0, 10.0});
    fields("train", train, "Training examples.", {1, 1e7});
    fields("validation", validation, "Validation examples.", {0, 1e7});
    fields("test", test, "Test examples.", {0, 1e7});
}

Spirals::Spirals(const Settings &settings, const sdk::DatasetContext &context)
    : settings_(settings), random_(context.random), sizes_{settings.train, settings.validation, settings.test} {}

void Spirals::load() {
    for (const sdk::Split split : {sdk::Split::train, sdk::Split::validation, sdk::Split::test}) {
        sdk::MatrixBuffer &points = points_[index(split)];
        points = sdk::MatrixBuffer(size(split), width());
        const sdk::Random random = random_.at(sdk::name_of(split));
        for (std::size_t i = 0; i < size(split); ++i)
            place(random.at(i), i % classes(), points.view().row(i));
    }
}

void Spirals::place(sdk::Random random, std::size_t label, std::span<float> point) const {
    const auto radius = static_cast<double>(random.uniform(0));
    const auto share = static_cast<double>(label) / static_cast<double>(classes());
    const double angle = 6.283185307179586 * (settings_.turns * radius + share);
    const auto [x, y] = random.at("noise").normal_pair(0);
    point[0] = static_cast<float>(radius * std::cos(angle) + settings_.noise * static_cast<double>(x));
    point[1] = static_cast<float>(radius * std::sin(angle) + settings_.noise * static_cast<double>(y));
}

void Spirals::read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
                   std::span<std::int32_t> labels) const {
    const sdk::ConstMatrix points = points_[index(split)].view();
    for (std::size_t r = 0; r < rows.size(); ++r) {
        std::ranges::copy(points.row(rows[r]), inputs.row(r).begin());
        if (!labels.empty())
            labels[r] = static_cast<std::int32_t>(rows[r] % classes());
    }
}

} // namespace retort::dataset_spirals

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Dataset, retort::dataset_spirals::Spirals>(
        "spirals",
        "Points on the arms of a spiral in the plane, one arm a class. Needs no files: for trying things out.");
}
