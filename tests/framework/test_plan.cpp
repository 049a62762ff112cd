// SPDX-License-Identifier: Apache-2.0
#include "components.hpp"
#include "manifests.hpp"

#include <boost/test/unit_test.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_plan)

BOOST_AUTO_TEST_CASE(the_resolved_manifest_means_the_same) {
    const framework::Registry registry = fake_registry();
    const framework::Plan plan = framework::read_plan(parsed(), registry);
    const std::string text = framework::to_text(plan.resolved, framework::JsonLayout::pretty);
    const auto elsewhere = framework::Manifest::parse(text, "resolved.json", "/elsewhere");
    BOOST_TEST(framework::to_text(framework::read_plan(elsewhere, registry).resolved) ==
               framework::to_text(plan.resolved));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
