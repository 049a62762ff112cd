// SPDX-License-Identifier: Apache-2.0
#include "describe_page.hpp"

#include "text.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/array.hpp>

namespace retort::host {

namespace json = boost::json;

namespace {

std::string text_at(const json::object &object, std::string_view key) {
    const json::value *value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag_at(const json::object &object, std::string_view key) {
    const json::value *value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

const json::array *array_at(const json::object &object, std::string_view key) {
    const json::value *value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_array();
}

const json::object *object_at(const json::object &object, std::string_view key) {
    const json::value *value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

std::string choices_text(const json::array &choices) {
    std::string text;
    for (const json::value &choice : choices)
        text += (text.empty() ? "" : ", ") + std::string(choice.get_string());
    return text;
}

std::string range_text(const json::object &setting) {
    const json::value *minimum = setting.if_contains("minimum");
    const json::value *maximum = setting.if_contains("maximum");
    if (minimum != nullptr && maximum != nullptr)
        return ", " + framework::to_text(*minimum) + " to " + framework::to_text(*maximum);
    if (minimum != nullptr)
        return ", at least " + framework::to_text(*minimum);
    return maximum == nullptr ? "" : ", at most " + framework::to_text(*maximum);
}

/// "integer, 1 to 64", "list of integer, at least 1", "one of relu, tanh", "discriminator".
std::string type_text(const json::object &setting) {
    std::string text = text_at(setting, "type");
    const std::string role = text_at(setting, "role");
    if (text == "component")
        text = role + " (its type and settings)";
    else if (text == "reference")
        text = "name of a " + role;
    else if (const json::array *choices = array_at(setting, "choices"))
        text = "one of " + choices_text(*choices);
    if (const json::object *element = object_at(setting, "element"))
        text += " of " + type_text(*element);
    return text + range_text(setting);
}

std::string default_text(const json::object &setting) {
    if (flag_at(setting, "required"))
        return "; required";
    const json::value *value = setting.if_contains("default");
    if (value == nullptr || value->is_null())
        return flag_at(setting, "optional") ? "; optional" : "";
    return "; default " + framework::to_text(*value);
}

std::string settings_text(const json::array &settings, std::size_t indent);

/// The settings of a record, or of the records in a list.
std::string nested_text(const json::object &setting, std::size_t indent) {
    if (const json::array *settings = array_at(setting, "settings"))
        return settings_text(*settings, indent);
    const json::object *element = object_at(setting, "element");
    return element == nullptr ? std::string() : nested_text(*element, indent);
}

std::string setting_text(const json::object &setting, std::size_t indent) {
    return std::string(indent, ' ') + text_at(setting, "name") + "\n" +
           wrapped(type_text(setting) + default_text(setting), indent + 4) +
           wrapped(text_at(setting, "documentation"), indent + 4) + nested_text(setting, indent + 4);
}

std::string settings_text(const json::array &settings, std::size_t indent) {
    std::string text;
    for (const json::value &setting : settings)
        text += setting_text(setting.as_object(), indent);
    return text;
}

std::string taps_text(const json::array &taps) {
    std::string text = "\nTaps, with default settings on 784 inputs and 10 classes\n";
    for (const json::value &tap : taps)
        text +=
            "  " + std::string(tap.at("name").as_string()) + ": width " + framework::to_text(tap.at("width")) + "\n";
    return text;
}

} // namespace

std::string describe_page(const json::object &description) {
    std::string page = text_at(description, "role") + "/" + text_at(description, "name") + "\n" +
                       wrapped(text_at(description, "documentation"), 0) + "Plugin " + text_at(description, "plugin") +
                       " " + text_at(description, "version") + "\n\nSettings\n";
    const json::array *settings = array_at(description, "settings");
    page += settings == nullptr || settings->empty() ? "  none\n" : settings_text(*settings, 2);
    if (const json::array *taps = array_at(description, "taps"); taps != nullptr && !taps->empty())
        page += taps_text(*taps);
    return page;
}

} // namespace retort::host
