// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <plugins/trainers/adversarial_distillation/student_watch.hpp>

namespace retort::trainer_adversarial_distillation {

namespace {

/// e to the entropy of the shares: n where n classes are equally many; 0 where there are no rows.
double number_of(std::span<const double> counts) {
    const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
    if (all == 0.0)
        return 0.0;
    double entropy = 0.0;
    for (const double count : counts)
        entropy -= count > 0.0 ? count / all * std::log(count / all) : 0.0;
    return std::exp(entropy);
}

void add(std::vector<double> &to, const std::vector<double> &values) {
    std::ranges::transform(to, values, to.begin(), std::plus<>());
}

} // namespace

StudentWatch::StudentWatch(std::size_t classes, const AlarmSettings &settings)
    : settings_(settings), predicted_(classes), labelled_(classes) {
    step_.sums = step_.predicted = step_.labelled = predicted_;
}

void StudentWatch::measure(sdk::ConstMatrix logits, std::span<const std::int32_t> labels) {
    for (std::vector<double> *counts : {&step_.sums, &step_.predicted, &step_.labelled})
        std::ranges::fill(*counts, 0.0);
    step_.squares = 0.0;
    step_.rows = static_cast<double>(logits.rows);
    for (std::size_t row = 0; row < logits.rows; ++row) {
        const std::span<const float> x = logits.row(row);
        const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
        for (std::size_t c = 0; c < x.size(); ++c) {
            const double centred = static_cast<double>(x[c]) - mean; // a softmax sees differences only
            step_.sums[c] += centred;
            step_.squares += centred * centred;
        }
        step_.predicted[static_cast<std::size_t>(std::ranges::max_element(x) - x.begin())] += 1.0;
        if (labels[row] >= 0)
            step_.labelled[static_cast<std::size_t>(labels[row])] += 1.0;
    }
}

void StudentWatch::gather(sdk::ReplicaSums &sums) {
    for (std::vector<double> *counts : {&step_.sums, &step_.predicted, &step_.labelled})
        for (double &value : *counts)
            sums.count(value);
    sums.count(step_.squares);
    sums.count(step_.rows);
}

/// The root of the mean variance of a class's logits over the rows.
double StudentWatch::spread_of_step() const {
    double variance = step_.squares / step_.rows;
    for (const double sum : step_.sums)
        variance -= std::pow(sum / step_.rows, 2);
    return std::sqrt(std::max(0.0, variance) / static_cast<double>(step_.sums.size()));
}

void StudentWatch::settle() {
    if (step_.rows > 1.0) {
        spreads_ += spread_of_step();
        ++batches_;
    }
    add(predicted_, step_.predicted);
    add(labelled_, step_.labelled);
}

void StudentWatch::judge(Bell &bell) {
    const double spread = spreads_ / static_cast<double>(std::max<std::uint64_t>(batches_, 1));
    const double predicted = number_of(predicted_);
    const double labelled = number_of(labelled_);
    const bool same = batches_ > 0 && spread < settings_.collapsed_spread;
    const bool few = predicted - 1.0 < settings_.collapsed_classes * (labelled - 1.0);
    bell.judge(collapsed_, same || few, "student", "its logits have collapsed", [&] {
        const std::string of = "they spread by " + short_text(spread);
        return same ? of + ", less than " + short_text(settings_.collapsed_spread) + ","
                    : "it predicts " + short_text(predicted) + " classes where the labels are of " +
                          short_text(labelled) + ", and " + of;
    });
    spreads_ = 0.0;
    batches_ = 0;
    std::ranges::fill(predicted_, 0.0);
    std::ranges::fill(labelled_, 0.0);
}

void StudentWatch::visit_state(sdk::StateVisitor &visitor, const std::string &path) {
    visitor.value(path + ".spreads", spreads_);
    visitor.value(path + ".batches", batches_);
    visitor.array(path + ".predicted", std::span(predicted_));
    visitor.array(path + ".labelled", std::span(labelled_));
    visitor.value(path + ".collapsed", collapsed_);
}

} // namespace retort::trainer_adversarial_distillation
