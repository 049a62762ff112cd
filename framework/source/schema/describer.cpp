// SPDX-License-Identifier: Apache-2.0
#include "describer.hpp"

#include "../manifest/schedule_fields.hpp"
#include "../manifest/wording.hpp"

namespace retort::framework {

namespace json = boost::json;

json::value Describer::values() const {
    return element_ ? values_.at("") : json::value(values_);
}

json::object &Describer::describe(const sdk::Field &field, std::string_view type, json::value value) {
    json::object description;
    if (!element_)
        description["name"] = view(field.name);
    description["type"] = view(type);
    if (field.required)
        description["required"] = true;
    else if (!element_)
        description["default"] = value;
    if (!element_)
        description["documentation"] = view(field.documentation);
    values_[view(field.name)] = std::move(value);
    return descriptions_.emplace_back(std::move(description)).get_object();
}

void Describer::add_range(json::object &description, const sdk::Range &range) {
    if (has_minimum(range))
        description["minimum"] = range.minimum;
    if (has_maximum(range))
        description["maximum"] = range.maximum;
}

void Describer::real(const sdk::Field &field, double &value) {
    add_range(describe(field, "number", value), field.range);
}

void Describer::integer(const sdk::Field &field, std::int64_t &value) {
    add_range(describe(field, "integer", value), field.range);
}

void Describer::flag(const sdk::Field &field, bool &value) {
    describe(field, "boolean", value);
}

void Describer::choice(const sdk::Field &field, std::span<const std::string_view> names, std::size_t &index) {
    json::array choices;
    for (const std::string_view name : names)
        choices.push_back(view(name));
    describe(field, "choice", view(names[index]))["choices"] = std::move(choices);
}

void Describer::text(const sdk::Field &field, sdk::TextSlot &slot) {
    describe(field, "text", view(slot.text()));
}

void Describer::schedule(const sdk::Field &field, sdk::Schedule &schedule) {
    add_range(describe(field, "schedule", schedule_value(schedule)), field.range);
}

void Describer::reference(const sdk::Field &field, std::string_view role, sdk::TextSlot &slot) {
    json::value value;
    if (!slot.text().empty())
        value = view(slot.text());
    describe(field, "reference", std::move(value))["role"] = view(role);
}

void Describer::component(const sdk::Field &field, sdk::ComponentSlot &slot) {
    json::value type;
    if (!slot.default_type().empty())
        type = view(slot.default_type());
    const bool beside = field.name.empty() && !element_;
    const json::value value = type.is_null() || beside ? type : json::value{{"type", type}};
    const sdk::Field member{"type", field.documentation, {}, type.is_null()};
    json::object &description = describe(beside ? member : field, "component", value);
    description["role"] = view(slot.role());
    if (beside)
        description["inlined"] = true;
    if (slot.optional())
        description["optional"] = true;
}

void Describer::record(const sdk::Field &field, sdk::RecordSlot &slot) {
    Describer inner;
    const bool present = slot.present();
    present ? slot.visit(inner) : slot.prototype(inner);
    json::object &description = describe(field, "record", present ? inner.values() : json::value());
    if (slot.optional())
        description["optional"] = true;
    description["settings"] = inner.descriptions();
}

void Describer::list(const sdk::Field &field, sdk::ListSlot &slot) {
    json::array array;
    json::object object;
    for (std::size_t i = 0; i < slot.size(); ++i) {
        Describer element(true);
        slot.visit(i, element);
        slot.named() ? void(object[view(slot.name(i))] = element.values()) : array.push_back(element.values());
    }
    Describer element(true);
    slot.prototype(element);
    json::value value = slot.named() ? json::value(std::move(object)) : json::value(std::move(array));
    describe(field, slot.named() ? "map" : "list", std::move(value))["element"] = element.descriptions().front();
}

} // namespace retort::framework
