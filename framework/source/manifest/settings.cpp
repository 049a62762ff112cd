// SPDX-License-Identifier: Apache-2.0
#include "../support/translate.hpp"
#include "object_reader.hpp"

#include <retort/framework/settings.hpp>

#include <string>
#include <utility>

namespace retort::framework {

namespace {

/// Every text in `value`: any of them may be the name of a model or a dataset.
void collect_texts(const boost::json::value &value, std::vector<std::string> &texts) {
    if (value.is_string())
        texts.emplace_back(value.get_string());
    else if (value.is_array())
        for (const boost::json::value &element : value.get_array())
            collect_texts(element, texts);
    else if (value.is_object())
        for (const auto &member : value.get_object())
            collect_texts(member.value(), texts);
}

} // namespace

ComponentSettings read_settings(const Registry &registry, const Entry &entry, const boost::json::object &object) {
    Reading reading(registry);
    collect_texts(object, reading.defined["model"]);
    reading.defined["dataset"] = reading.defined["model"];
    ComponentSettings result;
    try {
        result.settings = entry.factory->make_settings();
        ObjectReader reader(reading, object, "");
        result.settings->fields(reader);
        reader.finish();
    } catch (...) {
        throw translated_exception("", entry.plugin);
    }
    result.problems = std::move(reading.problems);
    return result;
}

} // namespace retort::framework
