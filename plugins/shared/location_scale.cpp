// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/shared/location_scale.hpp>
#include <plugins/shared/softplus.hpp>
#include <string>
#include <utility>

namespace retort::plugin_support {

namespace {

class Pass final : public DensityPass {
  public:
    Pass(LocationScaleHead &head, std::unique_ptr<Family> family, const DensityPassParts &parts,
         const sdk::PassSpec &spec)
        : DensityPass(std::move(family), parts, spec), head_(head) {}

  private:
    void make_parameters() override {
        locate();
        for (std::size_t r = 0; r < rows(); ++r)
            std::ranges::copy(head_.scale(), parameters(1).row(r).begin());
        if (head_.is_teacher() && members().size() > 1)
            spread_over_members();
        apply(head_.affine(), parameters(0), parameters(0));
    }

    /// The mean of the members, before the map.
    void locate() {
        const auto count = static_cast<float>(members().size());
        for (std::size_t r = 0; r < rows(); ++r) {
            const std::span<float> mean = parameters(0).row(r);
            std::ranges::copy(members()[0].row(r), mean.begin());
            for (std::size_t k = 1; k < members().size(); ++k)
                for (std::size_t c = 0; c < mean.size(); ++c)
                    mean[c] += members()[k].row(r)[c];
            for (float &value : mean)
                value /= count;
        }
    }

    /// Scales above what stands there already; the location is not yet mapped.
    void spread_over_members() {
        const sdk::Affine map = head_.affine();
        for (std::size_t r = 0; r < rows(); ++r)
            for (std::size_t c = 0; c < parameters(0).columns; ++c) {
                float squares = 0.0F;
                for (const sdk::ConstMatrix &member : members()) {
                    const float difference = member.row(r)[c] - parameters(0).row(r)[c];
                    squares += difference * difference;
                }
                const float deviation = slope_of(map, c) * std::sqrt(squares / static_cast<float>(members().size()));
                float &scale = parameters(1).row(r)[c];
                scale = std::max(scale, head_.unit_scale() * deviation);
            }
    }

    /// The location is the map of the members' mean.
    void hand_back(std::span<const sdk::Matrix> member_gradients, sdk::Write write) override {
        const sdk::Affine map = head_.affine();
        const float share = 1.0F / static_cast<float>(member_gradients.size());
        for (std::size_t r = 0; r < rows(); ++r) {
            const std::span<float> gradient = gradients(0).row(r);
            for (std::size_t c = 0; c < gradient.size(); ++c)
                gradient[c] *= share * slope_of(map, c);
            for (const sdk::Matrix &member : member_gradients)
                std::ranges::copy(gradient, member.row(r).begin());
        }
        head_.write_scale_gradient(gradients(1), write);
    }

    LocationScaleHead &head_;
};

} // namespace

LocationScaleHead::LocationScaleHead(sdk::Space::Kind kind, const ScaleSettings &settings,
                                     const ProjectionSettings &projection, double unit_scale,
                                     const sdk::HeadContext &context)
    : DensityHead(kind, projection, context), settings_(settings), unit_scale_(static_cast<float>(unit_scale)),
      scale_(width(), static_cast<float>(settings.scale)), scale_gradient_(width()) {
    if (is_teacher())
        return;
    if (settings.scale <= settings.least_scale)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "a student's scale begins at " + std::to_string(settings.scale) +
                             ", not above its floor, least_scale, " + std::to_string(settings.least_scale) +
                             "; allowed: anything above",
                         "/scale");
    raw_scale_ = arena().add("raw_scale", {width()}, false);
    arena().allocate();
}

std::unique_ptr<sdk::HeadPass> LocationScaleHead::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(*this, make_family(), pass_parts(), spec);
}

void LocationScaleHead::initialise(sdk::Random random) {
    DensityHead::initialise(random);
    if (!is_teacher())
        std::ranges::fill(arena().values(raw_scale_),
                          static_cast<float>(inverse_softplus(settings_.scale - settings_.least_scale)));
}

void LocationScaleHead::parameters_changed(sdk::Change) {
    if (is_teacher())
        return;
    const std::span<const float> raw = arena().values(raw_scale_);
    for (std::size_t c = 0; c < scale_.size(); ++c)
        scale_[c] = static_cast<float>(settings_.least_scale + softplus(static_cast<double>(raw[c])));
}

void LocationScaleHead::write_scale_gradient(sdk::ConstMatrix gradient, sdk::Write write) {
    if (write == sdk::Write::none)
        return;
    std::ranges::fill(scale_gradient_, 0.0);
    for (std::size_t r = 0; r < gradient.rows; ++r)
        for (std::size_t c = 0; c < gradient.columns; ++c)
            scale_gradient_[c] += static_cast<double>(gradient.row(r)[c]);
    const std::span<const float> raw = arena().values(raw_scale_);
    const std::span<float> result = arena().gradients(raw_scale_);
    for (std::size_t c = 0; c < result.size(); ++c) {
        const auto here = static_cast<float>(scale_gradient_[c] * softplus_derivative(static_cast<double>(raw[c])));
        result[c] = write == sdk::Write::replace ? here : result[c] + here;
    }
}

void StandardisedHead::fit(std::span<const sdk::ConstMatrix> members) {
    for (const sdk::ConstMatrix &member : members)
        standardisation_.add(member);
}

bool StandardisedHead::end_fit() {
    const std::vector<double> deviations = standardisation_.finish();
    for (std::size_t c = 0; c < deviations.size(); ++c)
        fitted_scale()[c] =
            static_cast<float>(settings().scale * deviations[c] * static_cast<double>(slope_of(own_map(), c)));
    return false;
}

void StandardisedHead::visit_state(sdk::StateVisitor &visitor) {
    sdk::Head::visit_state(visitor);
    if (!is_teacher())
        return;
    standardisation_.visit_state(visitor);
    visitor.array("spread", fitted_scale());
}

} // namespace retort::plugin_support
