// SPDX-License-Identifier: Apache-2.0
#include "scaffold.hpp"

#include <retort/framework/error.hpp>
#include <retort/sdk/names.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace retort::host {

namespace {

// Names of targets that CMake keeps for itself, as far as they could be a component's.
constexpr std::string_view cmake_targets[] = {"all",        "clean",   "edit_cache",     "help",          "install",
                                              "preinstall", "package", "package_source", "rebuild_cache", "test"};

constexpr std::string_view keywords[] = {
    "alignas",     "alignof",   "and",       "and_eq",    "asm",      "auto",         "bitand",
    "bitor",       "bool",      "break",     "case",      "catch",    "char",         "char8_t",
    "char16_t",    "char32_t",  "class",     "compl",     "concept",  "const",        "const_cast",
    "consteval",   "constexpr", "constinit", "continue",  "co_await", "co_return",    "co_yield",
    "decltype",    "default",   "delete",    "do",        "double",   "dynamic_cast", "else",
    "enum",        "explicit",  "export",    "extern",    "false",    "float",        "for",
    "friend",      "goto",      "if",        "inline",    "int",      "long",         "mutable",
    "namespace",   "new",       "noexcept",  "not",       "not_eq",   "nullptr",      "operator",
    "or",          "or_eq",     "private",   "protected", "public",   "register",     "reinterpret_cast",
    "requires",    "return",    "short",     "signed",    "sizeof",   "static",       "static_assert",
    "static_cast", "struct",    "switch",    "template",  "this",     "thread_local", "throw",
    "true",        "try",       "typedef",   "typeid",    "typename", "union",        "unsigned",
    "using",       "virtual",   "void",      "volatile",  "wchar_t",  "while",        "xor",
    "xor_eq"};

template <std::size_t Count> bool contains(const std::string_view (&names)[Count], std::string_view name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

char upper(char c) {
    return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

/// "my_critic" as "MyCritic".
std::string class_name(std::string_view name) {
    std::string result;
    char before = '_';
    for (const char c : name) {
        if (c != '_')
            result += before == '_' ? upper(c) : c;
        before = c;
    }
    return result;
}

/// Whether it is two capital letters or more, and digits.
bool is_capitals(const std::string &type) {
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    return std::count_if(type.begin(), type.end(), capital) > 1 && std::none_of(type.begin(), type.end(), is_lower);
}

using Replacements = std::array<std::pair<std::string_view, std::string>, 6>;

std::string with_article(std::string article, const std::string &role) {
    const bool vowel = std::string_view("aeiou").find(role.front()) != std::string_view::npos;
    return std::move(article) + (vowel ? "n " : " ") + role;
}

Replacements replacements_for(const std::string &role, const std::string &name) {
    return {{{"@name@", name},
             {"@Name@", class_name(name)},
             {"@role@", role},
             {"@Role@", class_name(role)},
             {"@a_role@", with_article("a", role)},
             {"@A_role@", with_article("A", role)}}};
}

std::string rendered(std::string_view text, const Replacements &replacements) {
    std::string result(text);
    for (const auto &[placeholder, value] : replacements)
        for (std::size_t at = result.find(placeholder); at != result.npos; at = result.find(placeholder, at))
            result.replace(at, placeholder.size(), value);
    return result;
}

[[noreturn]] void refuse_name(const std::string &name, const std::string &reason) {
    throw framework::Error(framework::ErrorCode::usage, {}, sdk::in_quotes(name) + " cannot be a name: " + reason);
}

} // namespace

void check_new_name(const std::string &name) {
    const auto allowed = [](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; };
    if (name.empty() || !is_lower(name.front()) || !std::all_of(name.begin(), name.end(), allowed))
        refuse_name(name, "allowed are lower case letters, digits and underscores, a letter first");
    if (contains(keywords, name))
        refuse_name(name, "it is a word of C++");
    if (contains(cmake_targets, name))
        refuse_name(name, "CMake has a target of this name");
    if (const std::string type = class_name(name); is_capitals(type))
        refuse_name(name, "its class would be called like a macro, " + type);
    if (name == "settings")
        refuse_name(name, "the settings inside the component's class are called Settings");
}

std::vector<ScaffoldFile> scaffold(const std::string &role, const std::string &name) {
    constexpr std::string_view ending = ".in";
    const Replacements replacements = replacements_for(role, name);
    std::vector<ScaffoldFile> files;
    for (const ScaffoldTemplate &file : scaffold_templates()) {
        const std::size_t slash = file.path.find('/');
        const std::string_view folder = file.path.substr(0, slash);
        if (folder != "common" && folder != role)
            continue;
        const std::string_view path = file.path.substr(slash + 1, file.path.size() - slash - 1 - ending.size());
        files.push_back({rendered(path, replacements), rendered(file.text, replacements)});
    }
    std::sort(files.begin(), files.end(), [](const auto &a, const auto &b) { return a.path < b.path; });
    return files;
}

} // namespace retort::host
