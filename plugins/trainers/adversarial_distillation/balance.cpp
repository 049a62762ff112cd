// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <plugins/trainers/adversarial_distillation/balance.hpp>
#include <utility>

namespace retort::trainer_adversarial_distillation {

namespace {

constexpr double decay = 0.99;
constexpr double largest_factor = 1000.0; // an adversary that has nothing to say is not blown up to noise

} // namespace

double norm_at(std::span<const sdk::TapGradient> gradients, std::size_t tap) {
    const auto is_here = [tap](const sdk::TapGradient &entry) { return entry.tap == tap; };
    const auto first = std::find_if(gradients.begin(), gradients.end(), is_here);
    if (first == gradients.end())
        return 0.0;
    double squares = 0.0;
    for (std::size_t row = 0; row < first->gradient.rows; ++row)
        for (std::size_t c = 0; c < first->gradient.columns; ++c) {
            double sum = 0.0;
            for (auto entry = first; entry != gradients.end(); ++entry)
                sum += is_here(*entry) ? static_cast<double>(entry->gradient.row(row)[c]) : 0.0;
            squares += sum * sum;
        }
    return std::sqrt(squares);
}

void Balance::exchange(Balance &other, bool means) noexcept {
    std::swap(ratio_, other.ratio_);
    if (!means)
        return;
    std::swap(losses_, other.losses_);
    std::swap(adversary_, other.adversary_);
}

double Balance::factor() const {
    const bool known = losses_ > 0.0 && adversary_ > 0.0;
    return ratio_ > 0.0 && known ? std::min(ratio_ * losses_ / adversary_, largest_factor) : 1.0;
}

void Balance::measure(std::span<const sdk::TapGradient> losses, std::size_t tap) {
    if (ratio_ > 0.0)
        measured_ = norm_at(losses, tap);
}

void Balance::update(double adversary_norm, double strength) {
    if (ratio_ == 0.0 || strength == 0.0)
        return;
    losses_ = decay * losses_ + (1.0 - decay) * measured_;
    adversary_ = decay * adversary_ + (1.0 - decay) * adversary_norm / strength;
}

void Balance::visit_state(sdk::StateVisitor &visitor, const std::string &path) {
    visitor.value(path + ".losses", losses_);
    visitor.value(path + ".adversary", adversary_);
}

} // namespace retort::trainer_adversarial_distillation
