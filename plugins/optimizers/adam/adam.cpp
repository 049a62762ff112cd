// SPDX-License-Identifier: Apache-2.0
#include "adam.hpp"

#include <retort/sdk/plugin.hpp>

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Optimizer, retort::optimizer_adam::Adam>(
        "adam", "Adam: steps scaled by running moments of the gradient (Kingma and Ba 2015).");
}
