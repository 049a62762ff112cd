// SPDX-License-Identifier: Apache-2.0
#include "changed_settings.hpp"

#include "pointer.hpp"

#include <retort/framework/json_text.hpp>

#include <algorithm>

namespace retort::framework {

namespace json = boost::json;

namespace {

constexpr std::string_view type_end = "/type";

/// The text in `value` at `key`; empty if there is none.
std::string text_at(const json::value &value, std::string_view key) {
    const json::value *found = value.is_object() ? value.get_object().if_contains({key.data(), key.size()}) : nullptr;
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool same_keys(const json::object &a, const json::object &b) {
    return a.size() == b.size() &&
           std::all_of(a.begin(), a.end(), [&](const auto &member) { return b.contains(member.key()); });
}

bool are_records(const json::array &list) {
    return std::all_of(list.begin(), list.end(), [](const json::value &element) { return element.is_object(); });
}

class Comparison {
  public:
    void compare(const json::value &before, const json::value &after, const std::string &pointer,
                 const std::string &path) {
        if (before == after)
            return;
        if (before.is_object() && after.is_object())
            return compare_objects(before, after, pointer, path);
        if (before.is_array() && after.is_array() && before.get_array().size() == after.get_array().size() &&
            are_records(before.get_array()) && are_records(after.get_array()))
            return compare_lists(before.get_array(), after.get_array(), pointer, path);
        found.push_back({pointer, path, before, after});
    }

    std::vector<ChangedSetting> found;

  private:
    void compare_objects(const json::value &before, const json::value &after, const std::string &pointer,
                         const std::string &path) {
        const std::string type = text_at(before, "type");
        const std::string other = text_at(after, "type");
        if (type != other && !type.empty() && !other.empty())
            found.push_back({pointer + "/type", path + "/type", json::string(type), json::string(other)});
        else if (!same_keys(before.get_object(), after.get_object()))
            found.push_back({pointer, path, before, after});
        else
            for (const auto &[key, value] : before.get_object())
                compare(value, after.get_object().at(key), pointer_to(pointer, key), pointer_to(path, key));
    }

    void compare_lists(const json::array &before, const json::array &after, const std::string &pointer,
                       const std::string &path) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            const std::string index = std::to_string(i);
            const std::string name = text_at(before[i], "name");
            const bool named = !name.empty() && name == text_at(after[i], "name");
            compare(before[i], after[i], pointer_to(pointer, index), pointer_to(path, named ? name : index));
        }
    }
};

} // namespace

std::vector<ChangedSetting> changed_settings(const json::value &before, const json::value &after,
                                             const std::string &path) {
    Comparison comparison;
    comparison.compare(before, after, {}, path);
    return std::move(comparison.found);
}

json::object assignments_for(std::span<const ChangedSetting> settings, const json::value &after) {
    json::object result;
    for (const ChangedSetting &setting : settings) {
        const bool whole = setting.pointer.ends_with(type_end) && setting.before != setting.after;
        const std::size_t cut = whole ? type_end.size() : 0;
        result[setting.path.substr(0, setting.path.size() - cut)] =
            whole ? after.at_pointer(setting.pointer.substr(0, setting.pointer.size() - cut)) : setting.after;
    }
    return result;
}

namespace {

/// The resolved manifest, but with "changes" as they stand in the manifest: what those make of settings that are edited
/// is no edit of its own.
json::value editable(const Plan &plan) {
    json::object result = plan.resolved;
    const json::value &root = plan.manifest.root();
    const json::value *changes = root.is_object() ? root.get_object().if_contains("changes") : nullptr;
    result["changes"] = changes == nullptr ? json::value(json::array()) : *changes;
    return result;
}

} // namespace

std::vector<std::string> edits(const Plan &before, const Plan &after) {
    const json::value then = editable(before);
    const json::value now = editable(after);
    std::vector<std::string> result;
    for (const auto &[path, value] : assignments_for(changed_settings(then, now, {}), now))
        result.push_back(std::string(path) + "=" + to_text(value));
    return result;
}

} // namespace retort::framework
