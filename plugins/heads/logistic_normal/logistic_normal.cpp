// SPDX-License-Identifier: Apache-2.0
#include "logistic_normal.hpp"

#include <retort/sdk/plugin.hpp>

namespace retort::head_logistic_normal {

void LogisticNormal::Settings::fields(sdk::Fields &fields) {
    temperature.fields(fields);
    projection.fields(fields);
    fields("scale", scale,
           "Standard deviation of y, whose softmax a sample is. Teacher's side: that of q_t; of several members, the "
           "least. Student's side: where its trained one begins.",
           {1e-3, 100.0});
    fields("least_scale", least_scale, "Student's side: floor of the trained standard deviation; below \"scale\".",
           {1e-4, 100.0});
}

} // namespace retort::head_logistic_normal

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Head, retort::head_logistic_normal::LogisticNormal>(
        "logistic_normal",
        "The softmax of a normal distribution around the tap: the teacher's spread is set, or that of "
        "its members, the student's is trained; a student's tap is projected where widths differ.");
}
