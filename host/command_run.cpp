// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "display.hpp"
#include "plugins.hpp"
#include "profile_table.hpp"
#include "report_table.hpp"
#include "signals.hpp"
#include "watch.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/run.hpp>

#include <boost/json/parse.hpp>

#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>

namespace retort::host {

namespace fs = std::filesystem;

namespace {

fs::path output_of(const Arguments &arguments) {
    if (arguments.resume)
        return *arguments.resume;
    return arguments.output ? *arguments.output : fs::path("runs") / fs::path(arguments.manifest).stem();
}

void log_findings(Display &display, const Plugins &plugins, const std::vector<std::string> &warnings) {
    for (const framework::PluginFile &refused : plugins.refused())
        display.log(framework::LogLevel::debug, rejection_text(refused));
    for (const std::string &warning : warnings)
        display.log(framework::LogLevel::warning, warning);
}

/// result.json, where it lies, and the profile if there is one.
void print_json(const framework::Run &run, const Arguments &arguments, const fs::path &output) {
    std::ifstream in(output / "result.json", std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    boost::json::object result{{"directory", fs::absolute(output).lexically_normal().string()}};
    const boost::json::value parsed = boost::json::parse(text);
    for (const auto &[key, value] : parsed.as_object())
        result[key] = value;
    if (arguments.profile)
        result["profile"] = profile_json(run.profile());
    std::cout << framework::to_text(result, framework::JsonLayout::pretty);
}

/// Whichever way the run ended.
void print_profile(const framework::Run &run, const Arguments &arguments) {
    if (arguments.profile && !arguments.quiet && !arguments.json)
        std::cout << '\n' << profile_table(run.profile());
}

void print_report(const framework::Run &run, const fs::path &output) {
    std::cout << '\n' << report_table(run.reports()) << "\nWritten:\n";
    for (const std::string &file : run.files())
        std::cout << "  " << (output / file).string() << '\n';
}

framework::RunOptions options_for(const Arguments &arguments, Display &display, ManifestWatch &watch,
                                  const fs::path &output) {
    framework::RunOptions options;
    options.output = output;
    options.resume = arguments.resume.has_value();
    options.force = arguments.force;
    options.profile = arguments.profile;
    options.replicas = arguments.replicas;
    options.log = [&](framework::LogLevel level, std::string_view message) { display.log(level, message); };
    options.progress = [&](const framework::RunProgress &progress) {
        display.progress(progress);
        watch.hear(progress);
    };
    return options;
}

framework::Plan begin_watch(ManifestWatch &watch, const framework::Plan &plan, const Arguments &arguments,
                            const Plugins &plugins, Display &display) {
    return watch.begin(
        plan, plugins.registry, [&] { return read_edited_plan(arguments, plugins); },
        [&](const std::string &line) { display.log(framework::LogLevel::warning, line); },
        [&](const std::string &line) { display.say(line); });
}

void step_to_the_end(framework::Run &run, ManifestWatch *watch) {
    while (run.step())
        if (watch != nullptr)
            watch->look(run);
}

/// The command that goes on with the run, with the folders of plugins that this one was given: no file keeps those.
std::string resume_command(const Arguments &arguments, const fs::path &output) {
    std::string command = "retort run --resume " + output.string();
    for (const fs::path &folder : arguments.plugin_path)
        command += " --plugin-path " + folder.string();
    return arguments.allow_unsafe_plugins ? command + " --allow-unsafe-plugins" : command;
}

void execute(framework::Run &run, ManifestWatch *watch, const std::function<void()> &finish, const Arguments &arguments,
             const fs::path &output) {
    const CancelOnSignals signals(run);
    try {
        step_to_the_end(run, watch);
    } catch (const framework::Error &error) {
        finish();
        if (error.code() == framework::ErrorCode::cancelled && fs::exists(output / "manifest.json"))
            throw framework::Error(error.code(), {},
                                   std::string(error.what()) +
                                       "; it goes on with: " + resume_command(arguments, output));
        throw;
    } catch (...) {
        finish();
        throw;
    }
    finish();
}

/// The manifest of an interrupted run must be there before anything else can be said.
void check_resumable(const Arguments &arguments) {
    if (arguments.resume && !fs::exists(arguments.manifest))
        throw framework::Error(framework::ErrorCode::output, arguments.resume->string(),
                               "there is no run in this folder to go on with: it has no manifest.json");
}

} // namespace

void run(const Arguments &arguments) {
    check_resumable(arguments);
    Display display(arguments);
    ManifestWatch watch(arguments.manifest, arguments.replicas);
    std::vector<std::string> warnings;
    const Plugins plugins = load_plugins(arguments);
    framework::Plan plan = read_plan(arguments, plugins, warnings);
    log_findings(display, plugins, warnings);
    if (arguments.watch)
        plan = begin_watch(watch, plan, arguments, plugins, display);
    const fs::path output = output_of(arguments);
    framework::Run run(plan, options_for(arguments, display, watch, output));
    display.set_epoch_size([&](std::size_t stage) -> std::uint64_t {
        const auto &datasets = plan.stages[stage].datasets;
        return datasets.empty() ? 0 : run.dataset(datasets.front()).size(sdk::Split::train);
    });
    const auto finish = [&] {
        display.finish();
        print_profile(run, arguments);
    };
    execute(run, arguments.watch ? &watch : nullptr, finish, arguments, output);
    if (arguments.replicas != nullptr && !arguments.replicas->is_first())
        return; // the first may still be writing what is shown
    if (arguments.json)
        print_json(run, arguments, output);
    else if (!arguments.quiet)
        print_report(run, output);
}

} // namespace retort::host
