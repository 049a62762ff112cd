// SPDX-License-Identifier: Apache-2.0
#include "../manifest/manifest_settings.hpp"
#include "component_schema.hpp"
#include "schema_writer.hpp"

#include <retort/framework/schema.hpp>
#include <retort/framework/version.hpp>

#include <boost/json/array.hpp>

#include <map>

namespace retort::framework {

namespace json = boost::json;

namespace {

/// "retort 0.1.0 with losses 0.1.0, ...": whom the schema knows.
std::string origin(const Registry &registry) {
    std::map<std::string, std::string> versions;
    for (const Entry *entry : registry.entries())
        versions[entry->plugin] = entry->version;
    std::string text = "retort " + std::string(version());
    for (const auto &[plugin, plugin_version] : versions)
        text += (plugin == versions.begin()->first ? " with " : ", ") + plugin + " " + plugin_version;
    return text;
}

/// Only plugins that are files can be pinned, by digests.
void describe_pins(json::object &pins, const Registry &registry) {
    json::array names;
    for (const Entry *entry : registry.entries())
        if (const json::value name(entry->plugin);
            !entry->sha256.empty() && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    pins["propertyNames"] = names.empty() ? json::value(false) : json::value{{"enum", std::move(names)}};
    pins.at("additionalProperties").at("properties").at("sha256").get_object()["pattern"] = "^[0-9a-f]{64}$";
}

/// Each type once.
void describe_observers(json::object &observers, const Registry &registry) {
    std::map<std::string, json::array> names;
    for (const DeclaredComponent &component : declared_components(registry, "observer"))
        for (const std::string &name : component.names)
            names[component.entry->name].emplace_back(name);
    json::array each_once;
    for (auto &[name, spellings] : names) {
        json::object is_it{{"properties", {{"type", {{"enum", std::move(spellings)}}}}}};
        is_it["required"] = json::array{"type"};
        each_once.push_back({{"contains", std::move(is_it)}, {"minContains", 0}, {"maxContains", 1}});
    }
    if (!each_once.empty())
        observers["allOf"] = std::move(each_once);
}

/// What settings there are in a stage that its changes leave, only the reader can tell.
json::object schema_of_changes(const Registry &registry) {
    ChangeSettings settings;
    json::object change = object_schema(registry, [&](sdk::Fields &fields) { settings.fields(fields); });
    json::object set{{"type", "object"},
                     {"description", "Settings of one stage, by JSON pointers, and their values from then on."},
                     {"minProperties", 1}};
    set["propertyNames"] = json::object{{"pattern", "^/stages(/([^~/]|~[01])*){2,}$"}};
    change.at("properties").get_object()["set"] = std::move(set);
    change.at("required").get_array().emplace_back("set");
    return {{"type", "array"},
            {"description", "What changes in a stage while it runs."},
            {"default", json::array()},
            {"items", std::move(change)}};
}

/// Something is asked for.
json::array not_all_empty() {
    json::array one_of_them;
    for (const auto &[key, least] :
         {std::pair("data", "minProperties"), {"models", "minProperties"}, {"stages", "minItems"}}) {
        json::object holds_something{{"properties", {{key, {{least, 1}}}}}};
        holds_something["required"] = json::array{key};
        one_of_them.push_back(std::move(holds_something));
    }
    return one_of_them;
}

} // namespace

json::object manifest_schema(const Registry &registry) {
    ManifestSettings settings;
    const json::object root = object_schema(registry, [&](sdk::Fields &fields) { settings.fields(fields); });
    json::object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                        {"$comment", origin(registry)},
                        {"title", "Manifest of Retort"}};
    for (const auto &member : root)
        schema[member.key()] = member.value();
    json::object &properties = schema.at("properties").get_object();
    describe_pins(properties.at("plugins").get_object(), registry);
    properties["changes"] = schema_of_changes(registry);
    properties.at("report").at("properties").at("out_of_distribution").get_object()["uniqueItems"] = true;
    describe_observers(properties.at("observers").get_object(), registry);
    schema["anyOf"] = not_all_empty();
    schema["$defs"] = component_definitions(registry);
    return schema;
}

} // namespace retort::framework
