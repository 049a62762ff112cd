// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/error.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_error)

using namespace retort::framework;

BOOST_AUTO_TEST_CASE(every_part_of_a_problem_is_in_the_text) {
    struct Case {
        Problem problem;
        std::string text;
    };
    const Case cases[] = {
        {{"", "it broke"}, "it broke"},
        {{"/stages/0", "it broke"}, "/stages/0: it broke"},
        {{"/stages/0", "it broke", "mlp"}, "/stages/0: it broke [plugin mlp]"},
        {{"", "it broke", "", "distil"}, "it broke [stage distil]"},
        {{"/a", "it broke", "mlp", "distil"}, "/a: it broke [plugin mlp, stage distil]"},
    };
    for (const Case &test : cases)
        BOOST_TEST(std::string(Error(ErrorCode::data, {test.problem}).what()) == test.text);
}

BOOST_AUTO_TEST_CASE(every_problem_has_a_line) {
    const Error error(ErrorCode::manifest, {{"/a", "first"}, {"/b", "second"}});
    BOOST_TEST(std::string(error.what()) == "/a: first\n/b: second");
    BOOST_TEST(error.problems().size() == 2U);
    BOOST_TEST((error.code() == ErrorCode::manifest));
}

BOOST_AUTO_TEST_CASE(what_a_file_says_is_printed_without_its_control_characters) {
    const Error error(ErrorCode::data, "w.safetensors", "tensor '\x1b[2Jgr\xc3\xbc\xff' is unknown:\nsee there");
    BOOST_TEST(std::string(error.what()) == "w.safetensors: tensor '?[2Jgr\xc3\xbc?' is unknown:\nsee there");
}

BOOST_AUTO_TEST_CASE(one_problem_is_the_short_form) {
    const Error error(ErrorCode::output, "/tmp", "it is full");
    BOOST_TEST(std::string(error.what()) == "/tmp: it is full");
    BOOST_TEST(error.problems().front().where == "/tmp");
}

BOOST_AUTO_TEST_SUITE_END()
