// SPDX-License-Identifier: Apache-2.0
#include "../fake_registry.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <framework/source/manifest/changes.hpp>
#include <string>
#include <vector>

namespace retort::test {

BOOST_AUTO_TEST_SUITE(test_changes)

namespace {

/// "changes" that were read, and what there is to say about them.
struct Read {
    explicit Read(std::string_view text) {
        const boost::json::value found = boost::json::parse(text);
        changes = framework::read_changes(&found, reading);
        for (const framework::Problem &problem : reading.problems)
            problems += problem.where + ": " + problem.message + "\n";
    }

    framework::Registry registry;
    framework::Reading reading{registry};
    std::vector<framework::ChangeSettings> changes;
    std::string problems;
};

const std::string allowed_set = "an object of JSON pointers to settings of one stage, and their values\n";
const std::string allowed_change =
    R"(an object such as {"epoch": 5, "set": {"/stages/distil/adversaries/main/lambda": 0.2}})"
    "\n";

} // namespace

BOOST_AUTO_TEST_CASE(entries_are_read_in_order) {
    const Read read(R"([{"epoch": 5, "set": {"/stages/a/x": [1], "/stages/a/y~1z": null}},
                        {"set": {"/seed": 2}, "epoch": 1}])");
    BOOST_TEST(read.problems == "");
    BOOST_TEST_REQUIRE(read.changes.size() == 2U);
    BOOST_TEST(read.changes[0].epoch == 5U);
    BOOST_TEST(read.changes[0].set.size() == 2U);
    BOOST_TEST(read.changes[1].epoch == 1U);
    framework::Reading nothing(read.registry);
    BOOST_TEST(framework::read_changes(nullptr, nothing).empty());
    BOOST_TEST(nothing.problems.empty());
}

BOOST_AUTO_TEST_CASE(mistakes_are_left_with_their_pointers) {
    const std::pair<const char *, std::string> cases[] = {
        {"{}", "/changes: found an object; allowed: an array; each element is " + allowed_change},
        {"[3]", "/changes/0: found 3; allowed: " + allowed_change},
        {R"([{"set": {"/a": 1}}])", "/changes/0/epoch: is required and missing; allowed: a whole number, 1 to 1e+06\n"},
        {R"([{"epoch": 0, "set": {"/a": 1}}])", "/changes/0/epoch: 0 is out of range; allowed: 1 to 1e+06\n"},
        {R"([{"epoch": 1}])", "/changes/0/set: is required and missing; allowed: " + allowed_set},
        {R"([{"epoch": 1, "set": {}}])", "/changes/0/set: is empty; allowed: " + allowed_set},
        {R"([{"epoch": 1, "set": ["/a=1"]}])", "/changes/0/set: found an array; allowed: " + allowed_set},
        {R"([{"epoch": 1, "set": {"seed": 1}}])",
         "/changes/0/set: found the key \"seed\"; allowed: JSON pointers, which begin with \"/\"\n"},
        {R"([{"epoch": 1, "set": {"/a~2": 1}}])",
         "/changes/0/set: found the key \"/a~2\"; allowed: JSON pointers, in which \"~\" stands for itself only as "
         "\"~0\", and \"~1\" for \"/\"\n"},
        {R"([{"epoch": 1, "set": {"/a": 1}, "epochs": 2}])",
         "/changes/0/epochs: there is no setting \"epochs\"; did you mean \"epoch\"? Available: epoch, set\n"},
    };
    for (const auto &[text, problems] : cases)
        BOOST_TEST_CONTEXT(text)
    BOOST_TEST(Read(text).problems == problems);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace retort::test
