// SPDX-License-Identifier: Apache-2.0
#include "tensors.hpp"
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

BOOST_AUTO_TEST_SUITE(test_not_finite)

using namespace retort::test;
namespace fs = std::filesystem;

namespace {

/// Settings that make numbers run away, and what is said of it.
struct Case {
    const char *setting;
    const char *second;
    const char *message;
    const char *model; ///< whose last good weights are kept
};

constexpr Case cases[] = {
    {R"(/stages/teach/optimizer={"type": "sgd", "learning_rate": 10, "momentum": 0.99})",
     R"(/stages/teach/losses=[{"type": "cross_entropy", "weight": 1e6}])", "'cross_entropy' is nan: ", "teacher"},
    {R"(/stages/distil/adversaries/main/optimizer={"type": "sgd", "learning_rate": 10, "momentum": 0.99})",
     "/stages/distil/epochs=4", "'main.", "student"},
};

} // namespace

BOOST_AUTO_TEST_CASE(training_that_runs_away_ends_with_the_last_good_weights) {
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.setting) {
            const Place place;
            const Outcome outcome = place.run(
                "run", tiny({expected.setting, expected.second, "/stages/teach/epochs=4"}), {"--log-level", "info"});
            BOOST_TEST(outcome.exit_code == 6, outcome.err);
            BOOST_TEST(contains(outcome.err, " at step "), outcome.err);
            BOOST_TEST(contains(outcome.err, expected.message), outcome.err);
            const fs::path weights =
                place.path("run/weights") / (std::string(expected.model) + ".last_good.safetensors");
            BOOST_TEST(contains(outcome.err, "the last good weights are in weights/"), outcome.err);
            BOOST_TEST_REQUIRE(fs::exists(weights));
            for (const auto &[name, tensor] : read_tensors(weights))
                for (const float value : tensor.values)
                    BOOST_TEST(std::isfinite(value), name);
        }
}

BOOST_AUTO_TEST_SUITE_END()
