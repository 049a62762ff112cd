// SPDX-License-Identifier: Apache-2.0
#include "result.hpp"

#include "../files/sha256.hpp"

#include <retort/framework/evaluate.hpp>
#include <retort/framework/json_text.hpp>
#include <retort/framework/version.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <map>

namespace retort::framework {

namespace json = boost::json;

namespace {

json::object plugin_json(const UsedPlugin &plugin) {
    return {{"name", plugin.name}, {"version", plugin.version}, {"file", plugin.file}, {"sha256", plugin.sha256}};
}

std::string cell_text(const json::value &value) {
    if (value.is_string())
        return std::string(value.get_string());
    std::string text = to_text(value);
    return text == "null" ? std::string() : text;
}

/// Datasets that some report tells from its own, each once.
std::vector<std::string> out_of_distribution(std::span<const Report> reports) {
    std::vector<std::string> names;
    for (const Report &report : reports)
        for (const DetectionReport &other : report.out_of_distribution)
            if (std::find(names.begin(), names.end(), other.data) == names.end())
                names.push_back(other.data);
    return names;
}

template <class Items, class ToJson> json::array array_of(const Items &items, ToJson to_json) {
    json::array array;
    for (const auto &item : items)
        array.emplace_back(to_json(item));
    return array;
}

/// Of a library as it was when it was loaded; else of the file as it is, which is read once.
class Digests {
  public:
    const std::string &of(const Entry &entry) {
        if (!entry.sha256.empty())
            return entry.sha256;
        std::string &digest = by_file_[code_file(entry)];
        return digest.empty() ? digest = sha256_of(code_file(entry)) : digest;
    }

  private:
    std::map<std::string, std::string> by_file_;
};

} // namespace

std::vector<UsedPlugin> used_plugins(const Plan &plan) {
    std::vector<UsedPlugin> plugins;
    Digests digests;
    for (const Entry *entry : plan.used) {
        const std::string file = code_file(*entry);
        const bool known = std::any_of(plugins.begin(), plugins.end(), [&](const UsedPlugin &plugin) {
            return plugin.name == entry->plugin && plugin.file == file;
        });
        if (!known)
            plugins.push_back({entry->plugin, entry->version, file, digests.of(*entry)});
    }
    return plugins;
}

std::string processor_name() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            return line.substr(std::min(line.find(": "), line.size() - 2) + 2);
    return {};
}

std::string time_text() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

json::object report_json(const Report &report) {
    json::object json{{"model", report.model},
                      {"weights", report.weights},
                      {"stage", report.stage},
                      {"data", report.data},
                      {"size", report.size},
                      {"errors", report.errors},
                      {"accuracy", report.accuracy},
                      {"nll", report.nll},
                      {"brier", report.brier},
                      {"ece", report.ece},
                      {"parameters", report.parameters},
                      {"seconds", report.seconds}};
    const std::optional<ScaledReport> &scaled = report.scaled;
    json["temperature"] = scaled ? json::value(scaled->temperature) : nullptr;
    json["scaled_nll"] = scaled ? json::value(scaled->nll) : nullptr;
    json["scaled_brier"] = scaled ? json::value(scaled->brier) : nullptr;
    json["scaled_ece"] = scaled ? json::value(scaled->ece) : nullptr;
    json::object auroc;
    for (const DetectionReport &other : report.out_of_distribution)
        auroc[other.data] = other.auroc;
    json["auroc"] = std::move(auroc);
    return json;
}

json::object record_to_json(const StageRecord &stage) {
    json::object metrics;
    for (const auto &[name, value] : stage.metrics)
        metrics[name] = value;
    return {{"name", stage.name},
            {"type", stage.type},
            {"model", stage.model},
            {"steps", stage.steps},
            {"steps_per_epoch", stage.steps_per_epoch},
            {"selected_epoch", stage.selected_epoch},
            {"seconds", stage.seconds},
            {"metrics", std::move(metrics)},
            {"also_trained", array_of(stage.others, [](const OtherModel &other) { return json::value(other.model); })}};
}

StageRecord record_from_json(const json::object &json) {
    const auto text = [&](const char *key) { return std::string(json.at(key).as_string()); };
    const auto count = [&](const char *key) { return json.at(key).to_number<std::uint64_t>(); };
    StageRecord stage{text("name"), text("type"), text("model"), count("steps"), count("steps_per_epoch")};
    stage.seconds = json.at("seconds").to_number<double>();
    stage.selected_epoch = count("selected_epoch");
    for (const auto &[name, value] : json.at("metrics").as_object())
        stage.metrics.emplace_back(name, value.to_number<double>());
    if (const json::value *others = json.if_contains("also_trained"))
        for (const json::value &model : others->as_array())
            stage.others.push_back({std::string(model.as_string())});
    return stage;
}

json::object result_json(const Result &result) {
    return {{"retort", version()},
            {"format", 1},
            {"seed", result.seed},
            {"replicas", result.replicas},
            {"threads", result.threads},
            {"processor", processor_name()},
            {"started", result.started},
            {"seconds", result.seconds},
            {"plugins", array_of(result.plugins, plugin_json)},
            {"stages", array_of(result.stages, record_to_json)},
            {"reports", array_of(result.reports, report_json)},
            {"files", array_of(result.files, [](const std::string &file) { return json::value(file); })}};
}

std::string report_csv(std::span<const Report> reports) {
    const std::vector<std::string> others = out_of_distribution(reports);
    std::string text = "model,weights,stage,data,size,errors,accuracy,nll,brier,ece,parameters,seconds,"
                       "temperature,scaled_nll,scaled_brier,scaled_ece";
    for (const std::string &other : others)
        text += ",auroc." + other;
    text += '\n';
    for (const Report &report : reports) {
        json::object row = report_json(report);
        const json::value auroc = std::move(row.at("auroc"));
        row.erase("auroc");
        for (const std::string &other : others)
            row["auroc." + other] = auroc.get_object().contains(other) ? auroc.at(other) : json::value();
        std::string separator;
        for (const auto &[key, value] : row) {
            text += separator + cell_text(value);
            separator = ",";
        }
        text += '\n';
    }
    return text;
}

} // namespace retort::framework
