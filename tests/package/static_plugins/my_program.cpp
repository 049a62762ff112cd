// SPDX-License-Identifier: Apache-2.0
// Prints what the plugins offer that are part of this program, and what is found in the folders that are named.
#include "my_program_plugins.hpp"

#include <retort/framework/loader.hpp>

#include <iostream>

namespace framework = retort::framework;

int main(int count, char **arguments) try {
    framework::Registry registry;
    registry.add(my_program_plugins());
    framework::load_plugins(registry, {arguments + 1, arguments + count});
    for (const framework::Entry *entry : registry.entries())
        std::cout << entry->role << "/" << entry->name << " in " << framework::code_file(*entry) << "\n";
} catch (const framework::Error &error) {
    std::cout << error.what() << "\n";
    return static_cast<int>(error.code());
}
