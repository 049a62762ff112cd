// SPDX-License-Identifier: Apache-2.0
#include "../support/json_parse.hpp"

#include <retort/framework/manifest.hpp>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace retort::framework {

namespace json = boost::json;

Manifest Manifest::read(const std::filesystem::path &file) {
    const auto refuse = [&](const std::string &why) { return Error(ErrorCode::manifest, file.string(), why); };
    std::error_code code;
    if (std::filesystem::is_directory(file, code))
        throw refuse("is a folder; allowed: a file of JSON");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf(); // throws nothing when reading fails, as iterators do
    if (!stream.is_open() || (!text && errno != 0))
        throw refuse("cannot be read: " + std::generic_category().message(errno));
    return parse(text.str(), file.string(), file.parent_path());
}

Manifest Manifest::parse(std::string_view text, std::string name, std::filesystem::path directory) {
    json::value root = parse_json(text, name);
    return from_json(std::move(root), std::move(name), std::move(directory));
}

Manifest Manifest::from_json(json::value root, std::string name, std::filesystem::path directory) {
    Manifest manifest;
    manifest.root_ = std::move(root);
    manifest.name_ = std::move(name);
    manifest.directory_ = directory.empty() ? "." : std::move(directory);
    return manifest;
}

} // namespace retort::framework
