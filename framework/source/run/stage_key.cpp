// SPDX-License-Identifier: Apache-2.0
#include "stage_key.hpp"

#include "../files/sha256.hpp"
#include "../manifest/pointer.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/version.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <set>

namespace retort::framework {

namespace json = boost::json;

namespace {

/// The value in `object` at `key`; null if there is none.
json::value member(const json::value &object, const std::string &key) {
    const json::value *found = object.is_object() ? object.get_object().if_contains(key) : nullptr;
    return found == nullptr ? json::value() : *found;
}

class KeyMaker {
  public:
    explicit KeyMaker(const KeyParts &parts) : parts_(parts) {}

    std::vector<json::object> all() {
        for (std::size_t i = 0; i < parts_.plan.stages.size(); ++i)
            keys_.push_back(key(i));
        return keys_;
    }

  private:
    json::object key(std::size_t index) {
        const PlannedStage &stage = parts_.plan.stages[index];
        plugins_ = {stage.plugins.begin(), stage.plugins.end()};
        json::object models;
        for (const std::string &name : stage.models)
            models[name] = model(name, index);
        json::object data;
        for (const std::string &name : stage.datasets)
            data[name] = dataset(name);
        const json::value stages = member(parts_.plan.resolved, "stages");
        const json::object key{
            {"retort", version()},
            {"seed", parts_.plan.seed},
            {"replicas", parts_.replicas},
            {"threads", parts_.threads},
            {"precision", names_of(parts_.plan.precision)[static_cast<std::size_t>(parts_.plan.precision)]},
            {"stage", stages.is_array() ? stages.get_array().at(index) : json::value(stage.name)},
            {"models", std::move(models)},
            {"data", std::move(data)},
            {"plugins", plugin_digests(plugins_)},
            {"changes", changes(stage)}};
        return json::parse(to_text(key)).as_object(); // numbers as they will be read back
    }

    json::object model(const std::string &name, std::size_t index) {
        const auto &models = parts_.plan.models;
        const auto found = std::find_if(models.begin(), models.end(), [&](const auto &m) { return m.name == name; });
        json::object key{{"settings", member(member(parts_.plan.resolved, "models"), name)}};
        if (found != models.end()) {
            plugins_.insert(found->plugins.begin(), found->plugins.end());
            if (parts_.weights.contains(name))
                key["weights"] = member(parts_.weights, name);
        }
        for (std::size_t earlier = index; earlier-- > 0;)
            if (trains(earlier, name)) {
                key["trained_by"] = sha256_of_text(to_text(keys_[earlier]));
                break;
            }
        return key;
    }

    [[nodiscard]] bool trains(std::size_t stage, const std::string &model) const {
        const std::vector<std::string> &names = parts_.trained[stage];
        return std::find(names.begin(), names.end(), model) != names.end();
    }

    json::value dataset(const std::string &name) {
        for (const auto &planned : parts_.plan.datasets)
            if (planned.name == name)
                plugins_.insert(planned.plugins.begin(), planned.plugins.end());
        return member(parts_.data, name);
    }

    json::array changes(const PlannedStage &stage) const {
        json::array result;
        for (const PlannedChange &change : stage.changes) {
            json::array settings;
            for (const ChangedSetting &setting : change.settings)
                settings.emplace_back(setting.pointer);
            const std::vector<std::string> &plugins = change.trainer.plugins;
            result.push_back(json::object{{"epoch", change.epoch},
                                          {"settings", std::move(settings)},
                                          {"stage", change.resolved},
                                          {"plugins", plugin_digests({plugins.begin(), plugins.end()})}});
        }
        return result;
    }

    json::object plugin_digests(const std::set<std::string> &names) const {
        json::object digests;
        for (const UsedPlugin &plugin : parts_.plugins)
            if (names.count(plugin.name) != 0)
                digests[plugin.name] = plugin.sha256;
        return digests;
    }

    const KeyParts &parts_;
    std::set<std::string> plugins_; ///< of the key that is being made
    std::vector<json::object> keys_;
};

std::string short_text(const json::value &value) {
    const std::string text = to_text(value);
    return text.size() <= 40 ? text : text.substr(0, 12) + "...";
}

void compare(const std::string &pointer, const json::value &then, const json::value &now, std::string &found) {
    if (then == now)
        return;
    if (!then.is_object() || !now.is_object()) {
        found += (found.empty() ? "" : ", ") + pointer + " (" + short_text(then) + ", now " + short_text(now) + ")";
        return;
    }
    std::set<std::string> names;
    for (const json::value *object : {&then, &now})
        for (const auto &entry : object->get_object())
            names.emplace(entry.key());
    for (const std::string &name : names)
        compare(pointer_to(pointer, name), member(then, name), member(now, name), found);
}

} // namespace

std::vector<json::object> stage_keys(const KeyParts &parts) {
    return KeyMaker(parts).all();
}

json::object weights_digests(const Plan &plan) {
    json::object digests;
    for (const PlannedModel &model : plan.models)
        if (!model.weights.empty())
            digests[model.name] = sha256_of(model.weights);
    return digests;
}

json::object key_of_epochs(json::object key, std::uint64_t begun) {
    const json::value *changes = key.if_contains("changes");
    if (changes == nullptr)
        return key;
    json::array made;
    for (const json::value &change : changes->as_array())
        if (change.at("epoch").to_number<std::uint64_t>() < begun)
            made.push_back(change);
    key["changes"] = std::move(made);
    return key;
}

std::string differences(const json::object &then, const json::object &now) {
    std::string found;
    compare("", then, now, found);
    return found;
}

} // namespace retort::framework
