// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/manifest_text.hpp>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_manifest_text)

using retort::framework::with_member;
namespace json = boost::json;

BOOST_AUTO_TEST_CASE(a_member_is_replaced_or_added_and_nothing_else_changes) {
    const json::object value{{"p", {{"x", 1}}}};
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({"a": 1})", R"({"a": 1, "k": {"p": {"x": 1}}})"},
        {R"({})", R"({ "k": {"p": {"x": 1}}})"},
        {"{\n  \"a\": [1, 2]\n}\n", "{\n  \"a\": [1, 2],\n  \"k\": {\n    \"p\": {\"x\": 1}\n  }\n}\n"},
        {"{\n\t\"a\": 1\n}", "{\n\t\"a\": 1,\n\t\"k\": {\n\t\t\"p\": {\"x\": 1}\n\t}\n}"},
        {"{\r\n  \"a\": 1\r\n}", "{\r\n  \"a\": 1,\r\n  \"k\": {\r\n    \"p\": {\"x\": 1}\r\n  }\r\n}"},
        {R"({"k": {"old": [{}, "}"]}, "z": 2})", R"({"k": {"p": {"x": 1}}, "z": 2})"},
        {R"({"a": "\"k\": {}", "k" : null , "z": 2})", R"({"a": "\"k\": {}", "k" : {"p": {"x": 1}} , "z": 2})"},
        {R"({"a": {"k": 1}, "\u006b":[1,{"k":2}]})", R"({"a": {"k": 1}, "\u006b":{"p": {"x": 1}}})"},
        {"{\n  \"k\": {\n  },\n  \"z\": 1e2\n}", "{\n  \"k\": {\n    \"p\": {\"x\": 1}\n  },\n  \"z\": 1e2\n}"},
        {R"({"k":3})", R"({"k":{"p": {"x": 1}}})"},
        {R"({"k":"a\\"})", R"({"k":{"p": {"x": 1}}})"},
    };
    for (const auto &[text, expected] : cases) {
        const std::string changed = with_member(text, "k", value);
        BOOST_TEST(changed == expected);
        BOOST_TEST((json::parse(changed).at("k") == json::value(value)));
        BOOST_TEST(with_member(changed, "k", value) == changed);
    }
    BOOST_TEST(with_member("{\n  \"k\": 1\n}", "k", {}) == "{\n  \"k\": {}\n}");
}

BOOST_AUTO_TEST_SUITE_END()
