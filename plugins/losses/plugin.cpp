// SPDX-License-Identifier: Apache-2.0
#include "confidence_penalty.hpp"
#include "cross_entropy.hpp"
#include "distillation.hpp"
#include "distribution_cross_entropy.hpp"
#include "feature_mse.hpp"
#include "kl_divergence.hpp"

#include <retort/sdk/plugin.hpp>

RETORT_PLUGIN(registrar) {
    using namespace retort;
    registrar.add<sdk::Loss, losses::ConfidencePenalty>(
        "confidence_penalty",
        "Minus the entropy of what the student predicts, or of its head's distribution (Pereyra et "
        "al. 2017).");
    registrar.add<sdk::Loss, losses::CrossEntropy>("cross_entropy",
                                                   "Cross-entropy of the student's prediction with the label.");
    registrar.add<sdk::Loss, losses::Distillation>(
        "distillation", "Temperature-softened Kullback-Leibler divergence from the teacher's prediction to the "
                        "student's, times the squared temperature (Hinton et al. 2015).");
    registrar.add<sdk::Loss, losses::DistributionCrossEntropy>(
        "distribution_cross_entropy", "Cross-entropy H(q_t, q_s) between the teacher's and the student's distribution, "
                                      "in closed form.");
    registrar.add<sdk::Loss, losses::FeatureMse>(
        "feature_mse", "Mean squared difference between the locations of a pair's heads (Romero et al. 2015).");
    registrar.add<sdk::Loss, losses::KlDivergence>(
        "kl_divergence", "Kullback-Leibler divergence between the distributions of a pair's heads, in closed form.");
}
