// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/error.hpp>

#include <boost/test/unit_test.hpp>

#include <plugins/models/recorded/record.hpp>
#include <string>
#include <support/example_files.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

using namespace retort;
using namespace retort::test;
using model_recorded::Record;

namespace {

const std::string records = "[('label', '<i4'), ('entropy', '<f4'), ('probabilities', '<f4', (2,))]";

struct RecordFile {
    [[nodiscard]] Record open(const std::string &bytes) const {
        write_file(file, bytes);
        return {file, "/setting"};
    }

    /// What is wrong with a file, without its name.
    [[nodiscard]] std::string mistake(const std::string &bytes) const {
        try {
            (void)open(bytes).read();
            return {};
        } catch (const sdk::Error &error) {
            BOOST_TEST((error.kind() == sdk::ErrorKind::data));
            BOOST_TEST(error.pointer() == "/setting");
            const std::string begin = file.string() + ": ";
            BOOST_TEST(std::string(error.what()).starts_with(begin));
            return std::string(error.what()).substr(begin.size());
        }
    }

    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "file.npy";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_record, RecordFile)

BOOST_AUTO_TEST_CASE(a_matrix_of_any_version_is_read_row_by_row) {
    const std::vector<float> values{1, 2, 3, 4, 5, 6};
    for (const char version : {'\1', '\2', '\3'}) {
        const Record record = open(npy_bytes("<f4", "(3, 2)", bytes_of(values), version));
        BOOST_TEST(record.rows() == 3U);
        BOOST_TEST(record.width() == 2U);
        BOOST_TEST(!record.predictions());
        BOOST_TEST(record.read() == values, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(of_predictions_the_probabilities_are_read) {
    const std::vector<float> values{-1, -2, 0.25F, 0.75F, -1, -2, 0.5F, 0.5F};
    const Record record =
        open(npy_with("{'descr': " + records + ", 'fortran_order': False, 'shape': (2,), }\n", bytes_of(values)));
    BOOST_TEST(record.rows() == 2U);
    BOOST_TEST(record.width() == 2U);
    BOOST_TEST(record.predictions());
    BOOST_TEST(record.read() == std::vector<float>({0.25F, 0.75F, 0.5F, 0.5F}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_refused) {
    const std::string numbers = bytes_of({1, 2, 3, 4, 5, 6});
    const std::string whole = npy_bytes("<f4", "(3, 2)", numbers);
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST(!mistake(whole.substr(0, size)).empty(), size << " bytes");
    BOOST_TEST(mistake(whole).empty());
    BOOST_TEST(mistake("no NPY").starts_with("is no NPY file; allowed: NPY of float32"));
    BOOST_TEST(mistake(whole + "x").starts_with("has "));
    for (const auto &[type, shape] :
         std::vector<std::pair<std::string, std::string>>{{"<f8", "(3, 1)"},
                                                          {">f4", "(3, 2)"},
                                                          {"<i4", "(3, 2)"},
                                                          {"<f4", "(6,)"},
                                                          {"<f4", "()"},
                                                          {"<f4", "(3, 2, 1)"},
                                                          {"<f4", "(3, 0)"},
                                                          {"<f4", "(-3, -2)"},
                                                          {"<f4", "(18446744073709551615, 2)"},
                                                          {"<f4", "(3, 18446744073709551615)"}})
        BOOST_TEST(!mistake(npy_bytes(type, shape, numbers)).empty(), type << " " << shape);
    BOOST_TEST(!mistake(npy_with("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }\n", numbers)).empty());
    BOOST_TEST(!mistake(npy_with("{'shape': (3, 2)}\n", numbers)).empty());
    BOOST_CHECK_THROW(Record(folder.path() / "none.npy", "/setting"), sdk::Error);
    BOOST_CHECK_THROW(Record(folder.path(), "/setting"), sdk::Error);
}

BOOST_AUTO_TEST_SUITE_END()
