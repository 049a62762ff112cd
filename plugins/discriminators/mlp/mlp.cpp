// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <plugins/discriminators/mlp/mlp.hpp>

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Discriminator, retort::discriminator_mlp::Mlp>(
        "mlp", "Fully connected network that judges a sample alone, whatever its input was.");
}
