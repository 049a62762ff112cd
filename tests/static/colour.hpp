// SPDX-License-Identifier: Apache-2.0
// Every plugin that is made of these files defines the same names, with other contents.
#pragma once

#include <string>

/// A class of the global namespace.
struct Mixture {
    std::string text = COLOUR;

    virtual ~Mixture() = default;
    [[nodiscard]] virtual std::string name() const { return text + " mixture"; }
};

/// A function that every file of the plugin brings along.
inline std::string inline_colour() {
    static const std::string kept = std::string("inline ") + COLOUR;
    return kept;
}

/// A function of another file of the plugin.
std::string mixed_colour(const Mixture &mixture);

extern int times_mixed;
