// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/plugin.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <plugins/observers/figures/figures.hpp>
#include <plugins/observers/figures/gnuplot.hpp>
#include <plugins/observers/figures/reliability.hpp>
#include <system_error>
#include <vector>

namespace retort::observer_figures {

void Figures::end_stage(const sdk::StageInfo &stage, bool) {
    if (directory_.empty())
        return;
    const std::string name(stage.name);
    const std::filesystem::path metrics = directory_ / "metrics";
    std::vector<Script> scripts = discriminator_scripts(name, read_table(metrics / (name + ".steps.csv")),
                                                        read_events(metrics / (name + ".events.csv")));
    for (Script &script :
         accuracy_scripts(name, std::string(stage.model), read_table(metrics / (name + ".epochs.csv"))))
        scripts.push_back(std::move(script));
    if (scripts.empty() && !std::filesystem::exists(metrics / (name + ".steps.csv")))
        services_.warn("there are no figures of stage " + name +
                       R"(: they are drawn from the tables of the observer "csv", which must stand before "figures")");
    for (const Script &script : scripts)
        draw(script);
}

void Figures::end_run() {
    if (directory_.empty())
        return;
    constexpr std::string_view ending = ".reliability.csv";
    std::vector<std::string> names;
    std::error_code error; // without such a folder there is nothing to draw
    for (const auto &entry : std::filesystem::directory_iterator(directory_ / "report", error))
        if (const std::string name = entry.path().filename().string(); name.ends_with(ending))
            names.push_back(name);
    std::sort(names.begin(), names.end());
    for (const std::string &name : names)
        for (const Script &script :
             reliability_scripts(name.substr(0, name.size() - ending.size()), read_table(directory_ / "report" / name)))
            draw(script);
}

void Figures::draw(const Script &script) {
    const std::filesystem::path folder = directory_ / "figures";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const std::string file = script.name + ".gnuplot";
    std::ofstream out(folder / file, std::ios::binary);
    if (!(out << script.text) || !out.flush()) {
        services_.warn("\"" + (folder / file).string() + "\" cannot be written: there is no such figure");
        return;
    }
    const std::string failure = run_gnuplot(program_, folder, file, std::chrono::seconds(60));
    if (!failure.empty())
        services_.warn("figure " + script.name + " was not drawn by \"" + program_ + "\": " + failure +
                       "; with gnuplot installed (Debian: apt install gnuplot-nox), run \"gnuplot -d " + file +
                       "\" in \"" + folder.string() + "\"");
}

} // namespace retort::observer_figures

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Observer, retort::observer_figures::Figures>(
        "figures",
        "Draws the discriminators' means and the accuracies of every stage, and how reliable each model is.");
}
