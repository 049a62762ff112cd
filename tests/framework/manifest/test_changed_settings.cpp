// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"
#include "../manifests.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/changed_settings.hpp>
#include <string>
#include <vector>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_changed_settings)

namespace {

namespace json = boost::json;

/// What differs, a line each: "pointer path before after".
std::string found(std::string_view before, std::string_view after) {
    std::string lines;
    for (const auto &setting : framework::changed_settings(json::parse(before), json::parse(after), "/stages/distil"))
        lines += setting.pointer + " " + setting.path + " " + framework::to_text(setting.before) + " " +
                 framework::to_text(setting.after) + "\n";
    return lines;
}

std::vector<std::string> edits_of(const std::string &text) {
    const framework::Registry registry = fake_registry();
    return framework::edits(framework::read_plan(parsed(), registry), framework::read_plan(parsed(text), registry));
}

} // namespace

BOOST_AUTO_TEST_CASE(what_differs_is_named_as_deep_as_it_can_be) {
    const std::tuple<const char *, const char *, const char *> cases[] = {
        {R"({"a": 1, "b": {"c": [1, 2]}})", R"({"b": {"c": [1, 2]}, "a": 1})", ""},
        {R"({"a": 1, "b": 2})", R"({"a": 1, "b": 3})", "/b /stages/distil/b 2 3\n"},
        {R"({"l": [{"name": "x", "v": 1}, {"v": 1}]})", R"({"l": [{"name": "x", "v": 2}, {"v": 3}]})",
         "/l/0/v /stages/distil/l/x/v 1 2\n/l/1/v /stages/distil/l/1/v 1 3\n"},
        {R"({"l": [1, 2]})", R"({"l": [1, 3]})", "/l /stages/distil/l [1, 2] [1, 3]\n"},
        {R"({"l": [{"v": 1}]})", R"({"l": [{"v": 1}, {"v": 1}]})",
         "/l /stages/distil/l [{\"v\": 1}] [{\"v\": 1}, {\"v\": 1}]\n"},
        {R"({"d": {"type": "mlp", "w": 1}})", R"({"d": {"type": "paired", "h": 1}})",
         "/d/type /stages/distil/d/type \"mlp\" \"paired\"\n"},
        {R"({"d": {"type": "mlp", "w": 1}})", R"({"d": {"type": "mlp", "w": 2}})", "/d/w /stages/distil/d/w 1 2\n"},
        {R"({"s": 0.1})", R"({"s": {"schedule": "linear"}})", "/s /stages/distil/s 0.1 {\"schedule\": \"linear\"}\n"},
        {R"({"m": {"a/b": 1}})", R"({"m": {"a/b": 2}})", "/m/a~1b /stages/distil/m/a~1b 1 2\n"},
        {R"({"m": {"a": 1}})", R"({"m": {"b": 1}})", "/m /stages/distil/m {\"a\": 1} {\"b\": 1}\n"},
        {R"({"l": [{"name": "x"}]})", R"({"l": [{"name": "y"}]})", "/l/0/name /stages/distil/l/0/name \"x\" \"y\"\n"},
        {R"({"c": null})", R"({"c": {"tap": "a"}})", "/c /stages/distil/c null {\"tap\": \"a\"}\n"},
    };
    for (const auto &[before, after, expected] : cases)
        BOOST_TEST_CONTEXT(before << " " << after)
    BOOST_TEST(found(before, after) == expected);
}

BOOST_AUTO_TEST_CASE(what_is_set_for_a_type_is_the_whole_component) {
    const json::value before = json::parse(R"({"d": {"type": "mlp", "w": 1}, "x": 1})");
    const json::value after = json::parse(R"({"d": {"type": "paired", "h": 1}, "x": 2})");
    const auto settings = framework::changed_settings(before, after, "/s");
    BOOST_TEST(framework::to_text(framework::assignments_for(settings, after)) ==
               R"({"/s/d": {"type": "paired", "h": 1}, "/s/x": 2})");
    const framework::ChangedSetting anew{"/d/type", "/s/d/type", "mlp", "mlp"};
    BOOST_TEST(framework::to_text(framework::assignments_for({&anew, 1}, before)) == R"({"/s/d/type": "mlp"})");
}

BOOST_AUTO_TEST_CASE(edits_are_assignments_that_make_one_manifest_of_the_other) {
    const std::vector<std::string> none = edits_of(std::string(good_manifest) + "\n");
    BOOST_TEST(none.empty());
    const std::vector<std::string> lambda = edits_of(manifest_with("\"lambda\": 0.1", "\"lambda\": 0.2"));
    BOOST_TEST(lambda == std::vector<std::string>{"/stages/distil/adversaries/main/lambda=0.2"},
               boost::test_tools::per_element());
    const std::string text = manifest_with(R"("type": "deep", "hidden": [6])", R"("type": "paired")");
    const framework::Registry registry = fake_registry();
    framework::Manifest manifest = parsed();
    for (const std::string &edit : edits_of(text)) {
        BOOST_TEST(edit.starts_with("/stages/distil/adversaries/main/discriminator={\"type\": \"paired\""), edit);
        manifest.set(edit, registry);
    }
    BOOST_TEST(
        (framework::read_plan(manifest, registry).resolved == framework::read_plan(parsed(text), registry).resolved));
}

BOOST_AUTO_TEST_CASE(changes_are_edited_where_they_are_written_otherwise) {
    const framework::Registry registry = fake_registry();
    const auto with_changes = [&](const std::string &hidden, const std::string &epoch) {
        const std::string text = manifest_with("[6]", hidden);
        return framework::read_plan(parsed(R"({"changes": [{"epoch": )" + epoch +
                                           R"(, "set": {"/stages/distil/adversaries/main/discriminator/type": )"
                                           R"("paired"}}], )" +
                                           text.substr(1)),
                                    registry);
    };
    const std::vector<std::string> narrower = framework::edits(with_changes("[6]", "2"), with_changes("[5]", "2"));
    BOOST_TEST(narrower == std::vector<std::string>{"/stages/distil/adversaries/main/discriminator/hidden=[5]"},
               boost::test_tools::per_element()); // though the change keeps what the new type has, too
    const std::vector<std::string> later = framework::edits(with_changes("[6]", "2"), with_changes("[6]", "3"));
    BOOST_TEST(later == std::vector<std::string>{"/changes/0/epoch=3"}, boost::test_tools::per_element());
    BOOST_TEST(framework::edits(framework::read_plan(parsed(), registry), with_changes("[6]", "2")).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
