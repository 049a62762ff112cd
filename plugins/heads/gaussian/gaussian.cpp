// SPDX-License-Identifier: Apache-2.0
#include "gaussian.hpp"

#include <retort/sdk/plugin.hpp>

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

} // namespace retort::head_gaussian

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_gaussian::Gaussian>(
        "gaussian", "A normal distribution with independent dimensions around the tap: the teacher's spread is fitted, "
                    "the student's is trained; a student's tap is projected where widths differ.");
}
