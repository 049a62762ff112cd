// SPDX-License-Identifier: Apache-2.0
// Who may include whom: host -> framework -> sdk <- plugins. See docs/5_architecture.md.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_include_direction)

namespace fs = std::filesystem;

namespace {

const fs::path root = RETORT_SOURCE_DIRECTORY;

/// What the sources of one folder may include beside their neighbours and the standard library.
struct Rule {
    std::string_view folder;
    std::vector<std::string_view> allowed; ///< beginnings of paths
    bool system = true;                    ///< headers of the C library and the compiler: elf.h, sys/mman.h
};

const std::array<Rule, 4> rules{{
    {"sdk", {"retort/sdk/"}, false},
    {"framework",
     {"framework/source/", "retort/framework/", "retort/mpi/", "retort/sdk/", "boost/", "spdlog/", "openssl/", "omp.h",
      "zlib.h"}},
    {"plugins", {"retort/sdk/", "plugins/shared/", "dnnl", "oneapi/dnnl/", "zlib.h"}},
    {"host", {"retort/framework/", "retort/sdk/", "boost/json/", "CLI/"}},
}};

/// The folders of framework/source, lowest first: a source includes those of its own folder and of lower ones.
const std::vector<std::string> layers{"support", "files",      "registry", "manifest", "schema",
                                      "loader",  "components", "run",      "predict"};

bool begins_with(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

/// C++'s own headers have neither a folder nor an ending.
bool is_standard(std::string_view header) {
    return header.find_first_of("/.") == header.npos;
}

bool is_system(std::string_view header) {
    constexpr std::string_view others[] = {"omp.h", "zlib.h", "dnnl.h", "dnnl.hpp"};
    const bool other = std::find(std::begin(others), std::end(others), header) != std::end(others);
    return !other && (begins_with(header, "sys/") || (header.find('/') == header.npos && header.ends_with(".h")));
}

/// An include as a path from the root, where it names a file of this tree beside or near the including one.
std::string resolved(const fs::path &file, bool quoted, const std::string &header) {
    return quoted ? (file.parent_path() / header).lexically_normal().lexically_relative(root).string() : header;
}

bool allowed(const Rule &rule, const fs::path &file, std::string_view header) {
    const std::string own_folder = file.parent_path().lexically_relative(root).string() + "/";
    return is_standard(header) || (rule.system && is_system(header)) || begins_with(header, own_folder) ||
           std::any_of(rule.allowed.begin(), rule.allowed.end(),
                       [&](std::string_view start) { return begins_with(header, start); });
}

/// The includes of `text`, the contents of `file`, that break the rule.
std::vector<std::string> forbidden(const Rule &rule, const fs::path &file, std::istream &text) {
    static const std::regex include(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
    std::vector<std::string> result;
    std::smatch match;
    for (std::string line; std::getline(text, line);)
        if (std::regex_match(line, match, include) && !allowed(rule, file, resolved(file, match[1] == "\"", match[2])))
            result.push_back(match[2]);
    return result;
}

/// Includes of `text`, the contents of a file of framework/source, that go to a higher layer, or to none.
std::vector<std::string> upward(const fs::path &file, std::istream &text) {
    static const std::regex include(R"x(^\s*#\s*include\s*"([^"]+)".*)x");
    const auto layer = [](const fs::path &path) {
        const fs::path folder = path.parent_path().lexically_relative(root / "framework" / "source");
        return std::find(layers.begin(), layers.end(), folder.string());
    };
    std::vector<std::string> result;
    std::smatch match;
    for (std::string line; std::getline(text, line);)
        if (std::regex_match(line, match, include)) {
            const auto to = layer((file.parent_path() / match[1].str()).lexically_normal());
            if (to == layers.end() || to > layer(file))
                result.push_back(match[1]);
        }
    return result;
}

bool is_source(const fs::path &file) {
    return file.extension() == ".hpp" || file.extension() == ".cpp";
}

} // namespace

BOOST_AUTO_TEST_CASE(every_include_goes_the_right_way) {
    std::size_t files = 0;
    for (const Rule &rule : rules)
        for (const fs::directory_entry &entry : fs::recursive_directory_iterator(root / rule.folder)) {
            if (!is_source(entry.path()))
                continue;
            ++files;
            std::ifstream text(entry.path());
            for (const std::string &header : forbidden(rule, entry.path(), text))
                BOOST_ERROR(entry.path().string() << " may not include " << header);
        }
    BOOST_TEST(files > 50U, "only " << files << " sources: does the test look in the right place?");
}

BOOST_AUTO_TEST_CASE(an_include_that_goes_the_wrong_way_is_found) {
    struct Case {
        std::size_t rule;
        const char *line; ///< in a file two folders below the rule's
        bool right;
    };
    const Case cases[] = {
        {0, "#include <vector>", true},
        {0, "#include <retort/sdk/matrix.hpp>", true},
        {0, "#include <retort/framework/error.hpp>", false},
        {0, "  #  include <boost/json.hpp> // why", false},
        {0, "#include <unistd.h>", false},
        {1, "#include <boost/json/value.hpp>", true},
        {1, "#include <elf.h>", true},
        {1, "#include <plugins/models/mlp/mlp.hpp>", false},
        {1, "#include <dnnl.hpp>", false},
        {1, "#include <CLI/CLI.hpp>", false},
        {2, "#include <plugins/shared/dense_network.hpp>", true},
        {2, "#include <oneapi/dnnl/dnnl.hpp>", true},
        {2, "#include \"../../shared/dense_network.hpp\"", true},
        {2, "#include <plugins/models/mlp/mlp.hpp>", true},
        {2, "#include \"mlp.hpp\"", true},
        {2, "#include <plugins/models/other/other.hpp>", false},
        {2, "#include \"../other/other.hpp\"", false},
        {2, "#include <retort/framework/registry.hpp>", false},
        {2, "#include <boost/json.hpp>", false},
        {2, "#include <omp.h>", false},
        {3, "#include <CLI/CLI.hpp>", true},
        {3, "#include <framework/source/loader/loader.hpp>", false},
        {3, "#include <spdlog/spdlog.h>", false},
    };
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.line) {
            std::istringstream text(test.line);
            BOOST_TEST(forbidden(rules[test.rule], root / rules[test.rule].folder / "models" / "mlp" / "file.hpp", text)
                           .empty() == test.right);
        }
}

BOOST_AUTO_TEST_CASE(folders_of_the_framework_include_lower_ones_only) {
    std::size_t files = 0;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(root / "framework" / "source")) {
        if (!is_source(entry.path()))
            continue;
        ++files;
        const std::string folder = entry.path().parent_path().filename().string();
        BOOST_TEST(std::count(layers.begin(), layers.end(), folder) == 1, entry.path().string() << " is in no layer");
        std::ifstream text(entry.path());
        for (const std::string &header : upward(entry.path(), text))
            BOOST_ERROR(entry.path().string() << " may not include " << header);
    }
    BOOST_TEST(files > 50U, "only " << files << " sources: does the test look in the right place?");

    const auto found = [](const char *line) {
        std::istringstream text(line);
        return upward(root / "framework" / "source" / "manifest" / "file.hpp", text).size();
    };
    BOOST_TEST(found("#include \"plan.hpp\"") == 0U);
    BOOST_TEST(found("#include \"../files/npy.hpp\"") == 0U);
    BOOST_TEST(found("#include \"../run/result.hpp\"") == 1U);
    BOOST_TEST(found("#include \"../../mpi/source/mpi_link.hpp\"") == 1U);
    BOOST_TEST(found("#include <retort/framework/run.hpp>") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
