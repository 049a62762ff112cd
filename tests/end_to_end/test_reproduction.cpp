// SPDX-License-Identifier: Apache-2.0
#include "distilled.hpp"
#include "tiny.hpp"

#include <cstdlib>

BOOST_AUTO_TEST_SUITE(test_reproduction)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// A variable of the environment for the programs that are started while it lives.
class Variable {
  public:
    Variable(const char *name, const char *value) : name_(name) { ::setenv(name, value, 1); }
    Variable(const Variable &) = delete;
    Variable &operator=(const Variable &) = delete;
    ~Variable() { ::unsetenv(name_); }

  private:
    const char *name_;
};

void write_manifest(const fs::path &path, const json::value &manifest) {
    write_file(path, json::serialize(manifest));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_resolved_manifest_gives_the_same_bytes_again) {
    const Place &place = distilled();
    const Outcome outcome = place.run_file(place.path("first/manifest.json"), "again", {});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(read_file(place.path("first/manifest.json")) == read_file(place.path("again/manifest.json")));
    std::size_t compared = 0;
    for (const char *folder : {"weights", "metrics", "report", "figures"})
        for (const auto &entry : fs::directory_iterator(place.path("first") / folder)) {
            const std::string name = std::string(folder) + "/" + entry.path().filename().string();
            BOOST_TEST((read_file(entry.path()) == read_file(place.path("again") / name)), name << " differs");
            ++compared;
        }
    BOOST_TEST(compared >= 28U); // 6 of weights, 6 of metrics, 6 of the report, at least 10 of figures
}

BOOST_AUTO_TEST_CASE(another_seed_gives_other_weights) {
    const Place place;
    const Words one_epoch{"/stages/teach/epochs=1", "/stages/labels_alone/epochs=1", "/stages/distil/epochs=1",
                          "/observers=[]"};
    for (const char *seed : {"1", "2"})
        BOOST_TEST_REQUIRE(place.run(seed, one_epoch, {"--seed", seed}).exit_code == 0);
    for (const char *model : {"teacher", "labels_alone", "student"})
        BOOST_TEST((place.weights("1", model) != place.weights("2", model)), model);
}

BOOST_AUTO_TEST_CASE(narrower_instructions_learn_as_well) {
    const Variable narrow("ONEDNN_MAX_CPU_ISA", "AVX2");
    const Place place;
    const Outcome outcome = place.run("run", short_epochs, {"--set", "/observers=[]"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    check_accuracy(place.result("run"));
}

BOOST_AUTO_TEST_CASE(narrower_instructions_make_float32_of_bfloat16_and_say_so_once) {
    const Variable narrow("ONEDNN_MAX_CPU_ISA", "AVX2");
    const Place place;
    const Outcome float32 = place.run("float32", tiny());
    BOOST_TEST_REQUIRE(float32.exit_code == 0, float32.err);
    const Outcome bfloat16 = place.run("bfloat16", tiny({"/precision=bf16"}));
    BOOST_TEST_REQUIRE(bfloat16.exit_code == 0, bfloat16.err);
    BOOST_TEST(bfloat16.err == "warning: precision bf16: this processor does not multiply bfloat16 (it has neither "
                               "AVX512_BF16 nor AMX, or ONEDNN_MAX_CPU_ISA hides them); float32 is used instead\n" +
                                   float32.err);
    for (const char *model : {"teacher", "labels_alone", "student"})
        BOOST_TEST((place.weights("bfloat16", model) == place.weights("float32", model)), model);
}

BOOST_AUTO_TEST_CASE(a_saved_teacher_teaches_again) {
    const Place &place = distilled();
    json::value manifest = read_json(place.path("first/manifest.json"));
    json::object &models = manifest.at("models").as_object();
    models.at("teacher").at("weights") = place.path("first/weights/teacher.last.safetensors").string();
    models.erase("labels_alone");
    const json::value distil = find(manifest.at("stages"), {{"name", "distil"}});
    manifest.at("stages") = json::array{distil};
    write_manifest(place.path("second.json"), manifest);

    const Outcome outcome = place.run_file(place.path("second.json"), "second", {"/observers=[]"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    const json::value result = place.result("second");
    BOOST_TEST(result.at("reports").as_array().size() == 3U);
    const json::value &loaded = report_of(result, "teacher", "loaded");
    const json::value first = place.result("first");
    for (const char *member :
         {"errors", "nll", "brier", "ece", "parameters", "temperature", "scaled_nll", "scaled_ece"})
        BOOST_TEST(loaded.at(member) == report_of(first, "teacher").at(member), member << " differs");
    BOOST_TEST(
        (place.weights("second", "student") == place.weights("first", "student"))); // and the student is the same
}

BOOST_AUTO_TEST_SUITE_END()
