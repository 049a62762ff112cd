// SPDX-License-Identifier: Apache-2.0
#include "check_report.hpp"
#include "check_settings.hpp"
#include "commands.hpp"
#include "instruments.hpp"
#include "last_words.hpp"
#include "plugins.hpp"

#include <retort/framework/compute_threads.hpp>
#include <retort/framework/json_text.hpp>
#include <retort/framework/printable.hpp>
#include <retort/framework/settings.hpp>
#include <retort/sdk/conformance.hpp>
#include <retort/sdk/names.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace retort::host {

namespace {

using framework::Entry;
using framework::ErrorCode;
using sdk::conformance::Finding;
using sdk::conformance::Outcome;

/// The plugin that was probably meant: by its name, or by that of a component which it offers. Empty: none.
std::string meant(const std::string &name, const framework::Registry &registry) {
    std::vector<std::string> plugins, components;
    for (const Entry *entry : registry.entries()) {
        plugins.push_back(entry->plugin);
        components.push_back(entry->name);
    }
    const std::string plugin = sdk::nearest(name, plugins), component = sdk::nearest(name, components);
    const auto place = std::find(components.begin(), components.end(), component) - components.begin();
    return plugin.empty() && !component.empty() ? plugins[static_cast<std::size_t>(place)] : plugin;
}

[[noreturn]] void refuse_name(const std::string &name, const framework::Registry &registry) {
    const std::string near = meant(name, registry);
    throw framework::Error(ErrorCode::plugin, name,
                           "there is no such plugin; " +
                               (near.empty() ? "allowed: " : "did you mean " + sdk::in_quotes(near) + "? Allowed: ") +
                               "a plugin that \"retort list\" shows, or a library's path");
}

/// The components that were asked for: of a plugin by name, or of a file.
std::vector<const Entry *> chosen(const Arguments &arguments, const Plugins &plugins) {
    const bool is_file = names_file(arguments.plugin);
    const auto of_another = [&](const Entry *entry) {
        std::error_code gone;
        return is_file ? !std::filesystem::equivalent(entry->file, arguments.plugin, gone)
                       : entry->plugin != arguments.plugin;
    };
    std::vector<const Entry *> entries = plugins.registry.entries();
    std::erase_if(entries, of_another);
    if (entries.empty()) {
        for (const framework::PluginFile &refused : plugins.refused())
            std::cerr << "note: " << rejection_text(refused) << '\n';
        refuse_name(arguments.plugin, plugins.registry);
    }
    if (!arguments.target.empty())
        std::erase_if(entries, [&](const Entry *entry) { return entry->role + "/" + entry->name != arguments.target; });
    if (entries.empty())
        throw framework::Error(ErrorCode::usage, arguments.target, "the plugin offers no such component");
    return entries;
}

/// A line on the terminal that says what is going on, and goes when that is done.
class CheckDisplay {
  public:
    explicit CheckDisplay(bool quiet) : shown_(!quiet && ::isatty(STDERR_FILENO) != 0) {}

    void show(std::string_view component, std::string_view check) const {
        if (shown_)
            std::cerr << "\r\x1b[K" << component << ' ' << check << std::flush;
    }

    void clear() const {
        if (shown_)
            std::cerr << "\r\x1b[K" << std::flush;
    }

  private:
    bool shown_;
};

std::vector<Finding> check_entry(const Entry &entry, const framework::Registry &registry, const Arguments &arguments,
                                 const CheckDisplay &display, const LastWords &last_words) {
    const boost::json::object given = settings_object(arguments.set);
    const framework::ComponentSettings read = framework::read_settings(registry, entry, given);
    if (!read.problems.empty() && !given.empty())
        throw framework::Error(ErrorCode::manifest, read.problems);
    const bool stand_ins = entry.role == sdk::Trainer::role && given.empty(); // for what a trainer is made of
    if (!read.problems.empty() && !stand_ins) {
        const framework::Problem &first = read.problems.front();
        return sdk::conformance::not_checked(entry.role + "/" + entry.name, first.where + " " + first.message +
                                                                                "; give it by --set " + first.where +
                                                                                "=VALUE");
    }
    ProcessInstruments instruments(*entry.factory);
    sdk::conformance::Options options;
    options.seed = arguments.seed;
    options.instruments = &instruments;
    if (!stand_ins)
        options.settings = [&] { return framework::read_settings(registry, entry, given).settings; };
    options.refuses = [&](const std::string &pointer, double value) {
        boost::json::object changed = given;
        const bool whole = value == static_cast<double>(static_cast<std::int64_t>(value));
        put_at(changed, pointer, whole ? boost::json::value(static_cast<std::int64_t>(value)) : value);
        const auto problems = framework::read_settings(registry, entry, changed).problems;
        return std::any_of(problems.begin(), problems.end(),
                           [&](const framework::Problem &problem) { return problem.where.rfind(pointer, 0) == 0; });
    };
    options.progress = [&](std::string_view component, std::string_view check) {
        display.show(component, check);
        last_words.begin(component, check);
    };
    return sdk::conformance::check_component(*entry.factory, entry.role, entry.name, options);
}

void write_junit(const std::string &file, const std::vector<Finding> &findings) {
    std::ofstream out(file, std::ios::binary);
    if (!(out << check_junit(findings)) || !out.flush())
        throw framework::Error(ErrorCode::output, file, "the report cannot be written");
}

} // namespace

int check(const Arguments &arguments) {
    const Plugins plugins = load_plugins(arguments);
    const std::vector<const Entry *> entries = chosen(arguments, plugins);
    const framework::ComputeThreads one(1); // what a check computes is too little for more
    const CheckDisplay display(arguments.json);
    const LastWords last_words(arguments.check_timeout);
    std::vector<Finding> findings;
    for (const Entry *entry : entries)
        for (Finding &finding : check_entry(*entry, plugins.registry, arguments, display, last_words)) {
            finding.reason = framework::one_line(finding.reason); // it may quote what the plugin prints or throws
            findings.push_back(std::move(finding));
        }
    display.clear();
    if (!arguments.junit.empty())
        write_junit(arguments.junit, findings);
    if (arguments.json)
        std::cout << framework::to_text(check_json(findings), framework::JsonLayout::pretty);
    else
        std::cout << check_table(findings);
    const bool failed = std::any_of(findings.begin(), findings.end(),
                                    [](const Finding &finding) { return finding.outcome == Outcome::failed; });
    return failed ? static_cast<int>(ErrorCode::plugin) : 0;
}

} // namespace retort::host
