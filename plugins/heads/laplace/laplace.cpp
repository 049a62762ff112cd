// SPDX-License-Identifier: Apache-2.0
#include "laplace.hpp"

#include <retort/sdk/plugin.hpp>

namespace retort::head_laplace {

void Laplace::Settings::fields(sdk::Fields &fields) {
    standardisation.fields(fields);
    projection.fields(fields);
    fields("scale", scale,
           "Teacher's side: scale b of q_t, relative to the standard deviation of each dimension over the training "
           "data; of several members, the least. Student's side: where its trained b begins, in units of the space. "
           "The standard deviation is 1.414 b.",
           {1e-4, 1e3});
    fields("least_scale", least_scale,
           "Student's side: floor of the trained b, in units of the space; below \"scale\".", {1e-6, 1e3});
}

} // namespace retort::head_laplace

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_laplace::Laplace>(
        "laplace", "A Laplace distribution with independent dimensions around the tap: the teacher's spread is fitted, "
                   "the student's is trained; a student's tap is projected where widths differ.");
}
