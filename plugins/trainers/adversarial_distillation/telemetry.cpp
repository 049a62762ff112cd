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

void Telemetry::add_loss(std::string_view name, bool on_labels) {
    if (on_labels)
        on_labels_.push_back(norms_.size());
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

bool Telemetry::in_reference(std::size_t term) const {
    const bool is_loss = term < losses();
    return is_loss && (on_labels_.empty() || std::ranges::find(on_labels_, term) != on_labels_.end());
}

void Telemetry::measure(Forward &forward, const sdk::Parameters &student, std::span<const sdk::TapGradient> gradients,
                        sdk::Services &services) {
    std::ranges::fill(reference_, 0.0F);
    for (std::size_t term = 0; term < norms_.size(); ++term) {
        if (term == losses())
            reference_norm_ = std::sqrt(dot(reference_, reference_));
        run_backward(forward, student, gradients.empty() ? gradients : gradients.subspan(term, 1), services);
        const std::span<const float> found = student.gradients;
        norms_[term] = std::sqrt(dot(found, found));
        if (in_reference(term))
            std::ranges::transform(reference_, found, reference_.begin(), std::plus<>());
        if (term < losses())
            continue;
        const double scale = norms_[term] * reference_norm_;
        cosines_[term - losses()] = scale > 0.0 ? dot(found, reference_) / scale : 0.0;
    }
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
