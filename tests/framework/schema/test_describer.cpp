// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/json_text.hpp>
#include <retort/sdk/sdk.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/schema/describer.hpp>
#include <functional>
#include <optional>

BOOST_AUTO_TEST_SUITE(test_describer)

using namespace retort;
using framework::Describer;
using framework::to_text;

namespace {

enum class Colour { red, green };

std::span<const std::string_view> names_of(Colour) {
    static constexpr std::string_view names[] = {"red", "green"};
    return names;
}

struct Record {
    std::int64_t size = 3;

    void fields(sdk::Fields &field) { field("size", size, "How large."); }
};

struct Inlined {
    sdk::ComponentSpec<sdk::Loss> loss{"entropy"};

    void fields(sdk::Fields &field) { field("", loss, "Which."); }
};

/// One setting "x" that holds `value`, declared with `range`.
template <class T> std::function<void(sdk::Fields &)> setting(T value, sdk::Range range = {}) {
    return [value, range](sdk::Fields &field) mutable { field("x", value, "Text.", range); };
}

sdk::ComponentSpec<sdk::Loss> optional_loss() {
    sdk::ComponentSpec<sdk::Loss> loss;
    loss.optional = true;
    return loss;
}

struct Case {
    std::function<void(sdk::Fields &)> declare;
    const char *description; ///< without name and documentation
    const char *value;
};

const Case cases[] = {
    {setting(0.5, {0, 1}), R"("type":"number","default":0.5,"minimum":0,"maximum":1)", "0.5"},
    {setting(0.5), R"("type":"number","default":0.5)", "0.5"},
    {setting(std::int64_t{2}, {1}), R"("type":"integer","default":2,"minimum":1)", "2"},
    {setting(true), R"("type":"boolean","default":true)", "true"},
    {setting(Colour::green), R"("type":"choice","default":"green","choices":["red","green"])", R"("green")"},
    {setting(std::string("here")), R"("type":"text","default":"here")", R"("here")"},
    {setting(sdk::Schedule(0.1), {0, 1}), R"("type":"schedule","default":0.1,"minimum":0,"maximum":1)", "0.1"},
    {setting(sdk::Reference<sdk::Model>{}), R"("type":"reference","default":null,"role":"model")", "null"},
    {setting(sdk::ComponentSpec<sdk::Loss>{"soft"}), R"("type":"component","default":{"type":"soft"},"role":"loss")",
     R"({"type":"soft"})"},
    {setting(optional_loss()), R"("type":"component","default":null,"role":"loss","optional":true)", "null"},
    {setting(Record{}),
     R"("type":"record","default":{"size":3},"settings":[{"name":"size","type":"integer","default":3,"documentation":"How large."}])",
     R"({"size":3})"},
    {setting(std::optional<Record>{}),
     R"("type":"record","default":null,"optional":true,"settings":[{"name":"size","type":"integer","default":3,"documentation":"How large."}])",
     "null"},
    {setting(std::vector<double>{1, 2}, {0}),
     R"("type":"list","default":[1,2],"element":{"type":"number","minimum":0})", "[1,2]"},
    {setting(sdk::Map<std::string>{{{"a", "b"}}}), R"("type":"map","default":{"a":"b"},"element":{"type":"text"})",
     R"({"a":"b"})"},
    {setting(Inlined{}),
     R"("type":"record","default":{"type":"entropy"},"settings":[{"name":"type","type":"component","default":"entropy","documentation":"Which.","role":"loss","inlined":true}])",
     R"({"type":"entropy"})"},
};

/// The members of an object, without those that all descriptions have.
std::string essence(boost::json::object description) {
    boost::json::object rest;
    for (const auto &member : description)
        if (member.key() != "name" && member.key() != "documentation")
            rest[member.key()] = member.value();
    const std::string text = to_text(rest);
    return text.substr(1, text.size() - 2);
}

/// The same text for the same JSON, however it is spaced and its numbers are written.
std::string canonical(const std::string &text) {
    return to_text(boost::json::parse(text));
}

} // namespace

BOOST_AUTO_TEST_CASE(each_kind_of_setting_is_described) {
    for (const Case &expected : cases)
        BOOST_TEST_CONTEXT(expected.description) {
            Describer describer;
            expected.declare(describer);
            BOOST_TEST_REQUIRE(describer.descriptions().size() == 1U);
            const boost::json::object &found = describer.descriptions()[0].as_object();
            BOOST_TEST(found.at("name").as_string() == "x");
            BOOST_TEST(found.at("documentation").as_string() == "Text.");
            BOOST_TEST(canonical("{" + essence(found) + "}") ==
                       canonical("{" + std::string(expected.description) + "}"));
            BOOST_TEST(to_text(describer.values().at("x")) == canonical(expected.value));
        }
}

BOOST_AUTO_TEST_CASE(what_is_required_has_no_default) {
    Describer describer;
    std::string text;
    static_cast<sdk::Fields &>(describer).required("x", text, "Text.");
    const boost::json::object &found = describer.descriptions()[0].as_object();
    BOOST_TEST(found.at("required").as_bool());
    BOOST_TEST(!found.contains("default"));
}

BOOST_AUTO_TEST_CASE(settings_stand_in_order_of_declaration) {
    Describer describer;
    double number = 1.0;
    bool flag = false;
    static_cast<sdk::Fields &>(describer)("z", number, "");
    static_cast<sdk::Fields &>(describer)("a", flag, "");
    BOOST_TEST(describer.descriptions()[0].at("name").as_string() == "z");
    BOOST_TEST(to_text(describer.values()) == R"({"z": 1, "a": false})");
}

BOOST_AUTO_TEST_CASE(an_element_has_no_name_and_one_value) {
    Describer describer(true);
    double number = 1.5;
    static_cast<sdk::Fields &>(describer)("", number, "", {0});
    BOOST_TEST(to_text(describer.descriptions()[0]) == R"({"type": "number", "minimum": 0})");
    BOOST_TEST(to_text(describer.values()) == "1.5");
}

BOOST_AUTO_TEST_SUITE_END()
