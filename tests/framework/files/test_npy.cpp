// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/files/npy.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(test_npy)

using namespace retort::framework;

namespace {

std::string mistake_in(const std::string &text) {
    try {
        (void)parse_npy_header(text);
    } catch (const std::invalid_argument &error) {
        return error.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_dictionary_is_read_as_numpy_and_others_write_it) {
    const std::vector<std::uint64_t> shape{60000, 28, 28};
    for (const char *text : {"{'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }          \n",
                             "{\"shape\":(60000,28,28,),\"fortran_order\":False,\"descr\":\"|u1\"}",
                             " { 'shape' : ( 60000 , 28 , 28 ) , 'descr' : '|u1' , 'fortran_order' : False } "})
        BOOST_TEST_CONTEXT(text) {
            const NpyHeader header = parse_npy_header(text);
            BOOST_TEST(header.type == "|u1");
            BOOST_TEST(!header.columns_first);
            BOOST_TEST(header.shape == shape, boost::test_tools::per_element());
        }
}

BOOST_AUTO_TEST_CASE(other_shapes_orders_and_records) {
    BOOST_TEST(parse_npy_header("{'descr': '<f8', 'fortran_order': True, 'shape': ()}").columns_first);
    BOOST_TEST(parse_npy_header("{'descr': '<f8', 'fortran_order': True, 'shape': ()}").shape.empty());
    BOOST_TEST(parse_npy_header("{'descr': '<f8', 'fortran_order': True, 'shape': (3,)}").shape.size() == 1U);
    BOOST_TEST(
        parse_npy_header("{'descr': [('a', '<i4'), ('b', '<f4', (2,))], 'fortran_order': False, 'shape': (3,)}").type ==
        "[('a', '<i4'), ('b', '<f4', (2,))]");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
    const std::pair<const char *, const char *> cases[] = {
        {"", "its header is damaged: { is missing"},
        {"[1]", "its header is damaged: { is missing"},
        {"{1: 2}", "its header is no dictionary of descr, fortran_order and shape"},
        {"{'descr", "a name in its header does not end"},
        {"{'descr' '<f4'}", "its header is damaged: : is missing"},
        {"{'descr': '<f4'", "its header is damaged: } is missing"},
        {"{'descr': '<f4'}", "its header lacks 'fortran_order'"},
        {"{'descr': '<f4', 'descr': '<f4'}", "its header has 'descr' twice"},
        {"{'order': 'C'}", "its header has 'order'; allowed: descr, fortran_order, shape"},
        {"{'fortran_order': 0}", "its header's fortran_order is neither True nor False"},
        {"{'shape': 7}", "its header is damaged: ( is missing"},
        {"{'shape': (7", "its header is damaged: ) is missing"},
        {"{'shape': (-1, 2)}", "its header's shape is no tuple of whole numbers"},
        {"{'shape': (99999999999999999999,)}", "its header's shape is no tuple of whole numbers"},
        {"{'descr': [('a', '<f4'", "a list in its header does not end"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)} x", "its header goes on after the dictionary"}};
    for (const auto &[text, mistake] : cases)
        BOOST_TEST(mistake_in(text) == mistake);
}

BOOST_AUTO_TEST_CASE(a_header_is_written_aligned_and_read_again) {
    for (const std::uint64_t rows : {0ULL, 7ULL, 18446744073709551615ULL}) {
        const std::string bytes = npy_header("[('label', '<i4')]", rows);
        BOOST_TEST(bytes.size() % 64 == 0U);
        BOOST_TEST(bytes.substr(0, 8) == std::string("\x93NUMPY\1\0", 8));
        const std::size_t length = static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
        BOOST_TEST(10 + length == bytes.size());
        BOOST_TEST(bytes.back() == '\n');
        const NpyHeader header = parse_npy_header(bytes.substr(10));
        BOOST_TEST(header.type == "[('label', '<i4')]");
        BOOST_TEST(header.shape == std::vector<std::uint64_t>{rows}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
