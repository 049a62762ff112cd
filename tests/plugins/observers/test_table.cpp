// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/observers/figures/table.hpp>
#include <support/temporary_folder.hpp>

namespace test_table {

using namespace retort::test;
using namespace retort::observer_figures;

struct Fixture {
    TemporaryFolder folder;
};

} // namespace test_table

BOOST_FIXTURE_TEST_SUITE(test_table, Fixture)

BOOST_AUTO_TEST_CASE(a_table_is_read_without_a_line_that_was_cut_off) {
    write_file(folder.path() / "t.csv", "step,a,b\n1,0.5,\n2,1e-3,nan\n3,4");
    const Table table = read_table(folder.path() / "t.csv");
    BOOST_TEST_REQUIRE(table.rows() == 2U);
    BOOST_TEST((*table.find("a"))[1] == 1e-3);
    BOOST_TEST(std::isnan((*table.find("b"))[0]));
    BOOST_TEST(table.find("c") == nullptr);
    BOOST_TEST(read_table(folder.path() / "none.csv").rows() == 0U);
}

BOOST_AUTO_TEST_CASE(a_table_of_a_header_alone_has_columns_and_no_rows) {
    write_file(folder.path() / "t.csv", "step,a\n");
    const Table table = read_table(folder.path() / "t.csv");
    BOOST_TEST(table.rows() == 0U);
    BOOST_TEST_REQUIRE(table.columns.size() == 2U);
    BOOST_TEST(table.columns[0].name == "step");
    BOOST_TEST(table.find("a")->empty());
}

BOOST_AUTO_TEST_SUITE_END()
