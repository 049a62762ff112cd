// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "place.hpp"

#include <stdexcept>

namespace retort::test {

/// Makes the quick example so small that a run takes a fraction of a second.
inline Words tiny(const Words &more = {}) {
    Words settings{"/data/mnist/train=500",
                   "/models/teacher/hidden=[64,64]",
                   "/models/labels_alone/hidden=[32]",
                   "/models/student/hidden=[32]",
                   "/stages/teach/epochs=1",
                   "/stages/labels_alone/epochs=1",
                   "/stages/distil/epochs=2",
                   "/observers=[]",
                   "/threads=1"};
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

/// A place with the run "tiny" of those settings, made once.
inline const Place &tiny_place() {
    static const Place place;
    static const Outcome outcome = place.run("tiny", tiny());
    if (outcome.exit_code != 0)
        throw std::runtime_error("the run that others are compared with failed: " + outcome.err);
    return place;
}

} // namespace retort::test
