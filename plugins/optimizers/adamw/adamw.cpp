// SPDX-License-Identifier: Apache-2.0
#include "adamw.hpp"

#include <retort/sdk/plugin.hpp>

namespace retort::optimizer_adamw {

void AdamW::Settings::fields(sdk::Fields &fields) {
    MomentSettings::fields(fields);
    fields("weight_decay", weight_decay,
           "Weights shrink by this times the learning rate at every step, apart from the moments; biases do not.",
           {0.0, 10.0});
}

} // namespace retort::optimizer_adamw

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Optimizer, retort::optimizer_adamw::AdamW>(
        "adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019).");
}
