// SPDX-License-Identifier: Apache-2.0
#include "wasserstein.hpp"

namespace retort::objectives {

void Wasserstein::Settings::fields(sdk::Fields &fields) {
    fields("penalty", penalty,
           "Weight of the gradient penalty E (|d a / d z| - 1)^2, at points between the teacher's and the student's "
           "samples. 0: none, for discriminators that are held to a slope of 1 themselves (spectral_norm_mlp); others "
           "then have no optimum.",
           {0.0, 1e6});
}

Wasserstein::Wasserstein(const Settings &settings, const sdk::ObjectiveContext &)
    : PointwiseObjective({settings.penalty > 0.0 ? Penalty::between : Penalty::none, settings.penalty, 1.0}) {}

} // namespace retort::objectives
