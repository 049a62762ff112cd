// SPDX-License-Identifier: Apache-2.0
#include "idx_writer.hpp"

#include <retort/sdk/error.hpp>
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <plugins/datasets/idx/idx_file.hpp>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_idx_file)

namespace {

using namespace retort;
using dataset_idx::IdxFile;

struct Damage {
    std::string name;
    std::string bytes;
    std::string message; ///< part of the error
};

std::string replaced(std::string bytes, std::size_t position, char value) {
    bytes.at(position) = value;
    return bytes;
}

/// Files that the header already gives away.
std::vector<Damage> damaged_headers() {
    const std::string good = test::image_bytes(4);
    const std::string packed = test::gzipped(good);
    const std::string huge = test::idx_header({0xffffffff, 28, 28});
    return {
        {"empty", "", "ends after 0 bytes; an IDX header of 3 dimensions has 16"},
        {"half a magic number", good.substr(0, 2), "ends after 2 bytes"},
        {"half a header", good.substr(0, 10), "ends after 10 bytes"},
        {"truncated", good.substr(0, good.size() - 1), "has 39 bytes; its header claims 40"},
        {"too long", good + "x", "has 41 bytes; its header claims 40"},
        {"labels instead of images", test::label_bytes(20),
         "begins with 0x00000801; an IDX file of unsigned bytes in 3"},
        {"another type", replaced(good, 2, '\x0d'), "begins with 0x00000d03"},
        {"text", "version https://git-lfs.github.com/spec/v1", "begins with 0x76657273"},
        {"nothing inside", test::idx_header({0, 28, 28}), "dimension 0 is empty"},
        {"huge claim", huge, "has 16 bytes; its header claims 3367254359296"},
        {"overflowing claim", test::idx_header({0xffffffff, 0xffffffff, 0xffffffff}), "more elements than any file"},
        {"huge claim, compressed", test::gzipped(huge), "unpacks to 16 bytes by its gzip trailer"},
        // 2^30 * 2 * 2 elements are 2^32: the trailer's 32 bits agree with the claim.
        {"claim that wraps", test::gzipped(test::idx_header({1U << 30U, 2, 2})), "header claims 4294967312"},
        {"compressed, one byte short", test::gzipped(good.substr(0, good.size() - 1)), "unpacks to 39 bytes"},
        {"compressed, truncated", packed.substr(0, packed.size() - 6), "by its gzip trailer"},
        {"compressed, half a header", packed.substr(0, 12), "ends after 1 bytes"},
    };
}

/// Files that only reading gives away.
std::vector<Damage> damaged_bodies() {
    // Larger than what zlib unpacks ahead of the header, and incompressible.
    std::string noise = test::idx_header({1, 1000, 600});
    for (unsigned i = 0; i < 600000; ++i)
        noise.push_back(static_cast<char>(sdk::Random{1}.bits(i)));
    const std::string packed = test::gzipped(noise);
    std::string wrong_checksum = packed;
    wrong_checksum[packed.size() - 6] = static_cast<char>(wrong_checksum[packed.size() - 6] ^ 1);
    std::string hole = packed;
    hole.erase(packed.size() / 2, 50);
    std::string two = packed + packed;
    return {{"wrong checksum", wrong_checksum, "images: is damaged: incorrect data check"},
            {"bytes missing in the middle", hole, ""},
            {"two files in one", two, "goes on beyond its last element"}};
}

std::string error_of(const std::function<void()> &action) {
    try {
        action();
    } catch (const sdk::Error &error) {
        BOOST_TEST((error.kind() == sdk::ErrorKind::data));
        BOOST_TEST(error.pointer() == "/train_images");
        return error.what();
    }
    return "no error";
}

} // namespace

BOOST_AUTO_TEST_CASE(reads_plain_and_compressed_files) {
    const test::TemporaryFolder folder;
    const std::string bytes = test::image_bytes(4, 250);
    test::write_file(folder.path() / "plain", bytes);
    test::write_file(folder.path() / "packed.gz", test::gzipped(bytes));
    test::write_file(folder.path() / "packed_without_suffix", test::gzipped(bytes));
    for (const std::string name : {"plain", "packed", "packed_without_suffix"}) {
        const IdxFile file(folder.path() / name, 3, "/train_images");
        const std::vector<std::size_t> extents{4, 2, 3};
        BOOST_TEST(file.extents() == extents, boost::test_tools::per_element());
        const std::vector<std::uint8_t> elements = file.read();
        BOOST_TEST_REQUIRE(elements.size() == 24U);
        for (std::size_t i = 0; i < elements.size(); ++i)
            BOOST_TEST(elements[i] == (250 + i) % 256);
    }
}

BOOST_AUTO_TEST_CASE(missing_file_names_both_places) {
    const test::TemporaryFolder folder;
    const std::string path = (folder.path() / "images").string();
    BOOST_TEST(error_of([&] { IdxFile(path, 3, "/train_images"); }) ==
               path + ": there is no such file, and none with .gz after its name");
    std::filesystem::create_directory(path);
    BOOST_TEST(error_of([&] { IdxFile(path, 3, "/train_images"); }) == path + ": is no regular file");
}

BOOST_AUTO_TEST_CASE(damaged_header_is_found_before_reading) {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "images";
    for (const Damage &damage : damaged_headers()) {
        BOOST_TEST_CONTEXT(damage.name) {
            test::write_file(path, damage.bytes);
            const std::string message = error_of([&] { IdxFile(path, 3, "/train_images"); });
            BOOST_TEST(message.find(damage.message) != std::string::npos, message);
            BOOST_TEST(message.rfind(path.string() + ": ", 0) == 0U, message);
        }
    }
}

BOOST_AUTO_TEST_CASE(damaged_body_is_found_by_reading) {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "images";
    for (const Damage &damage : damaged_bodies()) {
        BOOST_TEST_CONTEXT(damage.name) {
            test::write_file(path, damage.bytes);
            const IdxFile file(path, 3, "/train_images");
            const std::string message = error_of([&] { (void)file.read(); });
            BOOST_TEST(message.find(damage.message) != std::string::npos, message);
            BOOST_TEST(message != "no error");
        }
    }
}

BOOST_AUTO_TEST_CASE(file_that_shrinks_after_the_check_is_an_error) {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "images";
    test::write_file(path, test::image_bytes(4));
    const IdxFile file(path, 3, "/train_images");
    test::write_file(path, test::image_bytes(3));
    BOOST_TEST(error_of([&] { (void)file.read(); }).find("ends after 34 bytes") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
