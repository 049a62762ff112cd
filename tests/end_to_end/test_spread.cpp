// SPDX-License-Identifier: Apache-2.0
// Teachers with spread: ensembles, draws of dropout, samples of a posterior, records.
#include "place.hpp"
#include "tensors.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>
#include <support/example_files.hpp>
#include <thread>
#include <vector>

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
        {"/stages/teach/epochs=6", "/stages/sample/epochs=4"});
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

/// What a stage made of a model, as the report says.
double nll_after(const json::value &result, const std::string &stage, const std::string &model) {
    const auto &report = find(result.at("reports"), {{"stage", stage}, {"model", model}, {"weights", "last"}});
    return report.at("nll").to_number<double>();
}

bool has_report(const json::value &result, const std::string &model) {
    for (const json::value &report : result.at("reports").as_array())
        if (report.at("model") == json::value(model))
            return true;
    return false;
}

/// Step of the latest checkpoint of a stage, 0 without any.
unsigned long latest_checkpoint(const fs::path &run, const std::string &stage) {
    unsigned long latest = 0;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(run / "checkpoints", error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(stage + ".") && name.ends_with(".checkpoint"))
            latest = std::max(latest, std::stoul(name.substr(stage.size() + 1)));
    }
    return latest;
}

/// Begins the run, kills it once `stage` has a checkpoint of step `step` or later, and goes on with it. Returns which
/// checkpoint that was from, or might have been.
unsigned long run_with_a_break(const Place &place, const std::string &kind, const std::string &output,
                               const Words &settings, const std::string &stage, unsigned long step) {
    Words words{RETORT_COMMAND, "run", (example / (kind + "_quick.json")).string(), "--output", output};
    for (const std::string &setting : settings)
        words.insert(words.end(), {"--set", setting});
    Process process(words, place.path("."));
    while (latest_checkpoint(place.path(output), stage) < step && !fs::exists(place.path(output) / "result.json"))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    process.send(SIGKILL);
    BOOST_TEST_REQUIRE(process.wait().exit_code == -1, "the run was over before it could be killed");
    const unsigned long from = latest_checkpoint(place.path(output), stage);
    const Outcome resumed =
        Process({RETORT_COMMAND, "run", "--resume", output, "--log-level", "info"}, place.path(".")).wait();
    BOOST_TEST_REQUIRE(resumed.exit_code == 0, resumed.err);
    BOOST_TEST(contains(resumed.err, "stage " + stage + " goes on from"), resumed.err);
    return from;
}

/// All files of weights are in both, with the same bytes.
void check_same_weights(const Place &place, const std::string &one, const std::string &other) {
    std::size_t files = 0;
    for (const auto &entry : fs::directory_iterator(place.path(one) / "weights")) {
        const fs::path name = entry.path().filename();
        BOOST_TEST((read_file(entry.path()) == read_file(place.path(other) / "weights" / name)), name << " differs");
        ++files;
    }
    BOOST_TEST(files > 1U);
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

BOOST_AUTO_TEST_CASE(draws_of_dropout_teach_the_same_bytes_again) {
    const Place place;
    check_run(run(place, "dropout", "one", of_dropout()));
    check_run(run(place, "dropout", "two", of_dropout()));
    BOOST_TEST((place.weights("one", "student") == place.weights("two", "student")));
    BOOST_TEST(nll_of(place.result("one"), "teacher_draws") == nll_of(place.result("two"), "teacher_draws"));
    BOOST_TEST(nll_of(place.result("one"), "teacher_draws") != nll_after(place.result("one"), "teach", "teacher"));
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

    // Only the last stage runs again, on samples that were loaded.
    check_run(run(place, "langevin", "run", of_langevin({"/stages/distil/epochs=3"})));
    BOOST_TEST(contains(read_file(place.path("run/log.txt")), "stage sample is unchanged, and loaded"));
    BOOST_TEST((place.weights("run", "sample_3") == sample));
    BOOST_TEST((place.weights("run", "student") != student));
    check_run(run(place, "langevin", "run", of_langevin()));
    BOOST_TEST((place.weights("run", "student") == student));
    BOOST_TEST(nll_of(place.result("run"), "samples") == nll_of(first, "samples"));
}

// The report has it beside the samples, and beside what the chain came to.
BOOST_AUTO_TEST_CASE(a_chain_begins_at_the_point_teacher) {
    const Place place;
    check_run(run(place, "langevin", "run", of_langevin()));
    const json::value result = place.result("run");
    const double point_teacher = nll_after(result, "teach", "chain");
    BOOST_TEST(point_teacher < 2.0); // it has learned: ln 10 = 2.3 by guessing
    BOOST_TEST(nll_after(result, "sample", "chain") == nll_after(result, "sample", "sample_8"));
    BOOST_TEST(nll_after(result, "sample", "chain") != point_teacher);
    BOOST_TEST(has_report(result, "samples"));

    check_run(run(place, "langevin", "still", of_langevin({"/stages/sample/optimizer/step_size=0"})));
    BOOST_TEST((place.weights("still", "sample_1") == place.weights("run", "chain.teach")));
    BOOST_TEST(nll_after(place.result("still"), "sample", "sample_1") == point_teacher);
}

BOOST_AUTO_TEST_CASE(a_posterior_is_of_as_many_examples_as_there_are) {
    const Place place;
    check_run(run(place, "langevin", "run", of_langevin()));
    check_run(run(place, "langevin", "given", of_langevin({"/stages/sample/optimizer/examples=500"})));
    check_run(run(place, "langevin", "other", of_langevin({"/stages/sample/optimizer/examples=400"})));
    BOOST_TEST((place.weights("given", "chain") == place.weights("run", "chain")));
    BOOST_TEST((place.weights("other", "chain") != place.weights("run", "chain")));
}

// Of 400 steps the samples are those of steps 225, 250, ..., 400: the break comes between them, and what was taken
// before it is in the checkpoint.
BOOST_AUTO_TEST_CASE(a_stage_that_takes_samples_goes_on_after_a_break_to_the_byte) {
    const Place place;
    const Words settings = of_langevin({"/threads=1", "/stages/sample/epochs=80", "/checkpoints/every_steps=10"});
    check_run(run(place, "langevin", "whole", settings));
    const unsigned long from = run_with_a_break(place, "langevin", "broken", settings, "sample", 260);
    BOOST_TEST(from < 400U);
    check_same_weights(place, "whole", "broken");
    BOOST_TEST((place.weights("whole", "sample_1") != place.weights("whole", "sample_2")));
    BOOST_TEST(nll_of(place.result("whole"), "samples") == nll_of(place.result("broken"), "samples"));
}

// Draws of a teacher's dropout at every step, and relaxed samples whose temperature falls.
BOOST_AUTO_TEST_CASE(draws_and_annealed_samples_go_on_after_a_break_to_the_byte) {
    const Place place;
    const std::string annealed =
        R"({"type": "categorical", "relaxation": {"schedule": "linear", "value": 2, "final": 0.3}})";
    const Words settings =
        of_dropout({"/threads=1", "/stages/distil/epochs=40", "/stages/distil/teacher_cache=0",
                    "/checkpoints/every_steps=10", "/stages/distil/pairs/logits/teacher_head=" + annealed,
                    R"(/stages/distil/pairs/logits/student_head={"type": "categorical"})"});
    check_run(run(place, "dropout", "whole", settings));
    (void)run_with_a_break(place, "dropout", "broken", settings, "distil", 50);
    check_same_weights(place, "whole", "broken");
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

    // A hidden tap by a name of its own, in a pair and as a condition; the probabilities serve as one.
    Words hidden = settings;
    hidden.push_back(R"(/models/teacher/taps/hidden_0={"train": ")" + place.path("train.npy").string() + R"("})");
    hidden.insert(hidden.end(), {"/models/student/hidden=[32,24]", "/stages/distil/pairs/logits/student_tap=hidden.0",
                                 "/stages/distil/pairs/logits/teacher_tap=hidden_0",
                                 "/stages/distil/pairs/logits/condition/tap=hidden_0"});
    check_run(run(place, "recorded", "hidden", hidden));
    BOOST_TEST(!has_report(place.result("hidden"), "teacher")); // hidden_0 has no file of the test split

    settings.emplace_back("/stages/distil/augmentation/shift=1");
    const Outcome moved = run(place, "recorded", "moved", settings);
    BOOST_TEST(moved.exit_code == 3);
    BOOST_TEST(contains(moved.err,
                        "/stages/0/augmentation: the teacher \"teacher\" has a record of each example as it is, "
                        "and none of it moved; allowed: a shift, rotation and scale of 0"),
               moved.err);
    settings.back() = "/models/teacher/taps/logits/train=\"\"";
    const Outcome missing = run(place, "recorded", "missing", settings);
    BOOST_TEST(missing.exit_code == 3);
    BOOST_TEST(contains(missing.err, "/stages/0/teacher: \"teacher\" has no record of the training examples"),
               missing.err);
}

// It has nothing without files, so that the kit on all plugins does not know it.
BOOST_AUTO_TEST_CASE(a_record_keeps_the_contract) {
    const Place place;
    const auto record = [](std::size_t width) { // of distributions, which serve as logits and as probabilities
        constexpr std::size_t rows = 400;       // more than the kit has examples
        std::vector<float> values(rows * width, 0.5F / static_cast<float>(width - 1));
        for (std::size_t row = 0; row < rows; ++row)
            values[row * width + row % width] = 0.5F;
        return npy_bytes("<f4", "(" + std::to_string(rows) + ", " + std::to_string(width) + ")", bytes_of(values));
    };
    write_file(place.path("logits.npy"), record(3)); // as many as the kit's data has classes
    write_file(place.path("hidden.npy"), record(5));
    const fs::path plugins = fs::path(RETORT_COMMAND).parent_path().parent_path() / "lib/retort/plugins";
    const Outcome checked =
        command(place, {"check", (plugins / "model_recorded.so").string(), "--set",
                        R"(/taps={"logits": {"train": "logits.npy"}, "hidden": {"train": "hidden.npy"}})"});
    BOOST_TEST(checked.exit_code == 0, checked.err << checked.out);
    BOOST_TEST(contains(checked.out, "14 passed, 0 failed, 8 skipped"), checked.out);
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
