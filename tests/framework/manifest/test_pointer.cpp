// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/pointer.hpp>
#include <stdexcept>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_pointer)

BOOST_AUTO_TEST_CASE(tokens_come_back_from_a_pointer) {
    const std::vector<std::string> tokens{"a/b", "c~d", "", "~1", "0"};
    std::string pointer;
    for (const std::string &token : tokens)
        pointer = framework::pointer_to(pointer, token);
    BOOST_TEST(pointer == "/a~1b/c~0d//~01/0");
    BOOST_TEST(framework::pointer_tokens(pointer) == tokens, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tilde_must_be_followed_by_0_or_1) {
    for (const std::string_view pointer : {"/~", "/a~2", "/~/a"})
        BOOST_CHECK_THROW((void)framework::pointer_tokens(pointer), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
