// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <plugins/observers/csv/csv_file.hpp>
#include <string>
#include <support/temporary_folder.hpp>
#include <vector>

namespace test_csv_file {

using namespace retort;
using namespace retort::test;
using observer_csv::CsvFile;

using Row = std::vector<sdk::Metric>;

struct Fixture {
    TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "t.csv";
    CsvFile file{"step"};
};

/// Whether an error is of `kind` and names `part`.
auto naming(sdk::ErrorKind kind, const std::string &part) {
    return [=](const sdk::Error &error) {
        return error.kind() == kind && std::string(error.what()).find(part) != std::string::npos;
    };
}

} // namespace test_csv_file

BOOST_FIXTURE_TEST_SUITE(test_csv_file, Fixture)

BOOST_AUTO_TEST_CASE(columns_are_found_by_name) {
    file.open(path, 0);
    file.row(1, Row{{"a", 1.0}, {"b", 2.0}});
    file.row(2, Row{{"b", 4.0}, {"a", 3.0}});
    file.row(3, Row{{"b", 5.0}});
    file.close();
    BOOST_TEST(read_file(path) == "step,a,b\n1,1,2\n2,3,4\n3,,5\n");
}

BOOST_AUTO_TEST_CASE(a_new_metric_is_refused_with_its_name) {
    file.open(path, 0);
    file.row(1, Row{{"a", 1.0}});
    BOOST_CHECK_EXCEPTION(file.row(2, Row{{"c", 1.0}}), sdk::Error, naming(sdk::ErrorKind::plugin, "\"c\""));
    BOOST_CHECK_EXCEPTION(file.row(2, Row{{"a", 1.0}, {"c", 1.0}}), sdk::Error,
                          naming(sdk::ErrorKind::plugin, "t.csv"));
}

BOOST_AUTO_TEST_CASE(a_name_that_would_break_the_table_is_refused) {
    for (const char *name : {"a,b", "a\"", "a\nb", "a\rb"}) {
        file.open(path, 0);
        BOOST_CHECK_EXCEPTION(file.row(1, Row{{name, 1.0}}), sdk::Error,
                              naming(sdk::ErrorKind::plugin, "cannot name a column"));
    }
}

BOOST_AUTO_TEST_CASE(the_length_counts_rows_that_are_not_yet_written) {
    file.open(path, 0);
    BOOST_TEST(file.bytes() == 0U);
    file.row(1, Row{{"a", 0.5}});
    BOOST_TEST(file.bytes() == std::string("step,a\n1,0.5\n").size());
    file.flush();
    BOOST_TEST(std::filesystem::file_size(path) == file.bytes());
}

BOOST_AUTO_TEST_CASE(an_opened_file_goes_on_after_the_bytes_it_is_told) {
    const std::string kept = "step,a,b\n1,1,2\n";
    write_file(path, kept + "2,3,4\n3,");
    file.open(path, kept.size());
    file.row(2, Row{{"b", 6.0}, {"a", 5.0}});
    file.close();
    BOOST_TEST(read_file(path) == kept + "2,5,6\n");
    file.open(path, 0); // and is replaced when told of none
    file.close();
    BOOST_TEST(read_file(path).empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_an_error_of_kind_output_that_names_the_file) {
    BOOST_CHECK_EXCEPTION(file.open(folder.path() / "none" / "t.csv", 0), sdk::Error,
                          naming(sdk::ErrorKind::output, "none/t.csv"));
    BOOST_CHECK_EXCEPTION(file.open(path, 10), sdk::Error, naming(sdk::ErrorKind::output, "cannot be opened"));
    file.open("/dev/full", 0);
    file.row(1, Row{{"loss", 1.0}});
    BOOST_CHECK_EXCEPTION(file.flush(), sdk::Error, naming(sdk::ErrorKind::output, "/dev/full"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_open_is_closed_and_flushed_for_nothing) {
    BOOST_CHECK_NO_THROW(file.flush());
    BOOST_CHECK_NO_THROW(file.close());
}

BOOST_AUTO_TEST_SUITE_END()
