// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/files/sha256.hpp>
#include <string>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_sha256)

using namespace retort;
using framework::sha256_of;

/// The digests are those of FIPS 180-2, appendix B, and of no bytes at all.
BOOST_AUTO_TEST_CASE(digests_are_those_of_the_standard) {
    struct Case {
        std::string bytes;
        const char *digest;
    };
    const Case cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    const test::TemporaryFolder folder;
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.bytes.size() << " bytes") {
            test::write_file(folder.path() / "file", expected.bytes);
            BOOST_TEST(sha256_of(folder.path() / "file") == expected.digest);
        }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_has_none) {
    const test::TemporaryFolder folder;
    BOOST_TEST(sha256_of(folder.path() / "none") == "");
    BOOST_TEST(sha256_of(folder.path()) == "");
}

BOOST_AUTO_TEST_SUITE_END()
