// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reading.hpp"

#include <retort/sdk/sdk.hpp>

#include <string>

namespace retort::framework {

/// What a manifest says of one plugin.
struct PinSettings {
    std::string sha256;

    void fields(sdk::Fields &field);
};

/// The pins that are no digests, as mistakes.
void check_pins(const sdk::Map<PinSettings> &pins, Reading &reading);

/// Pins that the registry's plugins do not meet, as mistakes of plugins.
void check_pinned(const sdk::Map<PinSettings> &pins, Reading &reading);

} // namespace retort::framework
