// SPDX-License-Identifier: Apache-2.0
#include "changes.hpp"

#include "object_reader.hpp"
#include "pointer.hpp"
#include "wording.hpp"

#include <retort/sdk/names.hpp>
#include <retort/sdk/settings.hpp>

#include <stdexcept>

namespace retort::framework {

namespace json = boost::json;

namespace {

constexpr const char *allowed_change =
    R"(an object such as {"epoch": 5, "set": {"/stages/distil/adversaries/main/lambda": 0.2}})";
constexpr const char *allowed_set = "an object of JSON pointers to settings of one stage, and their values";

void check_pointer(const std::string &pointer, const std::string &place, Reading &reading) {
    try {
        if (pointer.starts_with('/'))
            return (void)pointer_tokens(pointer);
        reading.mistake(place, "found the key " + sdk::in_quotes(pointer) +
                                   R"(; allowed: JSON pointers, which begin with "/")");
    } catch (const std::invalid_argument &error) {
        reading.mistake(place, "found the key " + sdk::in_quotes(pointer) + "; allowed: JSON pointers, in which " +
                                   error.what());
    }
}

json::object read_set(const json::value *found, const std::string &place, Reading &reading) {
    const json::object *set = found == nullptr ? nullptr : found->if_object();
    if (found == nullptr)
        reading.mistake(place, std::string("is required and missing; allowed: ") + allowed_set);
    else if (set == nullptr)
        reading.mistake(place, "found " + found_text(*found) + "; allowed: " + allowed_set);
    else if (set->empty())
        reading.mistake(place, std::string("is empty; allowed: ") + allowed_set);
    if (set == nullptr)
        return {};
    for (const auto &[key, value] : *set)
        check_pointer(std::string(key), place, reading);
    return *set;
}

ChangeSettings read_change(const json::value &found, const std::string &place, Reading &reading) {
    ChangeSettings change;
    if (!found.is_object()) {
        reading.mistake(place, "found " + found_text(found) + "; allowed: " + allowed_change);
        return change;
    }
    ObjectReader reader(reading, found.get_object(), place);
    change.fields(reader);
    change.set = read_set(reader.raw("set"), place + "/set", reading);
    (void)reader.finish();
    return change;
}

} // namespace

void ChangeSettings::fields(sdk::Fields &field) {
    field.required("epoch", epoch, "After how many epochs of the stage its settings change.", {1, 1e6});
}

std::vector<ChangeSettings> read_changes(const json::value *found, Reading &reading) {
    std::vector<ChangeSettings> changes;
    if (found != nullptr && !found->is_array())
        reading.mistake("/changes",
                        "found " + found_text(*found) + "; allowed: an array; each element is " + allowed_change);
    if (found == nullptr || !found->is_array())
        return changes;
    for (const json::value &change : found->get_array())
        changes.push_back(read_change(change, pointer_to("/changes", std::to_string(changes.size())), reading));
    return changes;
}

} // namespace retort::framework
