// SPDX-License-Identifier: Apache-2.0
#include "schema_writer.hpp"

#include "../manifest/missing_keys.hpp"
#include "../manifest/object_reader.hpp"
#include "../manifest/schedule_fields.hpp"
#include "../manifest/wording.hpp"
#include "component_schema.hpp"

#include <algorithm>
#include <limits>

namespace retort::framework {

namespace json = boost::json;

namespace {

/// A number's schema. `least` and `most` are bounds where the range has none.
json::object bounded(json::object schema, const sdk::Range &range, const json::value &least = {},
                     const json::value &most = {}) {
    if (range.minimum == range.maximum) {
        schema["const"] = range.minimum;
        return schema;
    }
    const json::value minimum = has_minimum(range) ? json::value(range.minimum) : least;
    const json::value maximum = has_maximum(range) ? json::value(range.maximum) : most;
    if (!minimum.is_null())
        schema["minimum"] = minimum;
    if (!maximum.is_null())
        schema["maximum"] = maximum;
    return schema;
}

/// "type": also null where a setting may be left out so.
json::value type_of(const char *type, bool optional) {
    return optional ? json::value{type, "null"} : json::value(type);
}

/// What an object with no keys lacks.
std::vector<std::string> required_keys(const Registry &registry, const ShowFields &show) {
    Reading reading(registry);
    const json::object nothing;
    ObjectReader reader(reading, nothing, "");
    show(reader);
    (void)reader.finish();
    return missing_keys(reading);
}

/// Puts the component and what goes with it into the schema of an object with the properties `own`.
void add_beside(json::object &schema, const Registry &registry, const SchemaWriter::Beside &beside,
                const std::vector<std::string> &own) {
    const std::vector<DeclaredComponent> components = declared_components(registry, beside.role, own);
    json::object type{{"description", beside.documentation}};
    for (const auto &member : type_schema(components))
        type[member.key()] = member.value();
    if (!beside.default_type.empty())
        type["default"] = beside.default_type;
    schema["properties"].get_object()["type"] = std::move(type);
    const Entry *by_default = registry.find(beside.role, beside.default_type);
    json::array branches = branches_beside(components, by_default, own);
    if (!branches.empty())
        schema["allOf"] = std::move(branches);
}

/// Makes what stands at "name" in the schema of an object a name, where it is a text.
void want_name(json::object &object) {
    json::value *properties = object.if_contains("properties");
    json::value *name = properties == nullptr ? nullptr : properties->get_object().if_contains("name");
    if (name != nullptr && name->is_object())
        name->get_object()["pattern"] = view(name_pattern);
}

/// `record` as the element of a list: its "name" is a name, whether it is its own or its component's.
json::object with_name(json::object record) {
    want_name(record);
    if (json::value *branches = record.if_contains("allOf"))
        for (json::value &branch : branches->get_array())
            want_name(branch.at("then").get_object());
    return record;
}

/// The same of a component.
json::object with_name(json::object component, const std::vector<DeclaredComponent> &role) {
    const auto has_name = [](const DeclaredComponent &declared) {
        return std::find(declared.keys.begin(), declared.keys.end(), "name") != declared.keys.end();
    };
    if (std::none_of(role.begin(), role.end(), has_name))
        return component;
    json::object name{{"properties", {{"name", {{"pattern", view(name_pattern)}}}}}};
    return {{"allOf", json::array{std::move(component), std::move(name)}}};
}

} // namespace

json::object object_schema(const Registry &registry, const ShowFields &show) {
    SchemaWriter writer(registry);
    show(writer);
    json::object schema{{"type", "object"}, {"properties", writer.properties()}};
    json::object &properties = schema["properties"].get_object();
    json::array required;
    for (const std::string &key : required_keys(registry, show))
        if (json::value *property = properties.if_contains(key)) {
            required.emplace_back(key);
            if (property->is_object())
                property->get_object().stable_erase("default");
        }
    std::vector<std::string> own;
    for (const auto &member : properties)
        own.emplace_back(member.key());
    if (writer.beside())
        add_beside(schema, registry, *writer.beside(), own);
    else
        schema["additionalProperties"] = false;
    if (!required.empty())
        schema["required"] = std::move(required);
    return schema;
}

void SchemaWriter::add(const sdk::Field &field, const json::object &schema) {
    json::object all;
    if (!element_)
        all["description"] = view(field.documentation);
    for (const auto &member : schema)
        all[member.key()] = member.value();
    const json::object &description = describer_.descriptions().back().get_object();
    if (const json::value *value = description.if_contains("default"))
        all["default"] = *value;
    properties_[view(field.name)] = std::move(all);
}

void SchemaWriter::real(const sdk::Field &field, double &value) {
    describer_.real(field, value);
    add(field, bounded({{"type", "number"}}, field.range));
}

void SchemaWriter::integer(const sdk::Field &field, std::int64_t &value) {
    using Limits = std::numeric_limits<std::int64_t>;
    describer_.integer(field, value);
    add(field, bounded({{"type", "integer"}}, field.range, Limits::min(), Limits::max()));
}

void SchemaWriter::flag(const sdk::Field &field, bool &value) {
    describer_.flag(field, value);
    add(field, {{"type", "boolean"}});
}

void SchemaWriter::choice(const sdk::Field &field, std::span<const std::string_view> names, std::size_t &index) {
    describer_.choice(field, names, index);
    json::array choices;
    for (const std::string_view name : names)
        choices.push_back(view(name));
    add(field, {{"enum", std::move(choices)}});
}

void SchemaWriter::text(const sdk::Field &field, sdk::TextSlot &slot) {
    describer_.text(field, slot);
    add(field, {{"type", "string"}});
}

void SchemaWriter::reference(const sdk::Field &field, std::string_view role, sdk::TextSlot &slot) {
    describer_.reference(field, role, slot);
    const bool optional = !field.required && !field.name.empty() && slot.text().empty(); // an element is there
    add(field, {{"type", type_of("string", optional)}, {"pattern", view(name_pattern)}});
}

void SchemaWriter::schedule(const sdk::Field &field, sdk::Schedule &schedule) {
    describer_.schedule(field, schedule);
    const bool ends = schedule.shape == sdk::Schedule::Shape::linear || schedule.shape == sdk::Schedule::Shape::cosine;
    json::object schema = bounded({{"type", {"number", "object"}}}, field.range);
    const json::object object =
        object_schema(registry_, [&](sdk::Fields &fields) { visit_schedule(schedule, field.range, fields); });
    schema["properties"] = object.at("properties");
    schema["additionalProperties"] = false;
    if (ends_outside({sdk::Schedule::Shape::linear, schedule.value, schedule.final_value}, field.range)) {
        json::object reaches_it{{"properties", {{"schedule", {{"enum", {"linear", "cosine"}}}}}}, {"type", "object"}};
        if (!ends)
            reaches_it["required"] = json::array{"schedule"};
        schema["if"] = std::move(reaches_it);
        schema["then"] = {{"required", json::array{"final"}}};
    }
    add(field, schema);
}

void SchemaWriter::record(const sdk::Field &field, sdk::RecordSlot &slot) {
    describer_.record(field, slot);
    json::object schema = object_schema(
        registry_, [&](sdk::Fields &fields) { slot.present() ? slot.visit(fields) : slot.prototype(fields); });
    schema["type"] = type_of("object", slot.optional());
    add(field, schema);
}

void SchemaWriter::list(const sdk::Field &field, sdk::ListSlot &slot) {
    describer_.list(field, slot);
    SchemaWriter writer(registry_, true);
    slot.prototype(writer);
    json::object element = writer.properties().begin()->value().get_object();
    if (slot.named())
        return add(field, {{"type", "object"},
                           {"propertyNames", {{"pattern", view(name_pattern)}}},
                           {"additionalProperties", std::move(element)}});
    element = writer.role_.empty() ? with_name(std::move(element))
                                   : with_name(std::move(element), declared_components(registry_, writer.role_));
    add(field, {{"type", "array"}, {"items", std::move(element)}});
}

void SchemaWriter::component(const sdk::Field &field, sdk::ComponentSlot &slot) {
    const std::string type(slot.default_type());
    describer_.component(field, slot);
    if (field.name.empty() && !element_) {
        beside_ = {std::string(slot.role()), type, std::string(field.documentation)};
        properties_["type"] = nullptr; // its place in order; what it may be is known when all others are
        return;
    }
    role_ = slot.role();
    json::object schema{{"type", type_of("object", slot.optional())}};
    for (const auto &member : component_schema(registry_, slot.role(), type))
        schema[member.key()] = member.value();
    add(field, schema);
}

} // namespace retort::framework
