// SPDX-License-Identifier: Apache-2.0
#include "gaussian.hpp"

#include "gaussian_pass.hpp"
#include "softplus.hpp"

#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <string>

namespace retort::head_gaussian {

void Gaussian::Settings::fields(sdk::Fields &fields) {
    standardisation.fields(fields);
    projection.fields(fields);
    fields("scale", scale,
           "Teacher's side: standard deviation of q_t, relative to that of each dimension over the training data; of "
           "several members, the least. Student's side: where its trained standard deviation begins, in units of the "
           "space.",
           {1e-4, 1e3});
    fields("least_scale", least_scale,
           "Student's side: floor of the trained standard deviation, in units of the space; below \"scale\".",
           {1e-6, 1e3});
}

Gaussian::Gaussian(const Settings &settings, const sdk::HeadContext &context)
    : teacher_(context.teacher), settings_(settings),
      width_(is_teacher() ? context.tap_width : teacher_->space().width), members_(context.members),
      services_(context.services), standardisation_(settings.standardisation, width_),
      projection_(plugin_support::make_projection(settings.projection, context, arena_)),
      deviation_(width_, static_cast<float>(settings.scale)) {
    if (is_teacher())
        return;
    if (settings.scale <= settings.least_scale)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "a student's standard deviation begins at " + std::to_string(settings.scale) +
                             ", not above its floor, least_scale, " + std::to_string(settings.least_scale) +
                             "; allowed: anything above",
                         "/scale");
    raw_scale_ = arena_.add("raw_scale", {width_}, false);
    arena_.allocate();
}

void Gaussian::fit(std::span<const sdk::ConstMatrix> members) {
    for (const sdk::ConstMatrix &member : members)
        standardisation_.add(member);
}

bool Gaussian::end_fit() {
    const std::vector<double> deviations = standardisation_.finish();
    const std::span<const float> map = affine().scale;
    for (std::size_t c = 0; c < width_; ++c)
        deviation_[c] =
            static_cast<float>(settings_.scale * deviations[c] * (map.empty() ? 1.0 : static_cast<double>(map[c])));
    return false;
}

std::unique_ptr<sdk::HeadPass> Gaussian::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<GaussianPass>(*this, projection_ ? &*projection_ : nullptr, services_, members_, spec);
}

void Gaussian::initialise(sdk::Random random) {
    if (is_teacher())
        return;
    if (projection_)
        projection_->initialise(random.at("projection"));
    std::ranges::fill(arena_.values(raw_scale_),
                      static_cast<float>(inverse_softplus(settings_.scale - settings_.least_scale)));
}

void Gaussian::parameters_changed(sdk::Change) {
    if (is_teacher())
        return;
    const std::span<const float> raw = arena_.values(raw_scale_);
    for (std::size_t c = 0; c < width_; ++c)
        deviation_[c] = static_cast<float>(settings_.least_scale + softplus(static_cast<double>(raw[c])));
}

void Gaussian::write_scale_gradient(std::span<const double> deviation_gradient, sdk::Write write) {
    if (write == sdk::Write::none)
        return;
    const std::span<const float> raw = arena_.values(raw_scale_);
    const std::span<float> gradient = arena_.gradients(raw_scale_);
    for (std::size_t c = 0; c < width_; ++c) {
        const auto here = static_cast<float>(deviation_gradient[c] * softplus_derivative(static_cast<double>(raw[c])));
        gradient[c] = write == sdk::Write::replace ? here : gradient[c] + here;
    }
}

void Gaussian::visit_state(sdk::StateVisitor &visitor) {
    sdk::Head::visit_state(visitor);
    if (!is_teacher())
        return;
    standardisation_.visit_state(visitor);
    visitor.array("deviation", std::span(deviation_));
}

} // namespace retort::head_gaussian

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_gaussian::Gaussian>(
        "gaussian", "A normal distribution with independent dimensions around the tap: the teacher's spread is fitted, "
                    "the student's is trained; a student's tap is projected where widths differ.");
}
