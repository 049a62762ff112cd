// SPDX-License-Identifier: Apache-2.0
// Loads the folders of plugins that are named and prints what they offer; fails when any is refused.
#include <retort/framework/loader.hpp>

#include <iostream>

namespace framework = retort::framework;

int main(int count, char **arguments) try {
    framework::Registry registry;
    const std::vector<std::filesystem::path> folders(arguments + 1, arguments + count);
    const auto rejected = framework::load_plugins(registry, folders, folders);
    for (const framework::PluginFile &refused : rejected)
        std::cout << refused.file << ": " << refused.reason << "\n";
    for (const framework::Entry *entry : registry.entries())
        std::cout << entry->role << "/" << entry->name << " from " << entry->file << "\n";
    return rejected.empty() ? 0 : 1;
} catch (const framework::Error &error) {
    std::cout << error.what() << "\n";
    return static_cast<int>(error.code());
}
