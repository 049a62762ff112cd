// SPDX-License-Identifier: Apache-2.0
// The conformance kit as an author calls it, on the example's plugin.
#include <retort/sdk/conformance.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_conformance)

extern "C" const retort::sdk::Plugin retort_plugin_linear;

using retort::sdk::conformance::Outcome;

BOOST_AUTO_TEST_CASE(it_keeps_the_contract) {
    for (const auto &finding : retort::sdk::conformance::check_plugin(retort_plugin_linear))
        BOOST_TEST((finding.outcome != Outcome::failed), finding.check << ": " << finding.reason << finding.settings);
}

BOOST_AUTO_TEST_SUITE_END()
