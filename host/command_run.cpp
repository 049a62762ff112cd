// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "display.hpp"
#include "plugins.hpp"
#include "report_table.hpp"
#include "signals.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/run.hpp>

#include <boost/json/parse.hpp>

#include <fstream>
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

/// result.json, and where it lies.
void print_json(const fs::path &output) {
    std::ifstream in(output / "result.json", std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    boost::json::object result{{"directory", fs::absolute(output).lexically_normal().string()}};
    const boost::json::value parsed = boost::json::parse(text);
    for (const auto &[key, value] : parsed.as_object())
        result[key] = value;
    std::cout << framework::to_text(result, framework::JsonLayout::pretty);
}

void print_report(const framework::Run &run, const fs::path &output) {
    std::cout << '\n' << report_table(run.reports()) << "\nWritten:\n";
    for (const std::string &file : run.files())
        std::cout << "  " << (output / file).string() << '\n';
}

framework::RunOptions options_for(const Arguments &arguments, Display &display, const fs::path &output) {
    framework::RunOptions options;
    options.output = output;
    options.resume = arguments.resume.has_value();
    options.force = arguments.force;
    options.log = [&](framework::LogLevel level, std::string_view message) { display.log(level, message); };
    options.progress = [&](const framework::RunProgress &progress) { display.progress(progress); };
    return options;
}

void execute(framework::Run &run, Display &display, const fs::path &output) {
    const CancelOnSignals signals(run);
    try {
        run.execute();
    } catch (const framework::Error &error) {
        display.finish();
        if (error.code() == framework::ErrorCode::cancelled && fs::exists(output / "manifest.json"))
            throw framework::Error(error.code(), {},
                                   std::string(error.what()) + "; it goes on with: retort run --resume " +
                                       output.string());
        throw;
    } catch (...) {
        display.finish();
        throw;
    }
    display.finish();
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
    std::vector<std::string> warnings;
    const Plugins plugins = load_plugins(arguments);
    const framework::Plan plan = read_plan(arguments, plugins, warnings);
    log_findings(display, plugins, warnings);
    const fs::path output = output_of(arguments);
    framework::Run run(plan, options_for(arguments, display, output));
    display.set_epoch_size([&](std::size_t stage) -> std::uint64_t {
        const auto &datasets = plan.stages[stage].datasets;
        return datasets.empty() ? 0 : run.dataset(datasets.front()).size(sdk::Split::train);
    });
    execute(run, display, output);
    if (arguments.json)
        print_json(output);
    else if (!arguments.quiet)
        print_report(run, output);
}

} // namespace retort::host
