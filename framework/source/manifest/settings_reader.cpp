// SPDX-License-Identifier: Apache-2.0
#include "settings_reader.hpp"

#include "../support/names.hpp"
#include "object_reader.hpp"
#include "pointer.hpp"
#include "schedule_fields.hpp"
#include "wording.hpp"

#include <retort/framework/json_text.hpp>

#include <algorithm>
#include <limits>

namespace retort::framework {

namespace json = boost::json;

namespace {

json::string json_string(std::string_view text) {
    return json::string(text.data(), text.size());
}

const json::object &empty_object() {
    static const json::object object;
    return object;
}

} // namespace

const json::value *SettingsReader::given(const sdk::Field &field, const std::string &allowed) {
    const json::value *found = find(field);
    if (found == nullptr && field.required && !defaults_)
        reading_.mistake(pointer(field), "is required and missing; allowed: " + allowed);
    return found;
}

std::string SettingsReader::default_text(const sdk::Field &field, const std::string &value) {
    return field.required || field.name.empty() ? std::string() : " (default " + value + ")";
}

void SettingsReader::wrong(const sdk::Field &field, const json::value &found, const std::string &allowed,
                           const std::string &otherwise) {
    reading_.mistake(pointer(field), "found " + found_text(found) + "; allowed: " + allowed + otherwise);
}

bool SettingsReader::in_range(const sdk::Field &field, const json::value &found, const std::string &otherwise) {
    const long double number = found.is_int64() ? found.get_int64() : found.to_number<long double>();
    const bool too_small = has_minimum(field.range) && number < field.range.minimum;
    const bool too_large = has_maximum(field.range) && number > field.range.maximum;
    if (!too_small && !too_large)
        return true;
    reading_.mistake(pointer(field),
                     to_text(found) + " is out of range; allowed: " + range_text(field.range) + otherwise);
    return false;
}

void SettingsReader::real(const sdk::Field &field, double &value) {
    const std::string allowed = number_text("a number", field.range);
    if (const json::value *found = given(field, allowed)) {
        const std::string otherwise = default_text(field, to_text(value));
        if (!found->is_number())
            wrong(field, *found, allowed, otherwise);
        else if (in_range(field, *found, otherwise))
            value = found->to_number<double>();
    }
    resolve(field, value);
}

void SettingsReader::integer(const sdk::Field &field, std::int64_t &value) {
    const std::string allowed = number_text("a whole number", field.range);
    if (const json::value *found = given(field, allowed)) {
        const std::string otherwise = default_text(field, to_text(value));
        const bool fits = !found->is_uint64() || found->get_uint64() <= std::numeric_limits<std::int64_t>::max();
        if (!fits && !has_maximum(field.range))
            reading_.mistake(pointer(field),
                             to_text(*found) + " is too large; allowed: up to 9223372036854775807" + otherwise);
        else if (!found->is_int64() && !found->is_uint64())
            wrong(field, *found, allowed, otherwise);
        else if (in_range(field, *found, otherwise))
            value = found->to_number<std::int64_t>(); // unsigned, in a value that was not parsed
    }
    resolve(field, value);
}

void SettingsReader::flag(const sdk::Field &field, bool &value) {
    const std::string allowed = "true or false";
    if (const json::value *found = given(field, allowed)) {
        if (found->is_bool())
            value = found->get_bool();
        else
            wrong(field, *found, allowed, default_text(field, to_text(value)));
    }
    resolve(field, value);
}

void SettingsReader::choice(const sdk::Field &field, std::span<const std::string_view> names, std::size_t &index) {
    const std::vector<std::string> available(names.begin(), names.end());
    if (const json::value *found = given(field, joined(available))) {
        const std::string otherwise = default_text(field, available[index]);
        if (!found->is_string()) {
            wrong(field, *found, joined(available), otherwise);
        } else {
            const auto match = std::find(names.begin(), names.end(), std::string_view(found->get_string()));
            if (match == names.end())
                reading_.mistake(pointer(field), unknown_choice(found->get_string(), available) + otherwise);
            else
                index = static_cast<std::size_t>(match - names.begin());
        }
    }
    resolve(field, json_string(names[index]));
}

void SettingsReader::text(const sdk::Field &field, sdk::TextSlot &slot) {
    const std::string allowed = "a text";
    if (const json::value *found = given(field, allowed)) {
        if (found->is_string())
            slot.assign(found->get_string());
        else
            wrong(field, *found, allowed, default_text(field, to_text(json_string(slot.text()))));
    }
    resolve(field, json_string(slot.text()));
}

void SettingsReader::reference(const sdk::Field &field, std::string_view role, sdk::TextSlot &slot) {
    const std::string allowed = "the name of " + with_article(role);
    const json::value *found = given(field, allowed);
    const bool optional = !field.required && !field.name.empty() && slot.text().empty(); // an element is there
    if (found != nullptr && found->is_string())
        slot.assign(found->get_string());
    else if (found != nullptr && !(optional && found->is_null()))
        return wrong(field, *found, allowed + (optional ? ", or null" : ""));
    const std::string name(slot.text());
    if (name.empty() && (found == nullptr || found->is_null()))
        return resolve(field, nullptr);
    const auto defined = reading_.defined.find(role);
    if (defined != reading_.defined.end() &&
        std::find(defined->second.begin(), defined->second.end(), name) == defined->second.end())
        reading_.mistake(pointer(field), unknown_name(role, name, defined->second));
    reading_.mentions.push_back({pointer(field), std::string(role), name});
    resolve(field, json_string(name));
}

void SettingsReader::schedule(const sdk::Field &field, sdk::Schedule &schedule) {
    const std::string allowed = number_text("a number", field.range) + ", or an object such as {\"schedule\": "
                                                                       "\"cosine\", \"value\": 0.001}";
    const json::value *found = given(field, allowed);
    if (found != nullptr && found->is_number()) {
        if (in_range(field, *found, default_text(field, to_text(schedule_value(schedule)))))
            schedule = found->to_number<double>();
    } else if (found != nullptr && !found->is_object()) {
        wrong(field, *found, allowed, default_text(field, to_text(schedule_value(schedule))));
    } else if (found != nullptr) {
        read_schedule(field, found->get_object(), schedule);
    } else {
        reading_.objects[pointer(field)]; // it may be begun as an object
    }
    resolve(field, schedule_value(schedule));
}

void SettingsReader::read_schedule(const sdk::Field &field, const json::object &found, sdk::Schedule &schedule) {
    const std::string by_default = "missing, and its default ";
    const std::size_t before = reading_.problems.size();
    ObjectReader reader(reading_, found, pointer(field));
    visit_schedule(schedule, field.range, reader);
    reader.finish();
    const bool all_right = reading_.problems.size() == before; // else it is not known what a factor comes to
    if (ends_outside(schedule, field.range) && !found.contains("final"))
        reading_.mistake(pointer_to(pointer(field), "final"),
                         by_default + to_text(schedule.final_value) +
                             " is out of range; allowed: " + number_text("a number", field.range));
    if (const std::string mistake = factor_mistake(schedule, field.range); all_right && !mistake.empty())
        reading_.mistake(pointer_to(pointer(field), "factor"),
                         (found.contains("factor") ? std::string() : by_default) + mistake);
}

void SettingsReader::record(const sdk::Field &field, sdk::RecordSlot &slot) {
    const std::string allowed = slot.optional() ? "an object, or null" : "an object";
    const json::value *found = given(field, allowed);
    const bool none = slot.optional() && (found == nullptr ? !slot.present() : found->is_null());
    if (none) {
        slot.set_present(false);
        reading_.objects[pointer(field)]; // it may be begun
        return resolve(field, nullptr);
    }
    if (found != nullptr && !found->is_object())
        return wrong(field, *found, allowed, example_of(*found, slot));
    if (!slot.present())
        slot.set_present(true);
    ObjectReader reader(reading_, found == nullptr ? empty_object() : found->get_object(), pointer(field), defaults_);
    slot.visit(reader);
    resolve(field, reader.finish());
}

void SettingsReader::list(const sdk::Field &field, sdk::ListSlot &slot) {
    const std::string allowed = slot.named() ? "an object of names and values" : "an array";
    const json::value *found = given(field, allowed);
    if (found == nullptr)
        return resolve_default(field, slot);
    if (slot.named() ? !found->is_object() : !found->is_array())
        return wrong(field, *found, allowed);
    slot.clear();
    slot.named() ? read_map(field, found->get_object(), slot) : read_array(field, found->get_array(), slot);
}

void SettingsReader::read_array(const sdk::Field &field, const json::array &found, sdk::ListSlot &slot) {
    json::array resolved;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::string place = pointer_to(pointer(field), std::to_string(i));
        ElementReader reader(reading_, &found[i], place);
        slot.append({});
        slot.visit(i, reader);
        resolved.push_back(reader.resolved());
        check_name(place, found[i], reader.resolved(), names);
    }
    resolve(field, std::move(resolved));
}

void SettingsReader::read_map(const sdk::Field &field, const json::object &found, sdk::ListSlot &slot) {
    json::object resolved;
    for (const auto &[key, value] : found) {
        const std::string place = pointer_to(pointer(field), key);
        if (const std::string mistake = name_mistake(key); !mistake.empty())
            reading_.mistake(place, mistake);
        ElementReader reader(reading_, &value, place);
        slot.append(key);
        slot.visit(slot.size() - 1, reader);
        resolved[key] = reader.resolved();
    }
    resolve(field, std::move(resolved));
}

void SettingsReader::resolve_default(const sdk::Field &field, sdk::ListSlot &slot) {
    json::array array;
    json::object object;
    for (std::size_t i = 0; i < slot.size(); ++i) {
        const std::string token = slot.named() ? std::string(slot.name(i)) : std::to_string(i);
        ElementReader reader(reading_, nullptr, pointer_to(pointer(field), token));
        slot.visit(i, reader);
        slot.named() ? void(object[token] = reader.resolved()) : array.push_back(reader.resolved());
    }
    slot.named() ? resolve(field, std::move(object)) : resolve(field, std::move(array));
}

void SettingsReader::check_name(const std::string &place, const json::value &found, const json::value &resolved,
                                std::vector<std::string> &names) {
    const auto *value = resolved.is_object() ? resolved.get_object().if_contains("name") : nullptr;
    if (value == nullptr || !value->is_string())
        return;
    const json::value *given = found.get_object().if_contains("name");
    if (value->get_string().empty() && (given == nullptr || !given->is_string()))
        return; // the name is optional and left out, or its absence or kind is reported
    const std::string name(value->get_string());
    if (const std::string mistake = name_mistake(name); !mistake.empty())
        reading_.mistake(pointer_to(place, "name"), mistake);
    else if (std::find(names.begin(), names.end(), name) != names.end())
        reading_.mistake(pointer_to(place, "name"), "\"" + name + "\" names an earlier element too; names are unique");
    names.push_back(name);
}

std::string SettingsReader::example_of(const json::value &found, std::string_view role) const {
    if (!found.is_string() || reading_.registry.find(role, std::string_view(found.get_string())) == nullptr)
        return {};
    return ", such as " + to_text(json::object{{"type", found}});
}

std::string SettingsReader::example_of(const json::value &found, sdk::RecordSlot &slot) const {
    Reading tried(reading_.registry);
    const json::object object{{"type", found}};
    ObjectReader reader(tried, object, "");
    if (found.is_string())
        slot.prototype(reader);
    const bool is_one = !tried.uses.empty() && tried.uses.front().first.empty();
    return is_one ? ", such as " + to_text(object) : std::string();
}

void SettingsReader::component(const sdk::Field &field, sdk::ComponentSlot &slot) {
    const std::string allowed =
        "an object with the \"type\" of " + with_article(slot.role()) + (slot.optional() ? ", or null" : std::string());
    const json::value *found = given(field, allowed);
    if (slot.optional() && (found == nullptr ? slot.default_type().empty() : found->is_null())) {
        slot.bind({}, nullptr);
        reading_.objects[pointer(field)]; // it may be begun
        return resolve(field, nullptr);
    }
    if (found == nullptr && field.required)
        return;
    if (found != nullptr && !found->is_object())
        return wrong(field, *found, allowed, example_of(*found, slot.role()));
    ObjectReader reader(reading_, found == nullptr ? empty_object() : found->get_object(), pointer(field));
    reader.read_component(slot);
    resolve(field, reader.finish());
}

} // namespace retort::framework
