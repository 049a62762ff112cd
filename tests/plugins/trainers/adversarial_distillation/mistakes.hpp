// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../stage.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace retort::test {

/// A stage that is spoilt before it is built, and what is then reported.
struct Mistake {
    const char *name;
    std::function<void(Stage &)> spoil;
    std::vector<std::string> pointers;
    std::string message; ///< part of the first one
};

inline PairSettings &pair_of(Stage &stage) {
    return stage.settings.pairs.items[0].second;
}

inline AdversarySettings &adversary_of(Stage &stage) {
    return stage.settings.adversaries[0];
}

/// Checks that every mistake is reported with its pointer, and that nothing is computed.
inline void check_mistakes(std::span<const Mistake> mistakes) {
    for (const Mistake &mistake : mistakes)
        BOOST_TEST_CONTEXT(mistake.name) {
            Stage stage;
            mistake.spoil(stage);
            stage.build();
            std::vector<std::string> pointers;
            for (const auto &item : stage.surroundings.problems.items)
                pointers.push_back(item.first);
            BOOST_TEST(pointers == mistake.pointers, boost::test_tools::per_element());
            if (!pointers.empty()) {
                const std::string &message = stage.surroundings.problems.items[0].second;
                BOOST_TEST((message.find(mistake.message) != std::string::npos), message);
            }
            BOOST_TEST(stage.teacher.forwards + stage.student.forwards == 0);
            BOOST_TEST(stage.teacher.modes.empty());
        }
}

} // namespace retort::test
