// SPDX-License-Identifier: Apache-2.0
// Teachers with spread: ensembles, draws of dropout, samples of a posterior, records.
#include "place.hpp"
#include "tensors.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// So small that a run takes a fraction of a second.
Words small_and(const Words &models, const Words &more = {}) {
    Words all{"/data/mnist/train=500", "/models/student/hidden=[32]", "/stages/distil/epochs=2", "/observers=[]",
              "/threads=2"};
    for (const std::string &model : models)
        all.push_back("/models/" + model + "/hidden=[48,48]");
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Words of_ensemble(const Words &more = {}) {
    Words all = small_and({"teacher_1", "teacher_2", "teacher_3"},
                          {"/stages/teach_1/epochs=2", "/stages/teach_2/epochs=2", "/stages/teach_3/epochs=2"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Words of_dropout(const Words &more = {}) {
    Words all = small_and({"teacher"}, {"/stages/teach/epochs=2"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Words of_langevin(const Words &more = {}) {
    Words all = small_and(
        {"chain", "sample_1", "sample_2", "sample_3", "sample_4", "sample_5", "sample_6", "sample_7", "sample_8"},
        {"/stages/sample/epochs=4", "/stages/sample/optimizer/examples=500"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Outcome run(const Place &place, const std::string &kind, const std::string &output, const Words &settings) {
    return place.run_file(example / (kind + "_quick.json"), output, settings);
}

void check_run(const Outcome &outcome) {
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err.empty(), outcome.err);
}

double nll_of(const json::value &result, const std::string &model) {
    return find(result.at("reports"), {{"model", model}, {"weights", "last"}}).at("nll").to_number<double>();
}

bool has_report(const json::value &result, const std::string &model) {
    for (const json::value &report : result.at("reports").as_array())
        if (report.at("model") == json::value(model))
            return true;
    return false;
}

/// `retort WORDS` in the place.
Outcome command(const Place &place, Words words) {
    words.insert(words.begin(), RETORT_COMMAND);
    return Process(words, place.path(".")).wait();
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_spread)

// The mean of softmaxes is never worse in NLL than its members are on average: -log is convex.
BOOST_AUTO_TEST_CASE(the_report_has_the_ensemble_beside_its_members) {
    const Place place;
    check_run(run(place, "ensemble", "run", of_ensemble()));
    const json::value result = place.result("run");
    const double members =
        (nll_of(result, "teacher_1") + nll_of(result, "teacher_2") + nll_of(result, "teacher_3")) / 3.0;
    BOOST_TEST(nll_of(result, "teachers") < members);
    BOOST_TEST(has_report(result, "student"));
    BOOST_TEST(!fs::exists(place.path("run/weights/teachers.last.safetensors"))); // it has none of its own

    const Outcome evaluated = command(place, {"evaluate", "run", "--json"});
    BOOST_TEST_REQUIRE(evaluated.exit_code == 0, evaluated.err);
    const json::value again = json::parse(evaluated.out);
    const json::value &report = find(again, {{"model", "teachers"}, {"weights", "last"}});
    BOOST_TEST(report.at("nll") == find(result.at("reports"), {{"model", "teachers"}}).at("nll"));

    const std::string images = (example / "data/t10k-images-idx3-ubyte.gz").string();
    const Outcome predicted = command(place, {"predict", "run", images, "--model", "teachers"});
    BOOST_TEST(predicted.exit_code == 0, predicted.err);
    BOOST_TEST(std::count(predicted.out.begin(), predicted.out.end(), '\n') == 1001);
}

BOOST_AUTO_TEST_CASE(an_ensemble_of_equal_teachers_teaches_as_one_to_the_byte) {
    const Place place;
    const Words equal{"/models/teacher_2/initialise_as=teacher_1", "/models/teacher_3/initialise_as=teacher_1",
                      R"(/models/teachers/members=["teacher_1", "teacher_1", "teacher_1"])",
                      "/stages/distil/pairs/logits/teacher_head={\"type\": \"point\"}",
                      R"(/stages/distil/losses=[{"type": "cross_entropy"}, {"type": "distillation"}])"};
    Words one = equal;
    one.emplace_back("/stages/distil/teacher=teacher_1");
    check_run(run(place, "ensemble", "three", of_ensemble(equal)));
    check_run(run(place, "ensemble", "one", of_ensemble(one)));
    BOOST_TEST((place.weights("three", "student") == place.weights("one", "student")));
    BOOST_TEST(nll_of(place.result("three"), "teachers") == nll_of(place.result("three"), "teacher_1"));
}

BOOST_AUTO_TEST_CASE(draws_of_dropout_teach_the_same_bytes_again_and_resume) {
    const Place place;
    check_run(run(place, "dropout", "one", of_dropout()));
    check_run(run(place, "dropout", "two", of_dropout()));
    BOOST_TEST((place.weights("one", "student") == place.weights("two", "student")));
    BOOST_TEST(nll_of(place.result("one"), "teacher_draws") == nll_of(place.result("two"), "teacher_draws"));
    BOOST_TEST(nll_of(place.result("one"), "teacher_draws") != nll_of(place.result("one"), "teacher"));
    check_run(run(place, "dropout", "uncached", of_dropout({"/stages/distil/teacher_cache=0"})));
    BOOST_TEST((place.weights("one", "student") != place.weights("uncached", "student"))); // fresh draws at every step
}

BOOST_AUTO_TEST_CASE(samples_of_the_posterior_are_saved_reused_and_teach) {
    const Place place;
    check_run(run(place, "langevin", "run", of_langevin()));
    const json::value first = place.result("run");
    BOOST_TEST(has_report(first, "samples"));
    double mean = 0.0;
    for (int i = 1; i <= 8; ++i)
        mean += nll_of(first, "sample_" + std::to_string(i)) / 8.0;
    BOOST_TEST(nll_of(first, "samples") <= mean);
    BOOST_TEST((place.weights("run", "sample_8") == place.weights("run", "chain"))); // the last one is taken at the end
    BOOST_TEST((place.weights("run", "sample_7") != place.weights("run", "sample_8")));
    const std::string student = place.weights("run", "student");
    const std::string sample = place.weights("run", "sample_3");

    // Only the second stage runs again, on samples that were loaded.
    check_run(run(place, "langevin", "run", of_langevin({"/stages/distil/epochs=3"})));
    BOOST_TEST(contains(read_file(place.path("run/log.txt")), "stage sample is unchanged, and loaded"));
    BOOST_TEST((place.weights("run", "sample_3") == sample));
    BOOST_TEST((place.weights("run", "student") != student));
    check_run(run(place, "langevin", "run", of_langevin()));
    BOOST_TEST((place.weights("run", "student") == student));
    BOOST_TEST(nll_of(place.result("run"), "samples") == nll_of(first, "samples"));
}

BOOST_AUTO_TEST_CASE(what_predict_wrote_teaches) {
    const Place place;
    check_run(run(place, "dropout", "teacher", of_dropout()));
    fs::create_directory(place.path("data"));
    for (const char *part : {"train", "t10k"})
        BOOST_TEST_REQUIRE(command(place, {"predict", "teacher",
                                           (example / "data" / (std::string(part) + "-images-idx3-ubyte.gz")).string(),
                                           "--model", "teacher", "--output", std::string(part) + ".npy"})
                               .exit_code == 0);
    Words settings = small_and({});
    settings.push_back("/models/teacher/taps/logits/train=" + place.path("train.npy").string());
    settings.push_back("/models/teacher/taps/logits/validation=" + place.path("train.npy").string());
    settings.push_back("/models/teacher/taps/logits/test=" + place.path("t10k.npy").string());
    check_run(run(place, "recorded", "run", settings));
    const json::value result = place.result("run");
    const json::value &recorded = find(result.at("reports"), {{"model", "teacher"}, {"weights", "none"}});
    const json::value taught = place.result("teacher");
    const json::value &computed = find(taught.at("reports"), {{"model", "teacher"}, {"weights", "last"}});
    BOOST_TEST(recorded.at("errors") == computed.at("errors"));
    BOOST_TEST(recorded.at("nll").to_number<double>() == computed.at("nll").to_number<double>(),
               boost::test_tools::tolerance(1e-4));

    // Another record in the same place: the stage runs again.
    const std::string student = place.weights("run", "student");
    check_run(run(place, "recorded", "run", settings));
    BOOST_TEST(contains(read_file(place.path("run/log.txt")), "stage distil is unchanged, and loaded"));
    BOOST_TEST_REQUIRE(command(place, {"predict", "teacher", (example / "data/train-images-idx3-ubyte.gz").string(),
                                       "--model", "student", "--output", "train.npy"})
                           .exit_code == 0);
    check_run(run(place, "recorded", "run", settings));
    BOOST_TEST((place.weights("run", "student") != student));

    settings.emplace_back("/stages/distil/shift=1");
    const Outcome shifted = run(place, "recorded", "shifted", settings);
    BOOST_TEST(shifted.exit_code == 3);
    BOOST_TEST(contains(shifted.err, "/stages/0/shift: the teacher \"teacher\" has a record of each example as it is, "
                                     "and none of it shifted; allowed: 0"),
               shifted.err);
    settings.back() = "/models/teacher/taps/logits/train=\"\"";
    const Outcome missing = run(place, "recorded", "missing", settings);
    BOOST_TEST(missing.exit_code == 3);
    BOOST_TEST(contains(missing.err, "/stages/0/teacher: \"teacher\" has no record of the training examples"),
               missing.err);
}

BOOST_AUTO_TEST_CASE(mistakes_are_found_before_anything_runs) {
    const Place place;
    const auto complaint = [&](const Words &settings) {
        const Outcome outcome = run(place, "ensemble", "wrong", of_ensemble(settings));
        BOOST_TEST(outcome.exit_code == 3);
        BOOST_TEST(!fs::exists(place.path("wrong")));
        return outcome.err;
    };
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"(/models/teachers/members=["teachers"])",
         "/models/teachers: the model is made of itself; allowed: others, none of which is made of it"},
        {R"(/models/teachers/members=["student"])",
         "/stages/3: it trains \"student\", and uses \"teachers\", which is made of it"},
        {"/models/teacher_2/hidden=[48,40]", "/models/teachers/members/1: \"teacher_2\" has the taps"},
        {R"(/models/teachers/members=["teacher_9"])", "/models/teachers/members/0: there is no model \"teacher_9\""},
        {"/stages/teach_1/model=teachers", "has nothing to train; allowed: models with parameters"}};
    for (const auto &[setting, message] : cases) {
        const std::string found = complaint({setting});
        BOOST_TEST(contains(found, message), setting << " gave " << found);
    }
}

BOOST_AUTO_TEST_SUITE_END()
