// SPDX-License-Identifier: Apache-2.0

#include <retort/framework/error.hpp>

#include <boost/test/unit_test.hpp>

#include <framework/source/predict/example_file.hpp>
#include <numeric>
#include <support/example_files.hpp>
#include <sys/stat.h>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_example_file)

using namespace retort;
using framework::ElementType;
using framework::ExampleFile;

namespace {

/// Reads everything, `at_once` examples at a time.
std::string elements_of(const std::filesystem::path &path, std::size_t at_once) {
    ExampleFile file(path);
    std::string elements;
    while (file.left() > 0) {
        const std::size_t count = std::min<std::uint64_t>(at_once, file.left());
        const std::size_t size = count * file.width() * size_of(file.type());
        elements.resize(elements.size() + size);
        file.read(elements.data() + elements.size() - size, count);
    }
    return elements;
}

std::string counting(std::size_t count) {
    std::string bytes(count, '\0');
    std::iota(bytes.begin(), bytes.end(), '\1');
    return bytes;
}

struct Case {
    std::string name;
    std::string bytes;
    std::string message; ///< after the name of the file
};

const std::string pixels = counting(24); // four of 2 x 3
const std::string floats = test::bytes_of({1, 2, 3, 4, 5, 6});

const std::vector<Case> wrong{
    {"nothing", "", "ends after 0 bytes, within its header"},
    {"text", "index,label\n",
     "begins with 0x696e6465; allowed: IDX, which begins with 0x000008, or NPY, with 0x934e554d, plain or compressed "
     "by gzip"},
    {"npz", std::string("PK\x03\x04", 4),
     "begins with 0x504b0304; allowed: IDX, which begins with 0x000008, or NPY, with 0x934e554d, plain or compressed "
     "by gzip (it is a zip archive, as .npz: unpack it)"},
    {"labels", test::idx_bytes({4}, "abcd"),
     "is IDX of 1 dimension, as labels are; allowed: 2, examples and numbers, or 3, images, rows and columns"},
    {"four dimensions", test::idx_bytes({1, 2, 2, 2}, counting(8)),
     "is IDX of 4 dimensions; allowed: 2, examples and numbers, or 3, images, rows and columns"},
    {"IDX of float32", test::idx_bytes({2, 3}, floats, 0x0d),
     "is IDX with elements of type 0x0d; allowed: 0x08, unsigned bytes"},
    {"IDX cut in its header", test::idx_bytes({4, 2, 3}, {}).substr(0, 11), "ends after 11 bytes, within its header"},
    {"IDX cut", test::idx_bytes({4, 2, 3}, pixels.substr(1)), "has 39 bytes; its header claims 40"},
    {"IDX longer", test::idx_bytes({4, 2, 3}, pixels + "x"), "has 41 bytes; its header claims 40"},
    {"IDX of nothing", test::idx_bytes({4, 0, 3}, {}), "has the shape [4, 0, 3]: examples of no numbers"},
    {"IDX too large", test::idx_bytes({0xffffffff, 0xffffffff, 0xffffffff}, {}),
     "its header claims more elements than any file can hold: [4294967295, 4294967295, 4294967295]"},
    {"nearly NPY", std::string("\x93NUMPX\1\0\0\0", 10), "begins as NPY does, and does not go on so"},
    {"NPY of version 4", test::npy_bytes("<f4", "(1, 6)", floats, 4), "is NPY of version 4; allowed: 1 to 3"},
    {"NPY with a long header", std::string("\x93NUMPY\2\0\0\0\1\0", 12),
     "has a header of 65536 bytes; allowed: up to 65535"},
    {"NPY cut in its header", test::npy_bytes("<f4", "(1, 6)", {}).substr(0, 40),
     "ends after 40 bytes, within its header"},
    {"NPY that is none", test::npy_with("[]\n", {}), "its header is damaged: { is missing"},
    {"float64", test::npy_bytes("<f8", "(1, 3)", floats),
     "has elements of type <f8; allowed: <f4 (float32) and |u1 (uint8)"},
    {"big-endian", test::npy_bytes(">f4", "(1, 6)", floats),
     "has elements of type >f4; allowed: <f4 (float32) and |u1 (uint8)"},
    {"pickled", test::npy_bytes("|O", "(1, 6)", floats),
     "has elements of type |O; allowed: <f4 (float32) and |u1 (uint8)"},
    {"records", test::npy_with("{'descr': [('label', '<i4')], 'fortran_order': False, 'shape': (1,), }", "1234"),
     "has elements of type [('label', '<i4')]; allowed: <f4 (float32) and |u1 (uint8)"},
    {"Fortran order", test::npy_with("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 6), }", floats),
     "is in Fortran order; allowed: C order, as numpy.ascontiguousarray makes it"},
    {"one example", test::npy_bytes("<f4", "(6,)", floats),
     "has 1 dimension; allowed: 2, examples and numbers, or 3, images, rows and columns"},
    {"NPY of four dimensions", test::npy_bytes("<f4", "(1, 1, 2, 3)", floats),
     "has 4 dimensions; allowed: 2, examples and numbers, or 3, images, rows and columns"},
    {"NPY cut", test::npy_bytes("<f4", "(2, 3)", floats.substr(1)), "has 93 bytes; its header claims 94"},
    {"NPY too large", test::npy_bytes("<f4", "(4611686018427387904, 2)", {}),
     "its header claims more elements than any file can hold: [4611686018427387904, 2]"},
    {"a few too many", test::npy_bytes("|u1", "(0, 2)", "x"), "has 71 bytes; its header claims 70"},
};

std::string message_of(const std::filesystem::path &path) {
    try {
        (void)elements_of(path, 3);
    } catch (const framework::Error &error) {
        BOOST_CHECK(error.code() == framework::ErrorCode::data);
        BOOST_TEST(error.problems().at(0).where == path.string());
        return error.problems().at(0).message;
    }
    return "it was read";
}

} // namespace

BOOST_AUTO_TEST_CASE(every_kind_is_read_plain_and_compressed_in_pieces_of_any_size) {
    const test::TemporaryFolder folder;
    const std::pair<std::string, std::string> files[] = {{test::idx_bytes({4, 2, 3}, pixels), pixels},
                                                         {test::idx_bytes({4, 6}, pixels), pixels},
                                                         {test::npy_bytes("|u1", "(4, 2, 3)", pixels), pixels},
                                                         {test::npy_bytes("<f4", "(3, 2)", floats), floats},
                                                         {test::npy_bytes("<f4", "(3, 1, 2)", floats, 2), floats},
                                                         {test::npy_bytes("<f4", "(3, 2)", floats, 3), floats},
                                                         {test::npy_bytes("<f4", "(0, 2)", {}), {}}};
    for (const auto &[bytes, elements] : files)
        for (const std::size_t at_once : {1U, 2U, 3U, 100U}) {
            test::write_file(folder.path() / "plain", bytes);
            test::write_gzip(folder.path() / "packed", bytes);
            BOOST_TEST(elements_of(folder.path() / "plain", at_once) == elements);
            BOOST_TEST(elements_of(folder.path() / "packed", at_once) == elements);
        }
}

BOOST_AUTO_TEST_CASE(the_header_is_told) {
    const test::TemporaryFolder folder;
    test::write_file(folder.path() / "images", test::npy_bytes("<f4", "(3, 1, 2)", floats));
    const ExampleFile file(folder.path() / "images");
    BOOST_CHECK(file.type() == ElementType::float32);
    BOOST_TEST(framework::extents_text(file.extents()) == "[3, 1, 2]");
    BOOST_TEST(file.width() == 2U);
    BOOST_TEST(file.left() == 3U);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_the_name_of_the_file) {
    const test::TemporaryFolder folder;
    for (const Case &test : wrong)
        BOOST_TEST_CONTEXT(test.name) {
            test::write_file(folder.path() / "plain", test.bytes);
            BOOST_TEST(message_of(folder.path() / "plain") == test.message);
        }
    BOOST_TEST(message_of(folder.path()) == "is a folder; allowed: an IDX or NPY file, or - for standard input");
    BOOST_TEST(message_of(folder.path() / "none") == "cannot be opened: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_compressed_file_is_found_wrong_when_its_end_is_met) {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "packed";
    test::write_gzip(path, test::idx_bytes({4, 2, 3}, pixels.substr(7)));
    BOOST_TEST(message_of(path) == "ends within example 2; its header claims 4");
    test::write_gzip(path, test::idx_bytes({4, 2, 3}, pixels + "x"));
    BOOST_TEST(message_of(path) == "goes on beyond its last element; its header claims 4 examples");
    test::write_gzip(path, test::idx_bytes({0, 2, 3}, "x"));
    BOOST_TEST(message_of(path) == "goes on beyond its last element; its header claims 0 examples");
    test::write_gzip(path, test::idx_bytes({4, 2, 3}, pixels));
    std::string bytes = test::read_file(path);
    bytes[bytes.size() - 6] ^= 1; // of the checksum
    test::write_file(path, bytes);
    BOOST_TEST(message_of(path) == "cannot be read: incorrect data check");
}

BOOST_AUTO_TEST_CASE(a_pipe_is_read_once_from_beginning_to_end) {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "pipe";
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    for (const auto &[bytes, message] :
         {std::pair{test::idx_bytes({4, 2, 3}, pixels), std::string("it was read")},
          {test::idx_bytes({5, 2, 3}, pixels), "ends within example 4; its header claims 5"}}) {
        std::thread writer([&path, text = bytes] { test::write_file(path, text); });
        BOOST_TEST(message_of(path) == message);
        writer.join();
    }
}

BOOST_AUTO_TEST_SUITE_END()
