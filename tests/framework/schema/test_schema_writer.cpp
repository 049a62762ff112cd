// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/sdk/sdk.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/schema/schema_writer.hpp>
#include <functional>
#include <optional>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_schema_writer)

namespace {

using framework::ShowFields;
using framework::to_text;

enum class Colour { red, green };

std::span<const std::string_view> names_of(Colour) {
    static constexpr std::string_view names[] = {"red", "green"};
    return names;
}

struct Record {
    std::int64_t size = 3;

    void fields(sdk::Fields &field) { field.required("size", size, "How large.", {1, 9}); }
};

struct Named {
    std::string name;

    void fields(sdk::Fields &field) { field("name", name, "What it is called."); }
};

/// One setting "x" that holds `value`, declared with `range`.
template <class T> ShowFields setting(T value, sdk::Range range = {}) {
    return [value, range](sdk::Fields &field) mutable { field("x", value, "Text.", range); };
}

sdk::ComponentSpec<sdk::Loss> optional_loss(const std::string &type = {}) {
    sdk::ComponentSpec<sdk::Loss> loss(type);
    loss.optional = true;
    return loss;
}

sdk::Schedule warming_down(double first, double last) {
    return {sdk::Schedule::Shape::linear, first, last};
}

struct Case {
    ShowFields declare;
    const char *schema; ///< without the description
};

const Case cases[] = {
    {setting(0.5, {0, 1}), R"("type":"number","minimum":0,"maximum":1,"default":0.5)"},
    {setting(0.5), R"("type":"number","default":0.5)"},
    {setting(0.5, {0}), R"("type":"number","minimum":0,"default":0.5)"},
    {setting(std::int64_t{2}, {1, 4}), R"("type":"integer","minimum":1,"maximum":4,"default":2)"},
    {setting(std::int64_t{1}, {1, 1}), R"("type":"integer","const":1,"default":1)"},
    {setting(std::int64_t{2}),
     R"("type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807,"default":2)"},
    {setting(std::uint64_t{2}), R"("type":"integer","minimum":0,"maximum":9223372036854775807,"default":2)"},
    {setting(std::uint8_t{2}), R"("type":"integer","minimum":0,"maximum":255,"default":2)"},
    {setting(true), R"("type":"boolean","default":true)"},
    {setting(Colour::green), R"("enum":["red","green"],"default":"green")"},
    {setting(std::string("here")), R"("type":"string","default":"here")"},
    {setting(sdk::Reference<sdk::Model>{}), R"("type":["string","null"],"pattern":"NAME","default":null)"},
    {setting(sdk::Reference<sdk::Model>{"teacher"}), R"("type":"string","pattern":"NAME","default":"teacher")"},
    {setting(sdk::ComponentSpec<sdk::Loss>{"soft"}),
     R"("type":"object","$ref":"#/$defs/loss","if":{"not":{"required":["type"]}},"then":{"$ref":"#/$defs/loss.soft"},"default":{"type":"soft"})"},
    {setting(optional_loss()), R"("type":["object","null"],"$ref":"#/$defs/loss","required":["type"],"default":null)"},
    {setting(Named{}),
     R"("type":"object","properties":{"name":{"description":"What it is called.","type":"string","default":""}},"additionalProperties":false,"default":{"name":""})"},
    {setting(std::optional<Record>{}),
     R"("type":["object","null"],"properties":{"size":{"description":"How large.","type":"integer","minimum":1,"maximum":9}},"additionalProperties":false,"required":["size"],"default":null)"},
    {setting(std::vector<double>{1, 2}, {0}),
     R"("type":"array","items":{"type":"number","minimum":0},"default":[1,2])"},
    {setting(sdk::Map<std::string>{{{"a", "b"}}}),
     R"("type":"object","propertyNames":{"pattern":"NAME"},"additionalProperties":{"type":"string"},"default":{"a":"b"})"},
    {setting(std::vector<Named>{}),
     R"("type":"array","items":{"type":"object","properties":{"name":{"description":"What it is called.","type":"string","default":"","pattern":"NAME"}},"additionalProperties":false},"default":[])"},
    {setting(std::vector<sdk::ComponentSpec<sdk::Loss>>{}),
     R"("type":"array","items":{"type":"object","$ref":"#/$defs/loss","required":["type"]},"default":[])"},
};

std::string with_pattern(std::string text) {
    for (std::size_t at = text.find("NAME"); at != text.npos; at = text.find("NAME"))
        text.replace(at, 4, framework::name_pattern);
    return text;
}

/// The same text for the same JSON, however it is spaced and its numbers are written.
std::string canonical(const std::string &text) {
    return to_text(boost::json::parse(text));
}

std::string schema_of(const ShowFields &show) {
    return to_text(framework::object_schema(fake_registry(), show));
}

bool holds(const std::string &text, const std::string &part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_kind_of_setting_has_its_schema) {
    const framework::Registry registry = fake_registry();
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.schema) {
            framework::SchemaWriter writer(registry);
            expected.declare(writer);
            BOOST_TEST_REQUIRE(writer.properties().size() == 1U);
            BOOST_TEST(to_text(writer.properties().at("x")) ==
                       canonical(with_pattern(R"({"description":"Text.",)" + std::string(expected.schema) + "}")));
        }
}

BOOST_AUTO_TEST_CASE(a_schedule_is_a_number_or_an_object) {
    const boost::json::value schema = boost::json::parse(schema_of(setting(sdk::Schedule(0.1), {0, 1})));
    const boost::json::value &x = schema.at("properties").at("x");
    BOOST_TEST(to_text(x.at("type")) == R"(["number", "object"])");
    BOOST_TEST(to_text(x.at("minimum")) + to_text(x.at("maximum")) == "01");
    BOOST_TEST(to_text(x.at("properties").at("final")) ==
               R"({"description": "The last value of linear and cosine.", "type": "number", "minimum": 0, )"
               R"("maximum": 1, "default": 0})");
    BOOST_TEST(!x.at("additionalProperties").as_bool());
    BOOST_TEST(!x.as_object().contains("if"));
}

BOOST_AUTO_TEST_CASE(a_schedule_that_would_end_outside_needs_its_final_value) {
    const std::string reaches =
        R"("if": {"properties": {"schedule": {"enum": ["linear", "cosine"]}}, "type": "object")";
    const std::string then = R"("then": {"required": ["final"]})";
    const std::string constant = schema_of(setting(sdk::Schedule(2.0), {1, 3}));
    BOOST_TEST(holds(constant, reaches + R"(, "required": ["schedule"]}, )" + then), constant);
    const std::string linear = schema_of(setting(warming_down(2.0, 0.0), {1, 3}));
    BOOST_TEST(holds(linear, reaches + "}, " + then), linear);
    BOOST_TEST(!holds(schema_of(setting(warming_down(2.0, 1.0), {1, 3})), then));
}

BOOST_AUTO_TEST_CASE(a_schedule_that_may_not_be_0_has_no_warm_up) {
    const auto warm_up = [](sdk::Range range) {
        const boost::json::value schema = boost::json::parse(schema_of(setting(sdk::Schedule(2.0), range)));
        const boost::json::value &schedule = schema.at("properties").at("x");
        return to_text(schedule.at("properties").at("warm_up"));
    };
    BOOST_TEST(warm_up({0, 3}) == R"({"description": "Part of the stage in which the value rises from 0.", )"
                                  R"("type": "number", "minimum": 0, "maximum": 1, "default": 0})");
    BOOST_TEST(warm_up({1, 3}) == R"({"description": "None: a value that rises from 0 would be out of range.", )"
                                  R"("type": "number", "const": 0, "default": 0})");
}

BOOST_AUTO_TEST_CASE(required_is_what_cannot_be_left_out) {
    const auto required = [](const ShowFields &show) {
        const boost::json::object schema = framework::object_schema(fake_registry(), show);
        const boost::json::value *keys = schema.if_contains("required");
        return keys == nullptr ? std::string("[]") : to_text(*keys);
    };
    BOOST_TEST(required(setting(1.0)) == "[]");
    BOOST_TEST(required(setting(Record{})) == R"(["x"])"); // it is never empty
    BOOST_TEST(required(setting(std::optional<Record>{})) == "[]");
    BOOST_TEST(required(setting(std::optional<Record>{Record{}})) == R"(["x"])");
    BOOST_TEST(required(setting(std::vector<Record>{Record{}})) == "[]"); // a default is whole
    BOOST_TEST(required(setting(sdk::ComponentSpec<sdk::Loss>{})) == R"(["x"])");
    BOOST_TEST(required(setting(sdk::ComponentSpec<sdk::Loss>{"soft"})) == "[]");
    BOOST_TEST(required(setting(sdk::ComponentSpec<sdk::Loss>{"gone"})) == R"(["x"])");
    BOOST_TEST(required(setting(optional_loss())) == "[]");
    BOOST_TEST(required(setting(optional_loss("gone"))) == R"(["x"])");
    BOOST_TEST(required(setting(sdk::ComponentSpec<sdk::Dataset>{"table"})) == R"(["x"])"); // it wants a directory
    BOOST_TEST(required(setting(sdk::Reference<sdk::Model>{"teacher"})) == "[]");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_left_out_has_no_default) {
    BOOST_TEST(!holds(schema_of(setting(sdk::ComponentSpec<sdk::Loss>{"gone"})), "\"default\""));
}

BOOST_AUTO_TEST_CASE(a_component_stands_beside_other_settings) {
    sdk::ComponentSpec<sdk::Loss> loss("entropy");
    double weight = 1.0;
    const boost::json::object schema = framework::object_schema(fake_registry(), [&](sdk::Fields &field) {
        field("", loss, "Which.");
        field("weight", weight, "Its factor.");
    });
    BOOST_TEST(to_text(schema.at("properties").at("type")) ==
               R"({"description": "Which.", "type": "string", "anyOf": [)"
               R"({"const": "entropy", "description": "Of labels."}, {"const": "soft", "description": "Of logits."}, )"
               R"({"pattern": "^(entropy@fakes|soft@fakes)$"}], "default": "entropy"})");
    BOOST_TEST(
        to_text(schema.at("allOf")) ==
        R"([{"if": {"properties": {"type": {"type": "string", "pattern": "^(entropy|entropy@fakes)$"}}}, )"
        R"("then": {"properties": {"type": true, "weight": true}, "additionalProperties": false}}, )"
        R"({"if": {"properties": {"type": {"type": "string", "pattern": "^(soft|soft@fakes)$"}}, "required": ["type"]}, )"
        R"("then": {"properties": {"type": true, "weight": true, )"
        R"("temperature": {"$ref": "#/$defs/loss.soft/properties/temperature"}}, )"
        R"("additionalProperties": false}}])");
    BOOST_TEST(!schema.contains("additionalProperties"));
    BOOST_TEST(!schema.contains("required"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
