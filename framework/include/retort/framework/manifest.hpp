// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/error.hpp>
#include <retort/framework/registry.hpp>

#include <boost/json/value.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// A manifest as text that parsed: JSON, its names not yet looked up.
class Manifest {
  public:
    /// Reads a file. Errors: ErrorCode::manifest at "file:line:column" for syntax errors, duplicate keys, and a file
    /// that cannot be read.
    static Manifest read(const std::filesystem::path &file);

    /// Parses `text`. `name` stands in errors for the file; relative paths in the manifest start at `directory`.
    static Manifest parse(std::string_view text, std::string name, std::filesystem::path directory);

    /// `root` as if it had been parsed.
    static Manifest from_json(boost::json::value root, std::string name, std::filesystem::path directory);

    /// Applies one `path=value`: a JSON pointer in which an array element may be addressed by its "name"; the value is
    /// JSON if it parses, else text. Setting a "type" alone drops the sibling settings that the new type lacks; they
    /// are returned, as pointers, for a warning. Errors: ErrorCode::usage for a malformed assignment,
    /// ErrorCode::manifest for a path that leads nowhere, with the nearest name.
    std::vector<std::string> set(std::string_view assignment, const Registry &registry);

    /// Leaves out "plugins", as if the manifest pinned none.
    void forget_pins();

    [[nodiscard]] const boost::json::value &root() const { return root_; }

    [[nodiscard]] const std::string &name() const { return name_; }

    [[nodiscard]] const std::filesystem::path &directory() const { return directory_; }

  private:
    boost::json::value root_;
    std::string name_;
    std::filesystem::path directory_;
};

} // namespace retort::framework
