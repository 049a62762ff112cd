// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors_page.hpp"
#include "tensors.hpp"
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <utility>

namespace retort::test {

namespace fs = std::filesystem;

/// A copy of the quick example that a case may spoil, with a folder of plugins beside it.
class Workbench {
  public:
    Workbench() {
        fs::copy(example / "quick.json", path("quick.json"));
        fs::copy(example / "data", path("data"));
        fs::create_directory(path("plugins"));
    }

    [[nodiscard]] fs::path path(const std::string &name) const { return folder_.path() / name; }

    /// Makes one of tests/fixtures/plugins be found.
    void add_plugin(const std::string &name) const {
        fs::copy(fs::path(RETORT_FIXTURE_PLUGINS) / (name + ".so"), path("plugins"));
    }

    [[nodiscard]] Words run_words(const Words &settings) const {
        Words words{RETORT_COMMAND, "run", "quick.json", "--output", "output", "--plugin-path", "plugins", "--quiet"};
        for (const std::string &setting : settings)
            words.insert(words.end(), {"--set", setting});
        return words;
    }

    /// `retort run` on the quick example, made tiny.
    [[nodiscard]] Outcome run(const Words &settings) const {
        return Process(run_words(tiny(settings)), folder_.path()).wait();
    }

    /// A command line, of which the first word is `retort`.
    [[nodiscard]] Outcome command(const std::string &line) const {
        return Process({"/bin/sh", "-c", RETORT_COMMAND + line.substr(std::string("retort").size())}, folder_.path())
            .wait();
    }

    /// `text` with names for what differs from call to call.
    [[nodiscard]] std::string shown(std::string text) const {
        replace(text, folder_.path().string(), "$HERE");
        replace(text, fs::path(RETORT_COMMAND).parent_path().parent_path().string(), "$RETORT");
        return text;
    }

    [[nodiscard]] bool wrote_nothing() const { return !fs::exists(path("output")) && !fs::exists(path("runs")); }

    /// Checks that what a run left when it failed is whole: nothing half-written, no report, the error in the log.
    void check_whole() const {
        const fs::path output = path("output");
        BOOST_TEST(!fs::exists(output / "result.json"));
        BOOST_TEST(contains(read_file(output / "log.txt"), "error"));
        for (const fs::directory_entry &entry : fs::recursive_directory_iterator(output)) {
            const std::string ending = entry.path().extension();
            BOOST_TEST(ending != ".partial");
            if (ending == ".json")
                BOOST_CHECK_NO_THROW((void)read_json(entry.path()));
            if (ending == ".safetensors")
                BOOST_CHECK_NO_THROW((void)read_tensors(entry.path()));
            if (ending == ".csv")
                BOOST_TEST(("\n" + read_file(entry.path())).ends_with('\n'));
        }
    }

  private:
    static void replace(std::string &text, const std::string &from, const std::string &to) {
        for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    }

    TemporaryFolder folder_;
};

/// Checks the exit code and every word. What is printed when it fails can be pasted into the page, once it is right.
inline void check_row(const Row &row, const Workbench &bench, const Outcome &outcome) {
    std::string found = bench.shown(outcome.err);
    BOOST_TEST(outcome.exit_code == row.exit_code, row.cause << ": exit code " << outcome.exit_code);
    BOOST_TEST((found == row.err), row.cause << ", exit code " << outcome.exit_code << ": printed\n"
                                             << found << "documented\n"
                                             << row.err);
}

/// What a case does to a workbench; the outcome of the command that then goes wrong.
using Cases = std::vector<std::pair<std::string, std::function<Outcome(Workbench &)>>>;

/// Every case has its row under that heading, and every row its case; what is `left` behind is checked too.
inline void check_cases(const std::string &section, const Cases &cases,
                        const std::function<void(const Workbench &)> &left) {
    const std::vector<Row> rows = rows_of(section);
    BOOST_TEST(rows.size() == cases.size());
    for (const auto &[name, spoil] : cases)
        BOOST_TEST_CONTEXT(name) {
            Row row{name, 0, "(not in the page)\n"};
            for (const Row &other : rows)
                row = other.cause == name ? other : row;
            Workbench bench;
            check_row(row, bench, spoil(bench));
            left(bench);
        }
}

inline void check_nothing_written(const Workbench &bench) {
    BOOST_TEST(bench.wrote_nothing());
}

} // namespace retort::test
