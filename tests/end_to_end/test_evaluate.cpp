// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(test_evaluate)

using namespace retort::test;
namespace json = boost::json;

namespace {

Outcome evaluate(const Place &place, Words words) {
    words.insert(words.begin(), {RETORT_COMMAND, "evaluate"});
    return Process(words, place.path(".")).wait();
}

json::array reports_of(const Place &place, Words words) {
    words.emplace_back("--json");
    const Outcome outcome = evaluate(place, words);
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    return json::parse(outcome.out).as_array();
}

constexpr const char *numbers[] = {"size",       "errors",      "accuracy",   "nll",          "brier",     "ece",
                                   "parameters", "temperature", "scaled_nll", "scaled_brier", "scaled_ece"};

} // namespace

BOOST_AUTO_TEST_CASE(a_run_is_counted_again_to_the_last_error) {
    const Place &place = tiny_place();
    const json::array again = reports_of(place, {"tiny"});
    const json::value result = place.result("tiny");
    BOOST_TEST(again.size() == 6U); // three models, last and selected
    for (const json::value &report : again) {
        const std::string model(report.at("model").as_string());
        const std::string weights(report.at("weights").as_string());
        const json::value &before = find(result.at("reports"), {{"model", model}, {"weights", weights}});
        for (const char *number : numbers)
            BOOST_TEST(report.at(number) == before.at(number), model << ' ' << weights << ' ' << number);
    }
}

BOOST_AUTO_TEST_CASE(one_file_one_model_other_examples) {
    const Place &place = tiny_place();
    const json::value expected = find(place.result("tiny").at("reports"), {{"model", "student"}, {"weights", "last"}});
    const json::array file = reports_of(place, {"tiny/weights/student.last.safetensors"});
    BOOST_TEST_REQUIRE(file.size() == 1U);
    BOOST_TEST(file[0].at("errors") == expected.at("errors"));
    BOOST_TEST(reports_of(place, {"tiny", "--model", "teacher"}).size() == 2U);

    // A file by another name, and no run around it.
    std::filesystem::copy_file(place.path("tiny/weights/student.last.safetensors"), place.path("mine.safetensors"),
                               std::filesystem::copy_options::overwrite_existing);
    const json::array moved = reports_of(
        place, {"mine.safetensors", "--model", "student", "--manifest", "tiny/manifest.json", "--split", "validation"});
    const double accuracy = find(place.result("tiny").at("stages"), {{"name", "distil"}})
                                .at("metrics")
                                .at("validation_accuracy")
                                .to_number<double>();
    BOOST_TEST(moved.at(0).at("accuracy").to_number<double>() == accuracy);
    BOOST_TEST(moved.at(0).at("split").as_string() == "validation");
}

BOOST_AUTO_TEST_CASE(mistakes_say_what_is_there) {
    const Place &place = tiny_place();
    const struct {
        Words words;
        int exit_code;
        const char *message;
    } cases[] = {
        {{"nowhere"}, 5, "nowhere: there is no such file or folder"},
        {{"tiny", "--model", "studnt"}, 5, "there are no weights of a model 'studnt' in this run directory"},
        {{"tiny", "--data", "minst"}, 2, R"(there is no dataset "minst"; did you mean "mnist"?)"},
        {{"tiny/weights/student.last.safetensors", "--model", "teacher"}, 5, "shape is"},
        {{"tiny", "--split", "tests"}, 2, "--split"},
        {{"tiny/log.txt"}, 2, "say which manifest describes the model, with --manifest"},
    };
    for (const auto &expected : cases)
        BOOST_TEST_CONTEXT(expected.message) {
            const Outcome outcome = evaluate(place, expected.words);
            BOOST_TEST(outcome.exit_code == expected.exit_code);
            BOOST_TEST(contains(outcome.err, expected.message), outcome.err);
            BOOST_TEST(outcome.out.empty());
        }
}

BOOST_AUTO_TEST_SUITE_END()
