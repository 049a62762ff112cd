// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "plugins.hpp"
#include "scaffold.hpp"

#include <retort/sdk/names.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

namespace retort::host {

namespace {

namespace fs = std::filesystem;

/// Two components of one name, or two plugins, would be in each other's way in every manifest.
void refuse_taken(const Arguments &arguments) {
    const Plugins plugins = load_plugins(arguments);
    for (const framework::Entry *entry : plugins.registry.entries()) {
        std::string owner;
        if (entry->role == arguments.role && entry->name == arguments.name)
            owner = entry->role + "/" + entry->name + " of the plugin " + entry->plugin;
        else if (entry->plugin == arguments.name)
            owner = "the plugin " + entry->plugin;
        if (!owner.empty())
            throw framework::Error(framework::ErrorCode::usage, {},
                                   sdk::in_quotes(arguments.name) + " is taken by " + owner + ", " + entry->file +
                                       "; allowed: another name");
    }
}

/// As it is typed into a shell.
std::string typed(const fs::path &path) {
    constexpr std::string_view plain = "/._-+,:@%=";
    const std::string text = path.string();
    const auto is_plain = [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               plain.find(c) != plain.npos;
    };
    if (std::all_of(text.begin(), text.end(), is_plain))
        return text;
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

bool on_path(const fs::path &folder) {
    const char *variable = std::getenv("PATH");
    std::istringstream path(variable == nullptr ? "" : variable);
    for (std::string entry; std::getline(path, entry, ':');) {
        std::error_code gone;
        if (fs::equivalent(entry, folder, gone))
            return true;
    }
    return false;
}

/// What to call next, with what is found here: this command, and the installed package that belongs to it.
void print_next(const fs::path &folder, const std::string &name) {
    const fs::path command = framework::executable_path();
    const fs::path prefix = command.parent_path().parent_path();
    const bool installed = fs::exists(prefix / RETORT_PACKAGE_FILE);
    const bool found = on_path(command.parent_path());
    const std::string retort = found ? "retort" : typed(command);
    const std::string where = !installed ? " -DCMAKE_PREFIX_PATH=PREFIX"
                              : found    ? ""
                                         : " -DCMAKE_PREFIX_PATH=" + typed(prefix);
    const fs::path build = folder / "build";
    std::cout << "Next:\n  cmake -S " << typed(folder) << " -B " << typed(build) << where << " && cmake --build "
              << typed(build) << "\n  " << retort << " check " << typed(build / (name + ".so")) << "\n  " << retort
              << " run " << typed(folder / (name + ".json")) << " --plugin-path " << typed(build) << '\n';
    if (!installed)
        std::cout << "PREFIX is where Retort is installed; this command is one of a build folder.\n";
}

} // namespace

void make_new(const Arguments &arguments) {
    check_role(arguments.role);
    check_new_name(arguments.name);
    refuse_taken(arguments);
    const fs::path folder = arguments.directory.empty() ? fs::path(arguments.name) : arguments.directory;
    const std::vector<ScaffoldFile> files = scaffold(arguments.role, arguments.name);
    write_project(folder, files);
    for (const ScaffoldFile &file : files)
        std::cout << (folder / file.path).string() << '\n';
    print_next(folder, arguments.name);
}

} // namespace retort::host
