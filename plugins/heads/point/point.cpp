// SPDX-License-Identifier: Apache-2.0
#include "point.hpp"

#include <retort/sdk/plugin.hpp>

#include <plugins/shared/point_pass.hpp>

namespace retort::head_point {

namespace {

/// Projects every member where there is a projection; the rest is that of points.
class Pass final : public plugin_support::PointPass {
  public:
    Pass(const sdk::Head &head, const plugin_support::Projection *projection, std::size_t members,
         const sdk::PassSpec &spec)
        : PointPass(head, members, spec.rows), projection_(projection, members, spec) {}

    void forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) override {
        PointPass::forward(projection_.forward(members), batch);
    }

    void backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> member_gradients,
                  sdk::Write write) override {
        PointPass::backward(gradient, projection_.gradients(member_gradients), write);
        projection_.backward(member_gradients, write);
    }

  private:
    plugin_support::ProjectionPass projection_;
};

} // namespace

void Point::Settings::fields(sdk::Fields &fields) {
    standardisation.fields(fields);
    projection.fields(fields);
}

Point::Point(const Settings &settings, const sdk::HeadContext &context)
    : teacher_(context.teacher), width_(teacher_ == nullptr ? context.tap_width : teacher_->space().width),
      members_(context.members), standardisation_(settings.standardisation, width_),
      projection_(plugin_support::make_projection(settings.projection, context, arena_)) {
    arena_.allocate();
}

void Point::fit(std::span<const sdk::ConstMatrix> members) {
    for (const sdk::ConstMatrix &member : members)
        standardisation_.add(member);
}

bool Point::end_fit() {
    standardisation_.finish();
    return false;
}

std::unique_ptr<sdk::HeadPass> Point::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<Pass>(*this, projection_ ? &*projection_ : nullptr, members_, spec);
}

void Point::initialise(sdk::Random random) {
    if (projection_)
        projection_->initialise(random.at("projection"));
}

void Point::visit_state(sdk::StateVisitor &visitor) {
    sdk::Head::visit_state(visitor);
    if (teacher_ == nullptr)
        standardisation_.visit_state(visitor);
}

} // namespace retort::head_point

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_point::Point>(
        "point", "The tap itself as a distribution without spread, standardised over the teacher's training data; a "
                 "student's is projected where widths differ.");
}
