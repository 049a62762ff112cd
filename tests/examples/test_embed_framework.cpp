// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <regex>
#include <support/process.hpp>

BOOST_AUTO_TEST_SUITE(test_embed_framework)

using namespace retort;

namespace {

test::Outcome embed(const std::vector<std::string> &arguments) {
    const test::TemporaryFolder folder;
    std::vector<std::string> command{RETORT_EMBED_FRAMEWORK};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const test::Outcome outcome = test::Process(command, folder.path()).wait();
    BOOST_TEST(std::filesystem::is_empty(folder.path())); // nothing is written either
    return outcome;
}

std::string repeated(const std::string &pattern, int count) {
    return "(" + pattern + "){" + std::to_string(count) + "}";
}

/// The only number that follows `words` in `text`.
double number_after(const std::string &text, const std::string &words) {
    const std::size_t place = text.find(words);
    BOOST_TEST_REQUIRE(place != text.npos);
    return std::stod(text.substr(place + words.size()));
}

} // namespace

BOOST_AUTO_TEST_CASE(it_prints_its_own_lines_and_nothing_else) {
    const test::Outcome outcome = embed({RETORT_PLUGINS});
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(outcome.err == "");
    const std::string number = "[0-9.]+";
    const std::string expected = repeated("teach, epoch (5|10|15|20): " + number + " % right\n", 4) +
                                 repeated("distil, epoch (5|10): " + number + " % right\n", 2) +
                                 "paused; the student is sure by " + number + "\n" +
                                 repeated("distil, epoch (15|20): " + number + " % right\n", 2) +
                                 "complete, [0-9]+ lines logged; sure by " + number + "\n" +
                                 repeated("(teacher|student), (last|selected) weights: [0-9]+ errors\n", 4) +
                                 "second run: the run was cancelled\n";
    BOOST_TEST(std::regex_match(outcome.out, std::regex(expected)), outcome.out);
}

BOOST_AUTO_TEST_CASE(what_it_prints_is_true) {
    const std::string out = embed({RETORT_PLUGINS}).out;
    BOOST_TEST(number_after(out, "distil, epoch 20: ") > 90.0);
    BOOST_TEST(number_after(out, "student, last weights: ") < 30.0); // of 300
    BOOST_TEST(number_after(out, "teacher, last weights: ") < 15.0);
    BOOST_TEST(number_after(out, "logged; sure by ") > 0.5);
    BOOST_TEST(number_after(out, "paused; the student is sure by ") != number_after(out, "logged; sure by "));
    BOOST_TEST(number_after(out, "complete, ") > 40.0); // a line for each of 40 epochs
}

BOOST_AUTO_TEST_CASE(mistakes_go_to_stderr_with_an_exit_code) {
    const test::TemporaryFolder nothing;
    const test::Outcome outcome = embed({nothing.path().string()});
    BOOST_TEST(outcome.exit_code == 4);
    BOOST_TEST(outcome.out == "");
    BOOST_TEST(test::contains(outcome.err, "there is no model \"mlp\""), outcome.err);
    BOOST_TEST(test::contains(outcome.err, "there is no trainer \"supervised\""), outcome.err);
}

BOOST_AUTO_TEST_CASE(the_example_stays_short) {
    const std::string source = test::read_file(RETORT_EMBED_SOURCE);
    const auto lines = std::count(source.begin(), source.end(), '\n');
    BOOST_TEST(lines > 0);
    BOOST_TEST(lines <= 150);
}

BOOST_AUTO_TEST_SUITE_END()
