// SPDX-License-Identifier: Apache-2.0
#include "point.hpp"

#include <retort/sdk/plugin.hpp>

#include <plugins/shared/point_pass.hpp>
#include <string>

namespace retort::head_point {

namespace {

void check_space(const sdk::HeadContext &context) {
    const sdk::Space space = context.teacher->space();
    if (space.kind != sdk::Space::Kind::real)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "the teacher's head samples from a simplex; a point head only copies real numbers");
    if (space.width != context.tap_width)
        throw sdk::Error(sdk::ErrorKind::settings,
                         "the student's tap is " + std::to_string(context.tap_width) +
                             " wide, the teacher's head gives " + std::to_string(space.width) +
                             " dimensions; a point head copies and cannot project: choose taps of one width");
}

} // namespace

Point::Point(const Settings &settings, const sdk::HeadContext &context)
    : width_(context.tap_width), members_(context.members), teacher_(context.teacher),
      standardisation_(settings, context.tap_width) {
    if (teacher_ != nullptr)
        check_space(context);
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
    return std::make_unique<plugin_support::PointPass>(*this, members_, spec.rows);
}

void Point::visit_state(sdk::StateVisitor &visitor) {
    if (teacher_ == nullptr)
        standardisation_.visit_state(visitor);
}

} // namespace retort::head_point

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_point::Point>(
        "point", "The tap itself as a distribution without spread, standardised over the teacher's training data.");
}
