// SPDX-License-Identifier: Apache-2.0
#include "cross_entropy.hpp"
#include "distillation.hpp"

#include <retort/sdk/plugin.hpp>

RETORT_PLUGIN(registrar) {
    using namespace retort;
    registrar.add<sdk::Loss, losses::CrossEntropy>("cross_entropy",
                                                   "Cross-entropy of the student's prediction with the label.");
    registrar.add<sdk::Loss, losses::Distillation>(
        "distillation", "Temperature-softened Kullback-Leibler divergence from the teacher's prediction to the "
                        "student's, times the squared temperature (Hinton et al. 2015).");
}
