// SPDX-License-Identifier: Apache-2.0
#include "component_schema.hpp"

#include "../manifest/missing_keys.hpp"
#include "../manifest/object_reader.hpp"
#include "../manifest/pointer.hpp"
#include "../support/translate.hpp"
#include "schema_writer.hpp"

#include <algorithm>
#include <optional>

namespace retort::framework {

namespace json = boost::json;

namespace {

/// Takes any component of a role, and keeps of it only that it could be read.
class AnySlot final : public sdk::ComponentSlot {
  public:
    explicit AnySlot(std::string_view role) : role_(role) {}

    [[nodiscard]] std::string_view role() const override { return role_; }

    [[nodiscard]] std::string_view default_type() const override { return {}; }

    [[nodiscard]] bool optional() const override { return false; }

    void bind(std::string_view, std::shared_ptr<const void> builder) override { bound_ = builder != nullptr; }

    [[nodiscard]] bool bound() const { return bound_; }

  private:
    std::string_view role_;
    bool bound_ = false;
};

json::array strings(const std::vector<std::string> &texts) {
    json::array result;
    for (const std::string &text : texts)
        result.emplace_back(text);
    return result;
}

bool contains(const std::vector<std::string> &all, const std::string &one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// "role.name"; where several plugins offer the name, their place in the order of plugins follows.
std::string definition_name(const Registry &registry, const Entry &entry) {
    const std::vector<const Entry *> offers = registry.offers(entry.role, entry.name);
    const std::string name = entry.role + "." + entry.name;
    const auto place = std::find(offers.begin(), offers.end(), &entry) - offers.begin();
    return offers.size() == 1 ? name : name + "." + std::to_string(place + 1);
}

std::optional<DeclaredComponent> declared(const Registry &registry, const Entry &entry) {
    const std::string full_name = entry.name + "@" + entry.plugin;
    Reading reading(registry);
    const json::object object{{"type", full_name}};
    ObjectReader reader(reading, object, "");
    AnySlot slot(entry.role);
    reader.read_component(slot);
    (void)reader.finish();
    const ObjectKeys &keys = reading.objects.at("");
    if (!slot.bound() || keys.faulty)
        return std::nullopt;
    std::vector<std::string> names{registry.spelling(entry)};
    if (names.front() != full_name)
        names.push_back(full_name);
    return DeclaredComponent{&entry, definition_name(registry, entry), std::move(names), keys.known,
                             missing_keys(reading)};
}

/// `text` as a token of a pointer in the fragment of a URI.
std::string fragment(const std::string &text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : pointer_to("", text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("/-._~").find(c) != std::string_view::npos)
            result += c;
        else
            result.append({'%', digits[byte / 16], digits[byte % 16]});
    }
    return result;
}

std::string reference_to(const std::string &definition) {
    return "#/$defs" + fragment(definition);
}

/// `text` in a regular expression.
std::string escaped(const std::string &text) {
    std::string result;
    for (const char c : text) {
        if (std::string_view("^$\\.*+?()[]{}|/").find(c) != std::string_view::npos)
            result += '\\';
        result += c;
    }
    return result;
}

/// Matches each of `names`, and nothing else.
std::string pattern_of(const std::vector<std::string> &names) {
    std::string any;
    for (const std::string &name : names)
        any.append(any.empty() ? "" : "|").append(escaped(name));
    return "^(" + any + ")$";
}

/// Holds for objects of that component.
json::object is_of(const DeclaredComponent &component, bool without_type) {
    // a pattern, and no list of names that editors would offer beside those of `type_schema`
    json::object type{{"type", "string"}, {"pattern", pattern_of(component.names)}};
    json::object condition{{"properties", {{"type", std::move(type)}}}};
    if (!without_type)
        condition["required"] = json::array{"type"};
    return condition;
}

/// All that may stand in an object of that component and the settings `own`.
json::object object_beside(const DeclaredComponent &component, const std::vector<std::string> &own) {
    json::object properties;
    for (const std::string &key : own)
        properties[key] = true;
    for (const std::string &key : component.keys)
        if (!properties.contains(key))
            properties[key] = {{"$ref", reference_to(component.definition) + "/properties" + fragment(key)}};
    json::object schema{{"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!component.required.empty())
        schema["required"] = strings(component.required);
    return schema;
}

json::object role_definition(std::string_view role, const std::vector<DeclaredComponent> &components) {
    json::object type{{"description", "Which " + std::string(role) + " it is."}};
    for (const auto &member : type_schema(components))
        type[member.key()] = member.value();
    json::object definition{{"properties", {{"type", std::move(type)}}}};
    json::array branches;
    for (const DeclaredComponent &component : components)
        branches.push_back({{"if", is_of(component, false)}, {"then", {{"$ref", reference_to(component.definition)}}}});
    if (!branches.empty())
        definition["allOf"] = std::move(branches);
    return definition;
}

json::object component_definition(const Registry &registry, const Entry &entry) {
    try {
        const std::unique_ptr<sdk::AnySettings> settings = entry.factory->make_settings();
        const json::object object = object_schema(registry, [&](sdk::Fields &fields) { settings->fields(fields); });
        json::object properties{{"type", true}};
        for (const auto &member : object.at("properties").get_object())
            properties[member.key()] = member.value();
        json::object definition{{"description", entry.documentation}};
        for (const auto &member : object)
            if (member.key() != "type") // said where the component stands, which may be null there
                definition[member.key()] = member.value();
        definition["properties"] = std::move(properties);
        return definition;
    } catch (...) {
        throw translated_exception(entry.file, entry.plugin);
    }
}

} // namespace

std::vector<DeclaredComponent> declared_components(const Registry &registry, std::string_view role,
                                                   const std::vector<std::string> &own) {
    std::vector<DeclaredComponent> components;
    const auto clashes = [&](const std::string &key) { return key != "type" && contains(own, key); };
    for (const Entry *entry : registry.entries(role)) {
        std::optional<DeclaredComponent> component = declared(registry, *entry);
        if (component && std::none_of(component->keys.begin(), component->keys.end(), clashes))
            components.push_back(std::move(*component));
    }
    return components;
}

json::object type_schema(const std::vector<DeclaredComponent> &components) {
    if (components.empty())
        return {{"not", json::object()}};
    json::array names;
    std::vector<std::string> others;
    for (const DeclaredComponent &component : components) {
        names.push_back({{"const", component.names.front()}, {"description", component.entry->documentation}});
        if (component.names.size() > 1)
            others.push_back(component.names.back());
    }
    if (!others.empty())
        names.emplace_back(json::object{{"pattern", pattern_of(others)}});
    return {{"type", "string"}, {"anyOf", std::move(names)}};
}

json::array branches_beside(const std::vector<DeclaredComponent> &components, const Entry *by_default,
                            const std::vector<std::string> &own) {
    json::array branches;
    for (const DeclaredComponent &component : components)
        branches.push_back(
            {{"if", is_of(component, component.entry == by_default)}, {"then", object_beside(component, own)}});
    return branches;
}

json::object component_schema(const Registry &registry, std::string_view role, std::string_view default_type) {
    json::object schema{{"$ref", reference_to(std::string(role))}};
    const Entry *entry = default_type.empty() ? nullptr : registry.find(role, default_type);
    if (const auto component = entry == nullptr ? std::nullopt : declared(registry, *entry)) {
        schema["if"] = {{"not", {{"required", json::array{"type"}}}}};
        schema["then"] = {{"$ref", reference_to(component->definition)}};
    } else {
        schema["required"] = json::array{"type"};
    }
    return schema;
}

json::object component_definitions(const Registry &registry) {
    json::object definitions;
    for (const std::string_view role : roles) {
        const std::vector<DeclaredComponent> components = declared_components(registry, role);
        definitions[{role.data(), role.size()}] = role_definition(role, components);
        for (const DeclaredComponent &component : components)
            definitions[component.definition] = component_definition(registry, *component.entry);
    }
    return definitions;
}

} // namespace retort::framework
