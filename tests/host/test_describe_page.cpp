// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <host/describe_page.hpp>

BOOST_AUTO_TEST_SUITE(test_describe_page)

using namespace retort;

namespace {

std::string page_of(std::string_view description) {
    return host::describe_page(boost::json::parse(description).as_object());
}

/// The line that says the type of a setting, given the rest of its description.
std::string type_line(const std::string &members) {
    const std::string page = page_of(R"({"settings": [{"name": "x", )" + members + "}]}");
    const std::size_t begin = page.find("  x\n") + 4;
    return page.substr(begin, page.find('\n', begin) - begin);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_page_says_what_it_is_and_every_setting) {
    BOOST_TEST(page_of(R"({
        "role": "model", "name": "mlp", "plugin": "model_mlp", "version": "0.1.0", "file": "/lib/model_mlp.so",
        "documentation": "Layers.",
        "settings": [
          {"name": "dropout", "type": "number", "default": 0.5, "minimum": 0, "maximum": 0.95,
           "documentation": "Part left out."},
          {"name": "noise", "type": "record", "default": null, "optional": true, "documentation": "What is added.",
           "settings": [{"name": "scale", "type": "number", "required": true, "documentation": "How much."}]}],
        "taps": [{"name": "hidden.0", "width": 8}, {"name": "logits", "width": 10}]})") == R"(model/mlp
Layers.
Plugin model_mlp 0.1.0

Settings
  dropout
      number, 0 to 0.95; default 0.5
      Part left out.
  noise
      record; optional
      What is added.
      scale
          number; required
          How much.

Taps, with default settings on 784 inputs and 10 classes
  hidden.0: width 8
  logits: width 10
)");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_said) {
    BOOST_TEST(page_of(R"({"role": "head", "name": "point", "plugin": "head_point", "version": "1", "file": "",
                           "documentation": "The tap itself.", "settings": [], "taps": []})") ==
               "head/point\nThe tap itself.\nPlugin head_point 1\n\nSettings\n  none\n");
}

BOOST_AUTO_TEST_CASE(types_ranges_and_defaults_are_words) {
    const std::pair<const char *, const char *> cases[] = {
        {R"("type": "integer", "minimum": 1, "default": 3)", "      integer, at least 1; default 3"},
        {R"("type": "number", "maximum": 2, "default": 0.5)", "      number, at most 2; default 0.5"},
        {R"("type": "choice", "choices": ["relu", "tanh"], "default": "relu")",
         "      one of relu, tanh; default \"relu\""},
        {R"("type": "component", "role": "loss", "required": true)", "      loss (its type and settings); required"},
        {R"("type": "reference", "role": "model", "default": null)", "      name of a model"},
        {R"("type": "list", "element": {"type": "integer", "minimum": 1}, "default": [8, 8])",
         "      list of integer, at least 1; default [8, 8]"},
        {R"("type": "map", "element": {"type": "record", "settings": []}, "default": {})",
         "      map of record; default {}"},
    };
    for (const auto &[members, expected] : cases)
        BOOST_TEST(type_line(members) == expected);
}

BOOST_AUTO_TEST_CASE(records_in_a_list_show_their_settings) {
    const std::string page = page_of(R"({"settings": [{"name": "terms", "type": "list", "default": [],
        "element": {"type": "record", "settings": [{"name": "weight", "type": "number", "default": 1}]}}]})");
    BOOST_TEST(page.find("\n      weight\n          number; default 1\n") != std::string::npos, page);
}

BOOST_AUTO_TEST_SUITE_END()
