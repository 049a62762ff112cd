// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../fake_roles.hpp"
#include "../manifests.hpp"
#include "../mistakes.hpp"

#include <retort/framework/schema.hpp>
#include <retort/framework/version.hpp>
#include <retort/sdk/registrar.hpp>

#include <boost/test/unit_test.hpp>

#include <support/schema_check.hpp>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_schema)

namespace {

using framework::Registry;
using framework::to_text;

/// A manifest as a whole.
struct Whole {
    std::string_view text;
    std::string_view beyond = {}; ///< as in Mistake
};

constexpr Whole wholes[] = {
    {good_manifest},
    {"{}"},
    {"[]"},
    {"3"},
    {R"({"format": 1})"},
    {R"({"format": 1, "data": {}, "models": {}, "stages": []})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}})"},
    {R"({"format": 1, "data": {"a": {"type": "table@fakes", "directory": "d"}}})"},
    {R"({"format": 1, "data": {"a": {"type": "table@nobody", "directory": "d"}}})"},
    {R"({"format": 1.0, "data": {"a": {"type": "table", "directory": "d"}}})", point_zero},
    {R"({"format": 1, "models": {"m": {"type": "other"}}})",
     "which dataset a model is for is told by all of a manifest"},
    {R"({"format": 1, "models": {"m": {"type": "other"}}, "data": {"a": {"type": "table", "directory": "d"}}})"},
    {R"({"format": 1, "models": {"m": {"type": "other"}}, "data": {"a": {"type": "table", "directory": "d"},
         "b": {"type": "table", "directory": "d"}}})",
     "which dataset a model is for is told by all of a manifest"},
    {R"({"format": 1, "threads": 1025, "data": 3})"},
    {R"({"format": 1, "stages": [{"type": "teach", "model": "a", "data": "b"}]})"},
    {R"({"format": 1, "stages": [{"name": "s", "type": "teach", "model": "a", "data": "b"}]})", elsewhere},
    {R"({"format": 1, "stages": [{"name": "s", "type": "clashing"}]})"},
    {R"({"format": 1, "stages": {}})"},
    {R"({"format": 1, "models": 3})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "checkpoints": {"keep": 0}})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "plugins": 3})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "plugins": {"a": "b"}})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "plugins": {"a": {}}})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "plugins": {"a": {"sha256": "AB"}}})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "plugins": {"fakes": {"sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "changes": 3})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "changes": []})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "changes": [{"epoch": 1}]})"},
    {R"({"format": 1, "data": {"a": {"type": "table", "directory": "d"}}, "changes": [{"epoch": 1, "set": {}}]})"},
    {R"({"$schema": "manifest.schema.json", "format": 1, "data": {"a": {"type": "table", "directory": "d"}}})"},
};

Judged judged(std::string name, const std::string &text, const Registry &registry, std::string_view beyond) {
    Judged result{std::move(name), text, {}, beyond};
    try {
        (void)read_plan(parsed(text), registry);
    } catch (const framework::Error &error) {
        for (const framework::Problem &problem : error.problems()) {
            result.mistakes.push_back(problem.where == "test.json" ? "" : problem.where);
            if (contains(problem.message, "is declared twice")) // a schema does not know such a type
                result.mistakes.push_back(problem.where.substr(0, problem.where.rfind('/')) + "/type");
        }
    }
    return result;
}

std::vector<Judged> all_manifests(const Registry &registry) {
    std::vector<Judged> all;
    for (const Mistake &mistake : mistakes)
        all.push_back(judged(std::string(mistake.replacement), manifest_with(mistake.found, mistake.replacement),
                             registry, mistake.beyond));
    for (const Whole &whole : wholes)
        all.push_back(judged(std::string(whole.text), std::string(whole.text), registry, whole.beyond));
    const framework::Plan plan = read_plan(parsed(), registry);
    all.push_back(judged("resolved", to_text(plan.resolved), registry, {}));
    return all;
}

struct Quiet final : FakeObserver {
    explicit Quiet(const sdk::ObserverContext &) {}
};

/// Something to name and pin, as if it were a library.
void offer_quiet(sdk::Registrar &registrar) {
    registrar.add<sdk::Observer, Quiet>("rows", "Says nothing.");
}

} // namespace

BOOST_AUTO_TEST_CASE(an_independent_validator_agrees_with_the_reader) {
    const Registry registry = fake_registry();
    check_agreement(to_text(framework::manifest_schema(registry)), all_manifests(registry));
}

BOOST_AUTO_TEST_CASE(names_and_pins_are_those_of_the_plugins_present) {
    Registry registry = fake_registry();
    registry.add({"quiet", "1.0", &offer_quiet}, "/plugins/quiet.so", std::string(64, 'a'));
    const auto with = [](const std::string &type, const std::string &pins) {
        return manifest_with(R"("observers": [{"type": "rows"}])",
                             R"("observers": [{"type": ")" + type + R"("}], "plugins": {)" + pins + "}");
    };
    const std::string pin = R"(": {"sha256": ")" + std::string(64, 'a') + "\"}";
    std::vector<Judged> manifests;
    for (const char *type : {"rows", "rows@fakes", "rows@quiet", "rows@nobody"})
        manifests.push_back(judged(type, with(type, ""), registry, {}));
    for (const char *plugin : {"quiet", "quite", "fakes"})
        manifests.push_back(judged(plugin, with("rows@quiet", std::string("\"") + plugin + pin), registry, {}));
    check_agreement(to_text(framework::manifest_schema(registry)), manifests);
    BOOST_TEST(manifests[0].mistakes.size() == 1U); // the name alone says too little
    BOOST_TEST(manifests[4].mistakes.empty());
}

BOOST_AUTO_TEST_CASE(it_is_the_same_whenever_it_is_asked_for) {
    const std::string schema = to_text(framework::manifest_schema(fake_registry()));
    BOOST_TEST(to_text(framework::manifest_schema(fake_registry())) == schema);
}

BOOST_AUTO_TEST_CASE(it_says_what_it_is) {
    const boost::json::object schema = framework::manifest_schema(fake_registry());
    BOOST_TEST(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
    BOOST_TEST(std::string(schema.at("$comment").as_string()) ==
               "retort " + std::string(framework::version()) + " with fakes 1.0.0");
    BOOST_TEST(to_text(schema.at("required")) == R"(["format"])");
    BOOST_TEST(to_text(schema.at("properties").at("plugins").at("propertyNames")) == "false"); // none is a file
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
