// SPDX-License-Identifier: Apache-2.0
#include "object_reader.hpp"

#include "../support/names.hpp"
#include "../support/translate.hpp"
#include "builder.hpp"
#include "pointer.hpp"
#include "wording.hpp"

#include <algorithm>
#include <utility>

namespace retort::framework {

namespace json = boost::json;

const json::value *ObjectReader::find(const sdk::Field &field) {
    const std::string name(field.name);
    const bool again = std::find(known_.begin(), known_.end(), name) != known_.end();
    faulty_ = faulty_ || name.empty() || again;
    if (name.empty())
        reading_.plugin_mistake(pointer_, "the plugin declares a setting without a name");
    else if (again)
        reading_.plugin_mistake(pointer(field), "\"" + name +
                                                    "\" is declared twice for this object: one of the two "
                                                    "must be renamed in its plugin");
    else
        known_.push_back(name);
    return object_.if_contains(name);
}

std::string ObjectReader::pointer(const sdk::Field &field) const {
    return pointer_to(pointer_, field.name);
}

void ObjectReader::resolve(const sdk::Field &field, json::value value) {
    resolved_[{field.name.data(), field.name.size()}] = std::move(value);
}

void ObjectReader::component(const sdk::Field &field, sdk::ComponentSlot &slot) {
    if (field.name.empty())
        read_component(slot);
    else
        SettingsReader::component(field, slot);
}

void ObjectReader::read_component(sdk::ComponentSlot &slot) {
    const std::string type = read_type(slot);
    if (type.empty()) {
        complete_ = false;
        return;
    }
    const Entry *entry = reading_.registry.find(slot.role(), type);
    if (entry == nullptr) {
        reading_.plugin_mistake(pointer_to(pointer_, "type"), reading_.registry.not_found(slot.role(), type));
        complete_ = false;
        return;
    }
    reading_.use(*entry, pointer_);
    resolved_["type"] = type;
    if (object_.empty())
        read_default(*entry, slot);
    else
        read_settings(*entry, slot);
}

void ObjectReader::read_default(const Entry &entry, sdk::ComponentSlot &slot) {
    std::vector<const Entry *> &outer = reading_.by_default;
    if (std::find(outer.begin(), outer.end(), &entry) != outer.end()) {
        reading_.plugin_mistake(pointer_,
                                "by default " + sdk::in_quotes(entry.name) +
                                    " holds another one, and that yet another, without end",
                                entry.plugin);
        complete_ = false;
        return;
    }
    outer.push_back(&entry);
    read_settings(entry, slot);
    outer.pop_back();
}

std::string ObjectReader::read_type(const sdk::ComponentSlot &slot) {
    const sdk::Field field{"type", {}};
    const json::value *found = find(field);
    const std::string allowed = joined(reading_.offered(slot.role()));
    if (found == nullptr && slot.default_type().empty())
        reading_.mistake(pointer(field), "is required and missing; allowed: " + allowed);
    else if (found == nullptr)
        return std::string(slot.default_type());
    else if (!found->is_string())
        wrong(field, *found, allowed);
    else
        return std::string(found->get_string());
    return {};
}

void ObjectReader::read_settings(const Entry &entry, sdk::ComponentSlot &slot) {
    const std::string owner = std::exchange(reading_.owner, pointer_);
    try {
        std::shared_ptr<sdk::AnySettings> settings = entry.factory->make_settings();
        settings->fields(*this);
        slot.bind(entry.name, make_builder(entry, std::move(settings), pointer_.substr(owner.size())));
    } catch (...) {
        const sdk::Error error = placed_exception(pointer_, entry.plugin);
        reading_.plugin_mistake(error.pointer(), error.what(), error.plugin());
    }
    reading_.owner = owner;
}

json::object ObjectReader::finish() {
    ObjectKeys &keys = reading_.objects[pointer_];
    keys.known = known_;
    keys.faulty = faulty_;
    for (const auto &member : object_) {
        const std::string key(member.key());
        if (!complete_ || std::find(known_.begin(), known_.end(), key) != known_.end())
            continue;
        keys.unknown.push_back(key);
        reading_.mistake(pointer_to(pointer_, key), unknown_text(key));
    }
    return std::move(resolved_);
}

std::string ObjectReader::unknown_text(const std::string &key) const {
    for (const std::string &known : known_) {
        const auto inner = reading_.objects.find(pointer_to(pointer_, known));
        if (inner == reading_.objects.end())
            continue;
        const std::vector<std::string> &keys = inner->second.known;
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
            return "there is no setting " + sdk::in_quotes(key) + "; did you mean " +
                   sdk::in_quotes(known + "/" + key) + "? Available: " + joined(known_);
    }
    return unknown_name("setting", key, known_);
}

} // namespace retort::framework
