// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <boost/test/unit_test.hpp>

using namespace retort::test;

namespace {

/// A run of a manifest with that text.
std::pair<std::string, std::function<Outcome(Workbench &)>> manifest(const std::string &name, const std::string &text) {
    return {name, [text](Workbench &bench) {
                write_file(bench.path("quick.json"), text);
                return bench.command("retort run quick.json");
            }};
}

std::string repeated(const std::string &text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i)
        result += text;
    return result;
}

const Cases texts{
    manifest("an empty file", ""),
    manifest("a value is missing", "{\n  \"format\": 1,\n  \"seed\": }"),
    manifest("a colon is missing", "{\"format\" 1}"),
    manifest("a comma is missing", "{\"format\": 1 \"seed\": 2}"),
    manifest("a comma too many", "{\"format\": 1,}"),
    manifest("keys without quotes", "{format: 1}"),
    manifest("a line break in a text", "{\"format\": 1, \"name\": \"two\nlines\"}"),
    manifest("a comment", "{\"format\": 1 // the only one\n}"),
    manifest("the end is missing", "{\"format\": 1, \"data\": {"),
    manifest("a key stands twice", "{\"format\": 1,\n \"seed\": 1, \"seed\": 2}"),
    manifest("two manifests in one file", "{\"format\": 1}\n{\"format\": 1}"),
    manifest("Latin-1 instead of UTF-8", "{\"format\": 1, \"name\": \"caf\xe9\"}"),
    manifest("a UTF-8 character cut in two", "{\"format\": 1, \"name\": \"\xc3\"}"),
    manifest("UTF-16", std::string("\xff\xfe{\0\"\0", 6)),
    manifest("a byte order mark", "\xef\xbb\xbf{\"format\": 1}"),
    manifest("a typographic quote", "{\xe2\x80\x9c\"format\": 1}"),
    manifest("a byte that is no text", std::string("{\"format\": 1, \"se\0ed\": 1}", 24)),
    manifest("100,000 brackets", repeated("[", 100000) + repeated("]", 100000)),
    manifest("100 MB of text for one setting", "{\"format\": 1, \"seed\": \"" + std::string(100'000'000, 'a') + "\"}"),
    manifest("a number beyond all numbers", "{\"format\": 1, \"seed\": 1e999}"),
    manifest("no object", "[1, 2, 3]"),
    manifest("an empty object", "{}"),
    manifest("a format of the future", "{\"format\": 2}"),
};

} // namespace

BOOST_AUTO_TEST_SUITE(test_errors_of_manifests)

BOOST_AUTO_TEST_CASE(command_lines) {
    for (const Row &row : rows_of("Command lines"))
        BOOST_TEST_CONTEXT(row.cause) {
            const Workbench bench;
            check_row(row, bench, bench.command(values_of(row.cause).at(0)));
            BOOST_TEST(bench.wrote_nothing());
        }
}

BOOST_AUTO_TEST_CASE(files_that_are_no_manifest) {
    check_cases("Text of a manifest", texts, check_nothing_written);
}

BOOST_AUTO_TEST_CASE(settings) {
    const Workbench bench;
    for (const Row &row : rows_of("Settings"))
        BOOST_TEST_CONTEXT(row.cause) {
            const Outcome outcome = bench.run(values_of(row.cause));
            check_row(row, bench, outcome);
            BOOST_TEST(outcome.out == "");
            BOOST_TEST(bench.wrote_nothing());
        }
}

BOOST_AUTO_TEST_SUITE_END()
