// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <framework/source/run/selection.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_selection)

using namespace retort;

BOOST_AUTO_TEST_CASE(accuracy_decides_then_likelihood_then_who_was_first) {
    struct Epoch {
        double accuracy, nll;
    };
    struct Case {
        const char *what;
        std::vector<Epoch> epochs;
        std::uint64_t best;
    };
    const Case cases[] = {
        {"nothing was offered", {}, 0},
        {"one, however bad", {{0.0, 9.0}}, 1},
        {"higher accuracy, worse likelihood", {{0.5, 0.1}, {0.6, 0.9}, {0.4, 0.0}}, 2},
        {"lower likelihood among equals", {{0.5, 0.3}, {0.5, 0.2}, {0.5, 0.4}}, 2},
        {"the first among equals", {{0.5, 0.3}, {0.5, 0.3}}, 1},
        {"the last", {{0.1, 0.3}, {0.2, 0.3}, {0.3, 0.3}}, 3},
    };
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.what) {
            framework::Selection selection(2);
            std::vector<float> values(2);
            std::uint64_t epoch = 0;
            for (const auto &[accuracy, nll] : expected.epochs) {
                values.assign(2, static_cast<float>(++epoch));
                selection.offer(epoch, accuracy, nll, values);
            }
            values.assign(2, -1.0F); // what was kept is a copy
            BOOST_TEST(selection.epoch() == expected.best);
            const std::vector<float> kept(expected.best == 0 ? 0 : 2, static_cast<float>(expected.best));
            BOOST_TEST(selection.values() == kept, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_SUITE_END()
