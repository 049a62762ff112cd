// SPDX-License-Identifier: Apache-2.0
#include "manifest_texts.hpp"
#include "workbench.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_errors_of_manifests)

using namespace retort::test;

namespace {

/// A run of each text.
Cases text_cases() {
    Cases cases;
    for (const auto &[name, text] : manifest_texts)
        cases.emplace_back(name, [&text = text](Workbench &bench) {
            write_file(bench.path("quick.json"), text);
            return bench.command("retort run quick.json");
        });
    return cases;
}

} // namespace

BOOST_AUTO_TEST_CASE(command_lines) {
    for (const Row &row : rows_of("Command lines"))
        BOOST_TEST_CONTEXT(row.cause) {
            const Workbench bench;
            check_row(row, bench, bench.command(values_of(row.cause).at(0)));
            BOOST_TEST(bench.wrote_nothing());
        }
}

BOOST_AUTO_TEST_CASE(files_that_are_no_manifest) {
    check_cases("Text of a manifest", text_cases(), check_nothing_written);
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
