// SPDX-License-Identifier: Apache-2.0
#include "point_pass.hpp"

#include "standardisation.hpp"

#include <algorithm>
#include <cstddef>

namespace retort::plugin_support {

namespace {

/// to += from * factor.
void add(sdk::ConstMatrix from, float factor, sdk::Matrix to) {
    for (std::size_t r = 0; r < to.rows; ++r)
        for (std::size_t c = 0; c < to.columns; ++c)
            to.row(r)[c] += factor * from.row(r)[c];
}

void multiply(std::span<const float> factors, sdk::Matrix matrix) {
    for (std::size_t r = 0; r < matrix.rows; ++r)
        for (std::size_t c = 0; c < factors.size(); ++c)
            matrix.row(r)[c] *= factors[c];
}

void clear(sdk::Matrix matrix) {
    for (std::size_t r = 0; r < matrix.rows; ++r)
        std::ranges::fill(matrix.row(r), 0.0F);
}

} // namespace

PointPass::PointPass(const sdk::Head &head, std::size_t members, std::size_t rows)
    : head_(head), members_(members), location_(rows, head.space().width) {}

void PointPass::forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) {
    std::copy(members.begin(), members.end(), members_.begin());
    rows_ = members[0].rows;
    first_row_ = batch.first_row;
    const sdk::Matrix location = location_.view(rows_);
    apply({}, members[0], location);
    for (std::size_t k = 1; k < members.size(); ++k) // a running mean
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t c = 0; c < location.columns; ++c)
                location.row(r)[c] += (members[k].row(r)[c] - location.row(r)[c]) / static_cast<float>(k + 1);
    apply(head_.affine(), location, location);
}

sdk::Distribution PointPass::distribution() const {
    return {"point", {location_.view(rows_), {}}};
}

void PointPass::sample(sdk::Matrix z, sdk::Random random, sdk::Progress) {
    for (std::size_t draw = 0; draw * rows_ < z.rows; ++draw) {
        const sdk::Matrix samples = z.slice(draw * rows_, rows_);
        if (members_.size() > 1)
            choose(random.at(draw), draw, samples);
        apply(head_.affine(), members_.size() > 1 ? samples : members_[0], samples);
    }
}

/// Copies a member's row into each of `samples`, before the map.
void PointPass::choose(sdk::Random random, std::size_t draw, sdk::Matrix samples) {
    chosen_.resize(std::max(chosen_.size(), (draw + 1) * rows_));
    for (std::size_t row = 0; row < rows_; ++row) {
        const std::size_t member = random.at(first_row_ + row).below(0, members_.size());
        chosen_[draw * rows_ + row] = member;
        std::ranges::copy(members_[member].row(row), samples.row(row).begin());
    }
}

void PointPass::log_density(sdk::ConstMatrix, std::span<float>) {
    throw sdk::Error(sdk::ErrorKind::settings,
                     "a point head has no density; where one is needed, use a head whose distributions have one");
}

void PointPass::backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> member_gradients, sdk::Write) {
    const std::size_t count = member_gradients.size();
    for (std::size_t k = 0; k < count; ++k) {
        const sdk::Matrix result = member_gradients[k];
        clear(result);
        for (std::size_t i = 0; i < gradient.sample.rows; ++i)
            if (count == 1 || chosen_[i] == k)
                add(gradient.sample.slice(i, 1), 1.0F, result.slice(i % rows_, 1));
        if (!gradient.parameters[0].empty())
            add(gradient.parameters[0], 1.0F / static_cast<float>(count), result);
        multiply(head_.affine().scale, result);
    }
}

} // namespace retort::plugin_support
