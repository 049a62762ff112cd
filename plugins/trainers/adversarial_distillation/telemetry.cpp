// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <plugins/trainers/adversarial_distillation/telemetry.hpp>

namespace retort::trainer_adversarial_distillation {

namespace {

/// In eight sums, of which compilers make vectors.
double dot(std::span<const float> a, std::span<const float> b) {
    std::array<double, 8> sums{};
    std::size_t i = 0;
    for (; i + sums.size() <= a.size(); i += sums.size())
        for (std::size_t lane = 0; lane < sums.size(); ++lane)
            sums[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
    for (; i < a.size(); ++i)
        sums[0] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/// The whole batch's gradient of one term, in the student's gradients; `gradient`: none where there are no rows.
void run_backward(Forward &forward, const sdk::Parameters &student, std::span<const sdk::TapGradient> gradient,
                  sdk::Services &services) {
    if (gradient.empty())
        std::ranges::fill(student.gradients, 0.0F);
    else
        forward.backward(gradient);
    services.sum_over_replicas(student.gradients);
}

} // namespace

void Telemetry::add_loss(std::string_view name) {
    norm_names_.push_back(std::string(name) + ".student_gradient_norm");
    norms_.push_back(0.0);
}

void Telemetry::add_adversary(std::string_view name) {
    norm_names_.push_back(std::string(name) + ".student_gradient_norm");
    cosine_names_.push_back(std::string(name) + ".gradient_cosine");
    norms_.push_back(0.0);
    cosines_.push_back(0.0);
}

void Telemetry::prepare(std::size_t parameters) {
    if (every_ > 0)
        reference_.assign(parameters, 0.0F);
}

void Telemetry::measure(Forward &forward, const sdk::Parameters &student, std::span<const LossTerm> losses,
                        std::span<const sdk::TapGradient> gradients, sdk::Progress progress, sdk::Services &services) {
    const auto is_of_labels = [&](const LossTerm &loss) { return loss.is_on_labels() && loss.weight(progress) > 0.0; };
    const bool of_all = std::none_of(losses.begin(), losses.end(), is_of_labels);
    std::ranges::fill(reference_, 0.0F);
    for (std::size_t term = 0; term < norms_.size(); ++term) {
        if (term == losses.size())
            reference_norm_ = std::sqrt(dot(reference_, reference_));
        run_backward(forward, student, gradients.empty() ? gradients : gradients.subspan(term, 1), services);
        const std::span<const float> found = student.gradients;
        norms_[term] = std::sqrt(dot(found, found));
        if (term < losses.size() && (of_all || is_of_labels(losses[term])))
            std::ranges::transform(reference_, found, reference_.begin(), std::plus<>());
        if (term >= losses.size())
            set_cosine(term - losses.size(), found);
    }
}

void Telemetry::set_cosine(std::size_t adversary, std::span<const float> gradient) {
    const double scale = adversary_norm(adversary) * reference_norm_;
    if (scale > 0.0)
        cosines_[adversary] = dot(gradient, reference_) / scale;
}

void Telemetry::report(sdk::Metrics &metrics) const {
    if (every_ == 0)
        return;
    for (std::size_t term = 0; term < norms_.size(); ++term)
        metrics.add(norm_names_[term], norms_[term]);
    for (std::size_t i = 0; i < cosines_.size(); ++i)
        metrics.add(cosine_names_[i], cosines_[i]);
}

void Telemetry::visit_state(sdk::StateVisitor &visitor) {
    if (every_ == 0)
        return;
    visitor.array("telemetry.norms", std::span(norms_));
    visitor.array("telemetry.cosines", std::span(cosines_));
    visitor.value("telemetry.reference", reference_norm_);
}

} // namespace retort::trainer_adversarial_distillation
