// SPDX-License-Identifier: Apache-2.0
#include "dirichlet.hpp"

#include "dirichlet_pass.hpp"

#include <retort/sdk/plugin.hpp>

namespace retort::head_dirichlet {

void Dirichlet::Settings::fields(sdk::Fields &fields) {
    temperature.fields(fields);
    projection.fields(fields);
    fields("precision", precision,
           "Teacher's side: sum of q_t's concentrations, but for \"least\": the higher, the nearer are samples to the "
           "teacher's probabilities; of several members, the most. A student's precision follows from its tap.",
           {1.0, 1e6});
    fields(
        "least", least,
        "What is added to every concentration: it keeps samples off the edges of the simplex, where numbers are lost.",
        {1e-3, 10.0});
}

Dirichlet::Dirichlet(const Settings &settings, const sdk::HeadContext &context)
    : DensityHead(sdk::Space::Kind::simplex, settings.projection, context), temperature_(settings.temperature, width()),
      precision_(settings.precision), least_(settings.least) {
    arena().allocate();
}

std::unique_ptr<sdk::HeadPass> Dirichlet::make_pass(const sdk::PassSpec &spec) {
    return std::make_unique<DirichletPass>(*this, pass_parts(), spec);
}

} // namespace retort::head_dirichlet

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_dirichlet::Dirichlet>(
        "dirichlet",
        "A Dirichlet distribution around the softmax of the tap: the teacher's precision is set, or follows "
        "from its members, the student's is the sum of its exponentials; a student's tap is projected "
        "where widths differ.");
}
