// SPDX-License-Identifier: Apache-2.0
#include "pins.hpp"

#include "../files/atomic_file.hpp"
#include "../support/names.hpp"
#include "manifest_text.hpp"
#include "object_reader.hpp"
#include "pointer.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/pins.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace retort::framework {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

/// The manifest's "plugins" alone.
struct PinsOnly {
    sdk::Map<PinSettings> plugins;

    void fields(sdk::Fields &field) { field("plugins", plugins, ""); }
};

json::object pins_json(const std::vector<Pin> &pins) {
    json::object result;
    for (const Pin &pin : pins)
        result[pin.plugin] = json::object{{"sha256", pin.sha256}};
    return result;
}

std::string manifest_text(const fs::path &file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<Pin> pins_for(const Plan &plan) {
    std::vector<Pin> pins;
    for (const Entry *entry : plan.used)
        if (!entry->sha256.empty())
            pins.push_back({entry->plugin, entry->sha256, entry->file});
    const auto by_name = [](const Pin &a, const Pin &b) { return a.plugin < b.plugin; };
    const auto same = [](const Pin &a, const Pin &b) { return a.plugin == b.plugin; };
    std::sort(pins.begin(), pins.end(), by_name);
    pins.erase(std::unique(pins.begin(), pins.end(), same), pins.end());
    return pins;
}

} // namespace

void PinSettings::fields(sdk::Fields &field) {
    field.required("sha256", sha256, "SHA-256 of the plugin's file, 64 hexadecimal digits.");
}

void check_pins(const sdk::Map<PinSettings> &pins, Reading &reading) {
    for (const auto &[plugin, pin] : pins.items) {
        const std::string &found = pin.sha256;
        const std::string place = pointer_to("/plugins", plugin);
        const std::string inside = pointer_to(place, "sha256");
        const auto is_here = [&](const Problem &problem) { return problem.where == place || problem.where == inside; };
        const bool read = std::none_of(reading.problems.begin(), reading.problems.end(), is_here);
        if (read && (found.size() != 64 || found.find_first_not_of("0123456789abcdef") != found.npos))
            reading.mistake(inside, "found " + sdk::in_quotes(found) + "; allowed: 64 digits, 0 to 9 and a to f");
    }
}

void check_pinned(const sdk::Map<PinSettings> &pins, Reading &reading) {
    std::map<std::string, const Entry *> loaded;
    std::vector<std::string> names;
    for (const Entry *entry : reading.registry.entries())
        if (loaded.emplace(entry->plugin, entry).second)
            names.push_back(entry->plugin);
    for (const auto &[plugin, pin] : pins.items) {
        const auto found = loaded.find(plugin);
        const std::string place = pointer_to("/plugins", plugin);
        const std::string near = nearest(plugin, names);
        if (found == loaded.end())
            reading.plugin_mistake(place, "no plugin of this name was loaded" +
                                              (near.empty() ? "" : "; did you mean " + sdk::in_quotes(near) + "?"));
        else if (found->second->sha256.empty())
            reading.plugin_mistake(place, "it is part of the program and has no file to pin");
        else if (found->second->sha256 != pin.sha256 && !pin.sha256.empty())
            reading.plugin_mistake(place,
                                   "its SHA-256 is " + found->second->sha256 + ", the manifest pins " + pin.sha256);
    }
}

std::map<std::string, std::string> pins_of(const Manifest &manifest) {
    std::map<std::string, std::string> pins;
    const json::object *root = manifest.root().if_object();
    const json::value *plugins = root == nullptr ? nullptr : root->if_contains("plugins");
    if (plugins == nullptr)
        return pins;
    const Registry none;
    Reading reading(none);
    PinsOnly settings;
    const json::object alone{{"plugins", *plugins}};
    ObjectReader reader(reading, alone, "");
    settings.fields(reader);
    (void)reader.finish();
    check_pins(settings.plugins, reading);
    if (!reading.problems.empty())
        throw Error(ErrorCode::manifest, reading.problems);
    for (const auto &[name, pin] : settings.plugins.items)
        pins[name] = pin.sha256;
    return pins;
}

void Manifest::forget_pins() {
    if (json::object *root = root_.if_object())
        root->stable_erase("plugins");
}

std::vector<Pin> lock_manifest(const fs::path &file, const Plan &plan) {
    const std::vector<Pin> pins = pins_for(plan);
    (void)Manifest::read(file);
    const fs::path target = fs::canonical(file); // a link stays a link
    const std::string text = manifest_text(target);
    const std::string locked = with_member(text, "plugins", pins_json(pins));
    if (locked == text)
        return pins;
    AtomicFile output(target);
    output.set_permissions(fs::status(target).permissions());
    output.write(locked);
    output.commit();
    return pins;
}

} // namespace retort::framework
