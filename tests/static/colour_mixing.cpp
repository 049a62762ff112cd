// SPDX-License-Identifier: Apache-2.0
#include "colour.hpp"

int times_mixed = 0;

std::string mixed_colour(const Mixture &mixture) {
    ++times_mixed;
    return mixture.name() + ", " + inline_colour();
}
