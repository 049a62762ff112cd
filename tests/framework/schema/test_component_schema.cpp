// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../fake_roles.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/schema/component_schema.hpp>
#include <stdexcept>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_component_schema)

namespace {

using framework::DeclaredComponent;
using framework::Registry;
using framework::to_text;

/// A loss whose settings `declare` shows.
template <void (*declare)(sdk::Fields &)> struct LossOf final : FakeLoss {
    struct Settings {
        void fields(sdk::Fields &field) { declare(field); }
    };

    LossOf(const Settings &, const sdk::LossContext &) {}
};

void nothing(sdk::Fields &) {}

void throws(sdk::Fields &) {
    throw std::runtime_error("no licence");
}

void twice(sdk::Fields &field) {
    double number = 1.0;
    field("a", number, "");
    field("a", number, "");
}

void type(sdk::Fields &field) {
    double number = 1.0;
    field("type", number, "");
}

void odd_key(sdk::Fields &field) {
    double number = 1.0;
    field.required("a/b %", number, "Odd.");
}

/// Holds another of its own by default, and so without end.
void endless(sdk::Fields &field) {
    sdk::ComponentSpec<sdk::Loss> inner("endless");
    field("inner", inner, "");
}

/// A list of losses, each with a weight: a loss that may hold itself.
struct Part {
    sdk::ComponentSpec<sdk::Loss> loss;
    double weight = 1.0;

    void fields(sdk::Fields &field) {
        field("", loss, "Which.");
        field("weight", weight, "Its factor.");
    }
};

void sum(sdk::Fields &field) {
    std::vector<Part> parts;
    field("parts", parts, "What is added.");
}

/// Fakes, and losses that are offered by two plugins.
Registry two_plugins() {
    Registry registry = fake_registry();
    for (const char *program : {"b.c", "a"})
        registry.add(program,
                     [](sdk::Registrar &registrar) { registrar.add<sdk::Loss, LossOf<nothing>>("own", "Nothing."); });
    return registry;
}

Registry with_loss(const std::string &name, const Registry::Offer &offer) {
    Registry registry;
    registry.add(name, offer);
    return registry;
}

std::vector<std::string> definitions(const std::vector<DeclaredComponent> &components) {
    std::vector<std::string> names;
    for (const DeclaredComponent &component : components)
        names.push_back(component.definition);
    return names;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_component_is_known_by_what_it_declares) {
    const Registry registry = fake_registry();
    const auto datasets = framework::declared_components(registry, "dataset");
    BOOST_TEST_REQUIRE(datasets.size() == 1U);
    BOOST_TEST(datasets[0].entry == registry.find("dataset", "table"));
    BOOST_TEST(datasets[0].definition == "dataset.table");
    const std::vector<std::string> names{"table", "table@fakes"};
    const std::vector<std::string> keys{"type", "directory", "validation"};
    BOOST_TEST(datasets[0].names == names, boost::test_tools::per_element());
    BOOST_TEST(datasets[0].keys == keys, boost::test_tools::per_element());
    BOOST_TEST(datasets[0].required == std::vector<std::string>{"directory"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_two_plugins_offer_goes_by_full_names_only) {
    const Registry registry = two_plugins();
    const auto losses = framework::declared_components(registry, "loss");
    const std::vector<std::string> names{"loss.entropy", "loss.own.1", "loss.own.2", "loss.soft"};
    BOOST_TEST(definitions(losses) == names, boost::test_tools::per_element());
    BOOST_TEST(losses[1].names == std::vector<std::string>{"own@a"}, boost::test_tools::per_element());
    BOOST_TEST(to_text(framework::type_schema(losses)) ==
               R"({"type": "string", "anyOf": [{"const": "entropy", "description": "Of labels."}, )"
               R"({"const": "own@a", "description": "Nothing."}, {"const": "own@b.c", "description": "Nothing."}, )"
               R"({"const": "soft", "description": "Of logits."}, {"pattern": "^(entropy@fakes|soft@fakes)$"}]})");
}

BOOST_AUTO_TEST_CASE(a_pattern_takes_names_as_they_are) {
    const Registry registry =
        with_loss("b.c+", [](auto &registrar) { registrar.template add<sdk::Loss, LossOf<nothing>>("own", ""); });
    const std::string schema = to_text(framework::type_schema(framework::declared_components(registry, "loss")));
    BOOST_TEST(schema.find(R"("^(own@b\\.c\\+)$")") != schema.npos, schema);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_declared_is_left_out) {
    Registry registry;
    registry.add("odd", [](sdk::Registrar &registrar) {
        registrar.add<sdk::Loss, LossOf<nothing>>("fine", "");
        registrar.add<sdk::Loss, LossOf<throws>>("throws", "");
        registrar.add<sdk::Loss, LossOf<twice>>("twice", "");
        registrar.add<sdk::Loss, LossOf<type>>("type", "");
    });
    BOOST_TEST(definitions(framework::declared_components(registry, "loss")) == std::vector<std::string>{"loss.fine"},
               boost::test_tools::per_element());
    BOOST_TEST(!framework::component_definitions(registry).contains("loss.throws"));
    const Registry fakes = fake_registry();
    const std::vector<std::string> usable{"trainer.distil", "trainer.teach"}; // "clashing" declares a name of its own
    BOOST_TEST(definitions(framework::declared_components(fakes, "trainer", {"name", "type"})) == usable,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_role_without_components_takes_none) {
    BOOST_TEST(to_text(framework::component_definitions(Registry()).at("loss")) ==
               R"({"properties": {"type": {"description": "Which loss it is.", "not": {}}}})");
}

BOOST_AUTO_TEST_CASE(a_default_type_is_that_of_an_object_without_one) {
    const Registry registry = fake_registry();
    BOOST_TEST(
        to_text(framework::component_schema(registry, "head", "point")) ==
        R"({"$ref": "#/$defs/head", "if": {"not": {"required": ["type"]}}, "then": {"$ref": "#/$defs/head.point"}})");
    for (const char *unknown : {"", "gone"})
        BOOST_TEST(to_text(framework::component_schema(registry, "head", unknown)) ==
                   R"({"$ref": "#/$defs/head", "required": ["type"]})");
}

BOOST_AUTO_TEST_CASE(definitions_lead_from_a_role_to_its_components) {
    const boost::json::object all = framework::component_definitions(fake_registry());
    BOOST_TEST(
        to_text(all.at("head")) ==
        R"({"properties": {"type": {"description": "Which head it is.", "type": "string", "anyOf": [)"
        R"({"const": "point", "description": "The tap itself."}, )"
        R"({"const": "random_projection", "description": "Fewer numbers."}, )"
        R"({"pattern": "^(point@fakes|random_projection@fakes)$"}]}}, "allOf": [)"
        R"({"if": {"properties": {"type": {"type": "string", "pattern": "^(point|point@fakes)$"}}, "required": ["type"]}, )"
        R"("then": {"$ref": "#/$defs/head.point"}}, )"
        R"({"if": {"properties": {"type": {"type": "string", "pattern": "^(random_projection|random_projection@fakes)$"}}, )"
        R"("required": ["type"]}, "then": {"$ref": "#/$defs/head.random_projection"}}]})");
    BOOST_TEST(to_text(all.at("head.random_projection")) ==
               R"({"description": "Fewer numbers.", "properties": {"type": true, )"
               R"("width": {"description": "Width of the result.", "type": "integer", "minimum": 1, "maximum": 4096, )"
               R"("default": 64}}, "additionalProperties": false})");
}

BOOST_AUTO_TEST_CASE(a_component_may_hold_others_of_its_role) {
    const Registry registry =
        with_loss("sums", [](auto &registrar) { registrar.template add<sdk::Loss, LossOf<sum>>("sum", ""); });
    const std::string all = to_text(framework::component_definitions(registry));
    BOOST_TEST(all.find(R"("parts": {"$ref": "#/$defs/loss.sum/properties/parts"})") != all.npos, all);
}

BOOST_AUTO_TEST_CASE(a_default_without_end_cannot_be_left_out) {
    const Registry registry =
        with_loss("e", [](auto &registrar) { registrar.template add<sdk::Loss, LossOf<endless>>("endless", ""); });
    const boost::json::object all = framework::component_definitions(registry);
    BOOST_TEST(to_text(all.at("loss.endless").at("required")) == R"(["inner"])");
}

BOOST_AUTO_TEST_CASE(keys_are_referred_to_whatever_they_hold) {
    const Registry registry =
        with_loss("o", [](auto &registrar) { registrar.template add<sdk::Loss, LossOf<odd_key>>("odd", ""); });
    const auto losses = framework::declared_components(registry, "loss");
    const std::string branches = to_text(framework::branches_beside(losses, nullptr, {"type"}));
    BOOST_TEST(branches.find(R"("a/b %": {"$ref": "#/$defs/loss.odd/properties/a~1b%20%25"})") != branches.npos,
               branches);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
