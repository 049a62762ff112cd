// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "place.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace retort::test {

/// The quick example with its own networks and a few epochs of each stage: some seconds.
inline const Words short_epochs{"/stages/teach/epochs=18", "/stages/labels_alone/epochs=10", "/stages/distil/epochs=12",
                                "/threads=2", "/seed=1"};

/// A place with the run "first" of those settings, made once.
inline const Place &distilled() {
    static const Place place;
    static const Outcome outcome = place.run("first", short_epochs);
    if (outcome.exit_code != 0 || !outcome.err.empty())
        throw std::runtime_error("the run that all look at failed: " + outcome.err);
    return place;
}

/// What result.json reports of a model's weights.
inline const boost::json::value &report_of(const boost::json::value &result, const std::string &model,
                                           const std::string &weights = "last") {
    return find(result.at("reports"), {{"model", model}, {"weights", weights}});
}

/// Checks a whole run's errors of 1,000 test images. With these settings, three seeds gave 75 to 94.
inline void check_accuracy(const boost::json::value &result) {
    for (const char *model : {"teacher", "labels_alone", "student"})
        for (const char *weights : {"last", "selected"})
            BOOST_TEST_CONTEXT(model << ", " << weights) {
                const boost::json::value &report = report_of(result, model, weights);
                const double errors = report.at("errors").to_number<double>();
                BOOST_TEST(errors > 20.0); // with 3,500 images to learn from, fewer would tell of a look at the test
                BOOST_TEST(errors < 115.0);
                BOOST_TEST(report.at("size").to_number<int>() == 1000);
                BOOST_TEST(report.at("accuracy").to_number<double>() == 1.0 - errors / 1000.0);
            }
}

} // namespace retort::test
