// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"

#include <retort/framework/settings.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(test_settings)

using namespace retort;

namespace {

/// Mistakes in the settings `text` of a component, each as "where message".
std::vector<std::string> mistakes(const framework::Registry &registry, std::string_view role, std::string_view name,
                                  std::string_view text) {
    const auto read =
        framework::read_settings(registry, *registry.find(role, name), boost::json::parse(text).get_object());
    BOOST_TEST(read.settings != nullptr);
    std::vector<std::string> result;
    for (const framework::Problem &problem : read.problems)
        result.push_back(problem.where + " " + problem.message);
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(settings_of_one_component_are_read_as_in_a_manifest) {
    const framework::Registry registry = test::fake_registry();
    BOOST_TEST(mistakes(registry, "loss", "soft", "{}").empty());
    BOOST_TEST(mistakes(registry, "loss", "soft", R"({"temperature": 4})").empty());
    const auto all = mistakes(registry, "loss", "soft", R"({"temperature": 0.5, "temprature": 1})");
    BOOST_TEST_REQUIRE(all.size() == 2U);
    BOOST_TEST(all[0].find("/temperature 0.5 is out of range; allowed: 1 to 100") == 0U, all[0]);
    BOOST_TEST(all[1].find("/temprature there is no setting \"temprature\"") == 0U, all[1]);
    const auto missing = mistakes(registry, "dataset", "table", "{}");
    BOOST_TEST_REQUIRE(missing.size() == 1U);
    BOOST_TEST(missing[0].find("/directory is required") == 0U, missing[0]);
}

BOOST_AUTO_TEST_CASE(components_in_it_are_bound_and_models_may_have_any_name) {
    const framework::Registry registry = test::fake_registry();
    BOOST_TEST(mistakes(registry, "trainer", "teach", R"({"model": "this", "data": "that"})").empty());
    const auto unknown =
        mistakes(registry, "trainer", "teach", R"({"model": "a", "data": "b", "optimizer": {"type": "momments"}})");
    BOOST_TEST_REQUIRE(unknown.size() == 1U);
    BOOST_TEST(unknown[0].find("did you mean \"moments\"?") != std::string::npos, unknown[0]);
}

BOOST_AUTO_TEST_SUITE_END()
