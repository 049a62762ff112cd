// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/manifest_settings.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_manifest_settings)

namespace {

/// A manifest that was read, and what there is to say about it.
struct Read {
    explicit Read(std::string_view text) {
        resolved = framework::read_manifest(boost::json::parse(text).as_object(), settings, reading);
        for (const framework::Problem &problem : reading.problems)
            problems += problem.where + ": " + problem.message + "\n";
    }

    framework::Registry registry = fake_registry();
    framework::Reading reading{registry};
    framework::ManifestSettings settings;
    boost::json::object resolved;
    std::string problems;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_manifest_is_read_like_settings) {
    const Read read(good_manifest);
    BOOST_TEST(read.problems == "");
    BOOST_TEST(read.settings.seed == 7);
    BOOST_TEST_REQUIRE(read.settings.models.items.size() == 2U);
    BOOST_TEST(read.settings.models.items[0].first == "teacher");
    BOOST_TEST(read.settings.models.items[0].second.model.type == "network");
    BOOST_TEST_REQUIRE(read.settings.stages.size() == 2U);
    BOOST_TEST(read.settings.stages[1].name == "distil");
    BOOST_TEST(read.settings.stages[1].trainer.type == "distil");
    BOOST_TEST(read.settings.observers[0].type == "rows");
    const std::vector<std::string> models{"teacher", "student"};
    BOOST_TEST(read.reading.defined.at("model") == models, boost::test_tools::per_element());
    BOOST_TEST(read.reading.defined.at("dataset") == std::vector<std::string>{"mnist"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_default_is_filled_in) {
    const Read read(R"({"format": 1})");
    BOOST_TEST(read.problems == "");
    BOOST_TEST(
        framework::to_text(read.resolved) ==
        R"({"format": 1, "seed": 0, "threads": 0, "precision": "f32", "directory": "", "data": {}, "models": {}, "stages": [], "observers": [], "checkpoints": {"every_steps": 0, "keep": 2}, "report": {"out_of_distribution": [], "predictions": false}, "plugins": {}, "changes": []})");
    BOOST_TEST(framework::to_text(Read(R"({"$schema": "s.json", "format": 1})").resolved) ==
               framework::to_text(read.resolved)); // for editors only
    const Read model(R"({"format": 1, "models": {"net": {"type": "other"}}})");
    const boost::json::object &net = model.resolved.at("models").at("net").as_object();
    BOOST_TEST(net.at("weights").as_string() == "");
    BOOST_TEST(net.at("initialise_as").is_null());
    BOOST_TEST(net.at("depth").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(mistakes_are_left_with_their_pointers) {
    const std::pair<const char *, const char *> cases[] = {
        {"{}", "/format: is required and missing; allowed: 1\n"},
        {R"({"format": 2})", "/format: 2 is out of range; allowed: 1\n"},
        {R"({"format": 1, "threads": 1025})", "/threads: 1025 is out of range; allowed: 0 to 1024 (default 0)\n"},
        {R"({"format": 1, "sede": 1})", "/sede: there is no setting \"sede\"; did you mean \"seed\"?\n"},
        {R"({"format": 1, "stages": [{"type": "teach", "model": "a", "data": "b"}]})",
         "/stages/0/name: is required and missing; allowed: a text\n"
         "/stages/0/model: there is no model \"a\"; none is available\n"
         "/stages/0/data: there is no dataset \"b\"; none is available\n"},
        {R"({"format": 1, "models": {"a": {"type": "other", "initialise_as": "b"}}})",
         "/models/a/initialise_as: there is no model \"b\". Available: a\n"},
        // what cannot hold names says nothing of those that are used
        {R"({"format": 1, "models": 3, "stages": [{"name": "s", "type": "teach", "model": "a", "data": "b"}]})",
         "/models: found 3; allowed: an object of names and values\n"
         "/stages/0/data: there is no dataset \"b\"; none is available\n"},
        {R"({"format": 1, "$schema": []})", "/$schema: found an array; allowed: a text (default \"\")\n"},
    };
    for (const auto &[text, problems] : cases)
        BOOST_TEST_CONTEXT(text)
    BOOST_TEST(Read(text).problems == problems);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
