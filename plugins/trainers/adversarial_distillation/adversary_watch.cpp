// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <plugins/trainers/adversarial_distillation/adversary_watch.hpp>
#include <span>

namespace retort::trainer_adversarial_distillation {

void Difference::add(sdk::ConstMatrix samples, sdk::Services &services) {
    const std::size_t rows = samples.rows / 2;
    std::ranges::fill(step_, 0.0);
    for (std::size_t row = 0; row < 2 * rows; ++row) {
        const std::span<double> side = std::span(step_).subspan(row < rows ? 0 : sums_.size() / 2, sums_.size() / 2);
        for (std::size_t c = 0; c < samples.columns; ++c) {
            const auto value = static_cast<double>(samples.row(row)[c]);
            side[2 * c] += value;
            side[2 * c + 1] += value * value;
        }
    }
    step_.back() = static_cast<double>(rows);
    services.sum_over_replicas(std::span<double>(step_));
    for (std::size_t i = 0; i < sums_.size(); ++i)
        sums_[i] += step_[i];
    count_ += step_.back();
}

double Difference::value() const {
    if (count_ == 0.0)
        return 0.0;
    const std::size_t side = sums_.size() / 2;
    const auto mean = [&](std::size_t i) { return sums_[i] / count_; };
    const auto variance = [&](std::size_t i) { return std::max(0.0, mean(i + 1) - mean(i) * mean(i)); };
    double sum = 0.0;
    for (std::size_t i = 0; i < side; i += 2) {
        const double means = std::pow(mean(i) - mean(side + i), 2);
        const double spreads = variance(i) + variance(side + i);
        const double deviations = std::pow(std::sqrt(variance(i)) - std::sqrt(variance(side + i)), 2);
        if (means + spreads > 0.0)
            sum += (means + deviations) / (means + spreads);
    }
    return std::sqrt(2.0 * sum / static_cast<double>(side));
}

void Difference::clear() {
    count_ = 0.0;
    std::ranges::fill(sums_, 0.0);
}

void Difference::visit_state(sdk::StateVisitor &visitor, const std::string &path) {
    visitor.value(path + ".count", count_);
    visitor.array(path + ".sums", std::span(sums_));
}

AdversaryWatch::AdversaryWatch(const std::string &name, std::size_t width, const AlarmSettings &settings)
    : settings_(settings), whose_("adversary " + name), difference_(width) {}

/// Samples are compared only in steps in which there is nothing in the scores: that is cheap, and such steps are rare.
void AdversaryWatch::add(const Play &play, sdk::ConstMatrix samples, sdk::Services &services) {
    ++steps_;
    sums_.accuracy += play.accuracy;
    sums_.excess += play.excess;
    sums_.spread += play.spread;
    if (play.spread < settings_.blind_spread)
        difference_.add(samples, services);
}

/// What lambda and balancing make of the gradient is no matter, and what is weighted by 0 says nothing; nor does a
/// batch in which there are no losses, as where no example has a label.
void AdversaryWatch::add_norms(double adversary, double factor, double losses) {
    if (factor == 0.0 || losses == 0.0)
        return;
    adversary_norms_ += adversary / factor;
    loss_norms_ += losses;
}

void AdversaryWatch::judge(Bell &bell) {
    if (steps_ == settings_.window) {
        judge_won(bell);
        judge_blind(bell);
        if (loss_norms_ > 0.0)
            judge_vanished(bell);
    }
    clear();
}

void AdversaryWatch::restart() {
    clear();
    won_ = blind_ = vanished_ = 0;
}

void AdversaryWatch::clear() {
    steps_ = 0;
    sums_ = {};
    adversary_norms_ = loss_norms_ = 0.0;
    difference_.clear();
}

void AdversaryWatch::judge_won(Bell &bell) {
    const double accuracy = mean(sums_.accuracy);
    const double excess = mean(sums_.excess);
    const bool wrong = accuracy > settings_.won_accuracy && std::abs(excess) < settings_.won_loss;
    bell.judge(won_, wrong, whose_, "its discriminator has won", [&] {
        return "accuracy " + short_text(accuracy) + ", more than " + short_text(settings_.won_accuracy) +
               ", and loss within " + short_text(settings_.won_loss) + " of the least, by " + short_text(excess) + ",";
    });
}

void AdversaryWatch::judge_blind(Bell &bell) {
    const double accuracy = mean(sums_.accuracy);
    const double spread = mean(sums_.spread);
    const double difference = difference_.value();
    const bool wrong = std::abs(accuracy - 0.5) <= settings_.blind_accuracy && spread < settings_.blind_spread &&
                       difference > settings_.blind_difference;
    bell.judge(blind_, wrong, whose_, "its discriminator is blind", [&] {
        return "accuracy " + short_text(accuracy) + ", and scores spread by " + short_text(spread) + ", less than " +
               short_text(settings_.blind_spread) + ", though the samples differ by " + short_text(difference) +
               ", more than " + short_text(settings_.blind_difference) + ",";
    });
}

void AdversaryWatch::judge_vanished(Bell &bell) {
    const double ratio = adversary_norms_ / loss_norms_;
    bell.judge(vanished_, ratio < settings_.vanished_ratio, whose_, "its gradient has vanished", [&] {
        return "for lambda = 1 it is " + short_text(ratio) + " times that of the losses, less than " +
               short_text(settings_.vanished_ratio) + ",";
    });
}

void AdversaryWatch::visit_state(sdk::StateVisitor &visitor, const std::string &path) {
    double *const sums[] = {&sums_.accuracy, &sums_.excess, &sums_.spread, &adversary_norms_, &loss_norms_};
    const char *const sum_names[] = {".accuracy", ".excess", ".spread", ".adversary_norms", ".loss_norms"};
    for (std::size_t i = 0; i < std::size(sums); ++i)
        visitor.value(path + sum_names[i], *sums[i]);
    difference_.visit_state(visitor, path + ".difference");
    std::uint64_t *const counts[] = {&steps_, &won_, &blind_, &vanished_};
    const char *const count_names[] = {".steps", ".won", ".blind", ".vanished"};
    for (std::size_t i = 0; i < std::size(counts); ++i)
        visitor.value(path + count_names[i], *counts[i]);
}

} // namespace retort::trainer_adversarial_distillation
