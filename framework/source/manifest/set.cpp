// SPDX-License-Identifier: Apache-2.0
#include "set.hpp"

#include "../support/json_parse.hpp"
#include "../support/names.hpp"
#include "manifest_settings.hpp"
#include "pointer.hpp"
#include "wording.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/manifest.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace retort::framework {

namespace json = boost::json;

namespace {

bool is_utf8(std::string_view text) {
    return is_json(to_text(json::string(text.data(), text.size())));
}

json::value value_of(std::string_view text, const std::string &path) {
    if (!is_json(text)) {
        if (!is_utf8(text))
            throw Error(ErrorCode::usage, path, "the value is no text in UTF-8");
        return json::string(text.data(), text.size());
    }
    try {
        return parse_json(text, path);
    } catch (const Error &error) { // keys that stand twice
        throw Error(ErrorCode::usage, error.problems());
    }
}

/// What the manifest declares, whatever its mistakes.
Reading read_declarations(const json::value &root, const Registry &registry) {
    Reading reading(registry);
    ManifestSettings settings;
    if (root.is_object())
        read_manifest(root.get_object(), settings, reading);
    return reading;
}

std::vector<std::string> unknown_keys(const Reading &reading, const std::string &pointer) {
    const auto found = reading.objects.find(pointer);
    return found == reading.objects.end() ? std::vector<std::string>() : found->second.unknown;
}

/// Follows a path into a manifest, token by token.
class Walk {
  public:
    Walk(json::value &root, const Reading &reading) : at_(&root), reading_(reading) {}

    /// To a member or element that exists, or to a record or component that is declared but left out: it is begun.
    void enter(const std::string &token) {
        if (at_->is_array())
            return enter_element(token);
        json::object &object = object_here(token);
        const std::string next = pointer_to(pointer_, token);
        const json::value *member = object.if_contains(token);
        const bool left_out = member == nullptr || member->is_null();
        if (left_out && reading_.objects.count(next) != 0)
            object[token].emplace_object();
        else if (member == nullptr)
            throw Error(ErrorCode::manifest, next, missing(token, members(object)));
        at_ = &object[token];
        pointer_ = next;
    }

    /// To a member that need not exist yet, or an element that does.
    void enter_last(const std::string &token) {
        if (at_->is_array())
            return enter_element(token);
        at_ = &object_here(token)[token];
        pointer_ = pointer_to(pointer_, token);
    }

    [[nodiscard]] json::value &here() const { return *at_; }

    [[nodiscard]] const std::string &pointer() const { return pointer_; }

  private:
    json::object &object_here(const std::string &token) {
        if (!at_->is_object())
            throw Error(ErrorCode::manifest, pointer_to(pointer_, token),
                        "there is nothing below " + found_text(*at_) + "; allowed: a path through objects and arrays");
        return at_->get_object();
    }

    void enter_element(const std::string &token) {
        json::array &array = at_->get_array();
        const std::size_t index = index_of(array, token);
        at_ = &array[index];
        pointer_ = pointer_to(pointer_, std::to_string(index));
    }

    std::size_t index_of(const json::array &array, const std::string &token) const {
        std::size_t index = array.size();
        const char *end = token.data() + token.size();
        const bool number = std::from_chars(token.data(), end, index).ptr == end && !token.empty();
        if (number && index < array.size())
            return index;
        std::vector<std::string> names;
        for (std::size_t i = 0; i < array.size(); ++i) {
            names.push_back(std::to_string(i));
            const json::value *name = array[i].is_object() ? array[i].get_object().if_contains("name") : nullptr;
            if (name != nullptr && name->is_string())
                names.back() = name->get_string();
            if (names.back() == token)
                return i;
        }
        throw Error(ErrorCode::manifest, pointer_to(pointer_, token), unknown_name("element", token, names));
    }

    static std::string missing(const std::string &token, const std::vector<std::string> &known) {
        if (std::find(known.begin(), known.end(), token) == known.end())
            return unknown_name("setting", token, known);
        return "is left out in the manifest, so there is nothing below it; allowed: setting the whole of it";
    }

    /// What may follow: the keys that stand there, and those that are declared.
    std::vector<std::string> members(const json::object &object) const {
        std::vector<std::string> names;
        if (const auto found = reading_.objects.find(pointer_); found != reading_.objects.end())
            names = found->second.known;
        for (const auto &member : object) {
            if (std::find(names.begin(), names.end(), std::string(member.key())) == names.end())
                names.emplace_back(member.key());
        }
        return names;
    }

    json::value *at_;
    const Reading &reading_;
    std::string pointer_;
};

} // namespace

Assignment parse_assignment(std::string_view text) {
    const auto malformed = [&](const std::string &why) {
        return Error(ErrorCode::usage, std::string(text), why + "; allowed: /path=value, such as /seed=7");
    };
    const std::size_t equals = text.find('=');
    if (equals == text.npos)
        throw malformed("there is no \"=\"");
    if (text.front() != '/')
        throw malformed("the path does not begin with \"/\"");
    const std::string path(text.substr(0, equals));
    if (!is_utf8(path))
        throw malformed("the path is no text in UTF-8");
    try {
        (void)pointer_tokens(path);
        return {path, value_of(text.substr(equals + 1), path)};
    } catch (const std::invalid_argument &error) {
        throw malformed(error.what());
    }
}

Assigned assign(json::value &root, Assignment assignment, const Registry &registry) {
    json::value changed = root; // so that a mistake leaves the manifest as it was
    const Reading before = read_declarations(changed, registry);
    const std::vector<std::string> path = pointer_tokens(assignment.path);
    Walk walk(changed, before);
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
        walk.enter(path[i]);
    const std::string parent_pointer = walk.pointer();
    json::value &parent = walk.here();
    walk.enter_last(path.back());
    walk.here() = std::move(assignment.value);
    if (!is_json(to_text(changed)))
        throw Error(ErrorCode::manifest, walk.pointer(), "nested too deeply in there; allowed: 64 levels in all");

    Assigned assigned{std::move(assignment.path), walk.pointer(), {}};
    if (path.back() == "type" && parent.is_object()) {
        const std::vector<std::string> never_known = unknown_keys(before, parent_pointer);
        for (const std::string &key : unknown_keys(read_declarations(changed, registry), parent_pointer)) {
            if (std::find(never_known.begin(), never_known.end(), key) != never_known.end())
                continue; // was a mistake before, and is still reported as one
            parent.get_object().erase(key);
            assigned.dropped.push_back(pointer_to(parent_pointer, key));
        }
    }
    root = std::move(changed);
    return assigned;
}

std::vector<std::string> Manifest::set(std::string_view assignment, const Registry &registry) {
    return assign(root_, parse_assignment(assignment), registry).dropped;
}

} // namespace retort::framework
