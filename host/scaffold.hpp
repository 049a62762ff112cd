// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What `retort new` writes. The templates are files of sdk/scaffold, which the build embeds: those of `common` and
// those of the role. In their names and texts stand
//   @name@, @Name@           the component's name, my_critic, and that of its class, MyCritic
//   @role@, @Role@           the role, objective, and its interface's name, Objective
//   @a_role@, @A_role@       "an objective", "An objective"
namespace retort::host {

struct ScaffoldTemplate {
    std::string_view path; ///< below sdk/scaffold: "common/README.md.in"
    std::string_view text;
};

[[nodiscard]] std::span<const ScaffoldTemplate> scaffold_templates();

/// One file of a new project.
struct ScaffoldFile {
    std::string path; ///< below the project's folder
    std::string text;
};

/// Errors: ErrorCode::usage if `name` cannot be a component's, its plugin's and its CMake target's name.
void check_new_name(const std::string &name);

/// The project for a component `name` of role `role`, sorted by path.
[[nodiscard]] std::vector<ScaffoldFile> scaffold(const std::string &role, const std::string &name);

/// Writes all of the files, or nothing. `folder`: new, made with those above it, or empty, and then it stays the same.
/// Errors: ErrorCode::output.
void write_project(const std::filesystem::path &folder, const std::vector<ScaffoldFile> &files);

} // namespace retort::host
