// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"
#include "../mistakes.hpp"

#include <boost/test/unit_test.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_settings_reader)

BOOST_AUTO_TEST_CASE(every_mistake_says_where_what_and_what_is_allowed) {
    const framework::Registry registry = fake_registry();
    for (const Mistake &mistake : mistakes) {
        const std::string text = manifest_with(mistake.found, mistake.replacement);
        BOOST_TEST_CONTEXT(mistake.replacement) {
            BOOST_TEST(complaint_of([&] { (void)read_plan(parsed(text), registry); }) == mistake.complaint);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
