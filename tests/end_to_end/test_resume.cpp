// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// Small, but with every observer, noise on the discriminator's samples, and many checkpoints.
Words settings() {
    return tiny({R"(/observers=[{"type": "csv"}, {"type": "figures"}])", "/checkpoints/every_steps=3",
                 "/models/teacher/dropout=0.2",
                 R"(/stages/distil/augmentation={"shift": 1, "rotation": 5, "scale": 0.1})",
                 "/stages/distil/epochs=12"});
}

/// The command on the quick example, and how long it took.
const Place &uninterrupted() {
    static const Place place;
    static const Outcome outcome = place.run("whole", settings());
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    return place;
}

/// Every file of weights, metrics and figures is in both, with the same bytes.
void check_same(const fs::path &expected, const fs::path &found) {
    for (const char *folder : {"weights", "metrics", "figures"}) {
        std::size_t files = 0;
        for (const auto &entry : fs::directory_iterator(expected / folder)) {
            const std::string name = std::string(folder) + "/" + entry.path().filename().string();
            BOOST_TEST((read_file(entry.path()) == read_file(found / name)), name << " differs");
            ++files;
        }
        const auto all = fs::directory_iterator(found / folder);
        BOOST_TEST(static_cast<std::size_t>(std::distance(fs::begin(all), fs::end(all))) == files);
    }
}

Process start(const Place &place, const std::string &output, const Words &all = settings()) {
    Words words{RETORT_COMMAND, "run", (example / "quick.json").string(), "--output", output};
    for (const std::string &setting : all)
        words.insert(words.end(), {"--set", setting});
    return {words, place.path(".")};
}

Process resume(const Place &place, const std::string &output) {
    return {{RETORT_COMMAND, "run", "--resume", output, "--log-level", "info"}, place.path(".")};
}

void sleep_for(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// Of the third stage, oldest first.
std::vector<fs::path> checkpoints_of(const fs::path &run) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(run / "checkpoints", error))
        if (const std::string name = entry.path().filename().string();
            name.starts_with("distil.") && name.ends_with(".checkpoint"))
            found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

/// Waits until the third stage of a run has so many checkpoints.
void await_checkpoints(const fs::path &run, std::size_t count) {
    while (checkpoints_of(run).size() < count)
        sleep_for(0.001);
}

void flip_byte(const fs::path &file) {
    std::string bytes = read_file(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file(file, bytes);
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_resume)

// Moments are spread over a run and a little more; each kill is followed by another until the run gets through.
BOOST_AUTO_TEST_CASE(a_run_killed_at_random_moments_ends_with_the_same_bytes) {
    const Place &whole = uninterrupted();
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST_REQUIRE(whole.run("timed", settings()).exit_code == 0);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::mt19937 random(1); // NOLINT: the same moments each time, as far as the machine allows
    std::uniform_real_distribution<double> moment(0.0, 1.1 * seconds);
    int kills = 0;
    int inside_checkpoint = 0;
    for (int run = 0; kills < 30; ++run) {
        const Place place;
        Process first = start(place, "run");
        sleep_for(moment(random));
        first.send(SIGKILL);
        kills += first.wait().exit_code == -1 ? 1 : 0;
        while (true) {
            for (const auto &entry : fs::recursive_directory_iterator(place.path(".")))
                inside_checkpoint += entry.path().extension() == ".partial" ? 1 : 0;
            const bool begun = fs::exists(place.path("run/manifest.json"));
            Process next = begun ? resume(place, "run") : start(place, "run");
            if (kills < 30 && run % 2 == 1) { // and once more, on the way
                sleep_for(moment(random));
                next.send(SIGKILL);
            }
            const Outcome outcome = next.wait();
            if (outcome.exit_code == 0)
                break;
            BOOST_TEST_REQUIRE(outcome.exit_code == -1, outcome.err);
            ++kills;
        }
        BOOST_TEST_CONTEXT("run " << run)
        check_same(whole.path("whole"), place.path("run"));
    }
    BOOST_TEST_MESSAGE(kills << " kills, " << inside_checkpoint << " files were being written");
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_says_how_it_goes_on) {
    const Place &whole = uninterrupted();
    for (const int signal : {SIGINT, SIGTERM}) {
        const Place place;
        Process process = start(place, "run");
        await_checkpoints(place.path("run"), 1);
        process.send(signal);
        const Outcome outcome = process.wait();
        BOOST_TEST(outcome.exit_code == 130);
        BOOST_TEST(outcome.err == "cancelled: the run was cancelled; it goes on with: retort run --resume run\n");
        const Outcome resumed = resume(place, "run").wait();
        BOOST_TEST_REQUIRE(resumed.exit_code == 0, resumed.err);
        BOOST_TEST(contains(resumed.err, "info: stage teach is unchanged, and loaded"));
        BOOST_TEST(contains(resumed.err, "info: stage distil goes on from "));
        check_same(whole.path("whole"), place.path("run"));
        BOOST_TEST(checkpoints_of(place.path("run")).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_run_in_bfloat16_goes_on_to_the_same_bytes) {
    const Place place;
    Words rounded = settings();
    rounded.emplace_back("/precision=bf16");
    const Outcome whole = place.run("whole", rounded);
    BOOST_TEST_REQUIRE(whole.exit_code == 0, whole.err);
    const bool rounds = !contains(whole.err, "float32 is used instead"); // where the processor can
    BOOST_TEST((place.weights("whole", "student") != uninterrupted().weights("whole", "student")) == rounds);
    Process process = start(place, "run", rounded);
    await_checkpoints(place.path("run"), 1);
    process.send(SIGINT);
    BOOST_TEST(process.wait().exit_code == 130);
    const Outcome resumed = resume(place, "run").wait();
    BOOST_TEST_REQUIRE(resumed.exit_code == 0, resumed.err);
    BOOST_TEST(contains(resumed.err, "info: stage distil goes on from "));
    check_same(place.path("whole"), place.path("run"));
}

BOOST_AUTO_TEST_CASE(a_damaged_checkpoint_is_named_and_the_one_before_it_used) {
    const Place &whole = uninterrupted();
    const Place place;
    Process process = start(place, "run");
    await_checkpoints(place.path("run"), 2);
    process.send(SIGKILL);
    (void)process.wait();
    const std::vector<fs::path> there = checkpoints_of(place.path("run"));
    BOOST_TEST_REQUIRE(there.size() >= 2U);
    flip_byte(there.back());
    const Outcome outcome = resume(place, "run").wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, there.back().filename().string() +
                                         ": the checkpoint is damaged: its checksum is wrong; the checkpoint before it "
                                         "is taken"));
    BOOST_TEST(contains(outcome.err, "goes on from " + fs::canonical(place.path("run")).string() + "/checkpoints/" +
                                         there[there.size() - 2].filename().string()));
    check_same(whole.path("whole"), place.path("run"));
}

BOOST_AUTO_TEST_CASE(what_changed_since_is_named) {
    const Place place;
    Process process = start(place, "run");
    await_checkpoints(place.path("run"), 1);
    process.send(SIGINT);
    (void)process.wait();
    json::value manifest = read_json(place.path("run/manifest.json"));
    manifest.at("stages").at(2).at("epochs") = 3;
    write_file(place.path("run/manifest.json"), json::serialize(manifest));
    const Outcome outcome = resume(place, "run").wait();
    BOOST_TEST(outcome.exit_code == 7);
    BOOST_TEST(contains(outcome.err, "stage distil cannot be gone on with, for this changed since: "
                                     "/stage/epochs (12, now 3)"),
               outcome.err);
}

BOOST_AUTO_TEST_CASE(a_folder_without_a_run_cannot_be_gone_on_with) {
    const Place place;
    fs::create_directory(place.path("empty"));
    const Outcome outcome = resume(place, "empty").wait();
    BOOST_TEST(outcome.exit_code == 7);
    BOOST_TEST(outcome.err == "error: empty: there is no run in this folder to go on with: it has no manifest.json\n");
}

BOOST_AUTO_TEST_CASE(two_runs_do_not_share_a_folder) {
    const Place place;
    Process process = start(place, "run");
    await_checkpoints(place.path("run"), 1);
    const Outcome second = place.run("run", settings());
    BOOST_TEST(second.exit_code == 7);
    BOOST_TEST(contains(second.err, "another run is writing into this folder"), second.err);
    BOOST_TEST(process.wait().exit_code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(test_stages_reused)

BOOST_AUTO_TEST_CASE(another_discriminator_does_not_train_the_teacher_again) {
    const Place place;
    const Words log{"--log-level", "info"};
    BOOST_TEST_REQUIRE(place.run("run", settings()).exit_code == 0);
    const std::string teacher = place.weights("run", "teacher");
    const std::string student = place.weights("run", "student");
    write_file(place.path("run/notes.txt"), "mine");

    Words swapped = settings();
    swapped.emplace_back("/stages/distil/adversaries/main/discriminator/type=mlp");
    const Outcome outcome = place.run("run", swapped, log);
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "stage teach is unchanged, and loaded"));
    BOOST_TEST(contains(outcome.err, "stage labels_alone is unchanged, and loaded"));
    BOOST_TEST(contains(outcome.err, "stage distil runs anew, for this changed: "));
    BOOST_TEST(contains(outcome.err, R"(/stage/adversaries)"));
    BOOST_TEST((place.weights("run", "teacher") == teacher));
    BOOST_TEST((place.weights("run", "student") != student));
    BOOST_TEST(read_file(place.path("run/notes.txt")) == "mine");
    BOOST_TEST(fs::exists(place.path("run/metrics/teach.steps.csv")));

    Words fresh = swapped;
    BOOST_TEST_REQUIRE(place.run("fresh", fresh).exit_code == 0);
    check_same(place.path("fresh"), place.path("run"));
}

BOOST_AUTO_TEST_CASE(a_later_stage_depends_on_the_earlier_ones) {
    const Place place;
    BOOST_TEST_REQUIRE(place.run("run", settings()).exit_code == 0);
    Words other = settings();
    other.emplace_back("/models/teacher/dropout=0.3");
    const Outcome outcome = place.run("run", other, {"--log-level", "info"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err,
                        "stage teach runs anew, for this changed: /models/teacher/settings/dropout (0.2, now 0.3)"),
               outcome.err);
    BOOST_TEST(contains(outcome.err, "stage labels_alone is unchanged"), outcome.err);
    BOOST_TEST(contains(outcome.err, "stage distil runs anew"), outcome.err);
}

BOOST_AUTO_TEST_CASE(a_stage_can_be_forced) {
    const Place place;
    BOOST_TEST_REQUIRE(place.run("run", settings()).exit_code == 0);
    const Outcome outcome = place.run("run", settings(), {"--force", "labels_alone", "--log-level", "info"});
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "stage teach is unchanged, and loaded"));
    BOOST_TEST(contains(outcome.err, "stage labels_alone begins"));
    BOOST_TEST(contains(outcome.err, "stage distil is unchanged, and loaded"));
    const Outcome unknown = place.run("run", settings(), {"--force", "teech"});
    BOOST_TEST(unknown.exit_code == 2);
    BOOST_TEST(contains(unknown.err, R"(there is no stage "teech"; did you mean "teach"?)"), unknown.err);
}

BOOST_AUTO_TEST_CASE(stages_that_train_one_model_keep_their_weights_apart) {
    const Place place;
    Words twice = settings();
    twice.emplace_back("/stages/labels_alone/model=student");
    BOOST_TEST_REQUIRE(place.run("run", twice).exit_code == 0);
    const std::string student = place.weights("run", "student");
    const std::string before = read_file(place.path("run/weights/student.labels_alone.last.safetensors"));
    BOOST_TEST((before != student));
    const Words log{"--log-level", "info"};
    const Outcome again = place.run("run", twice, log);
    BOOST_TEST_REQUIRE(again.exit_code == 0, again.err);
    BOOST_TEST(contains(again.err, "stage labels_alone is unchanged, and loaded"), again.err);
    BOOST_TEST((place.weights("run", "student") == student));
    for (const char *stage : {"labels_alone", "distil"}) {
        const Outcome forced = place.run("run", twice, {"--force", stage});
        BOOST_TEST_REQUIRE(forced.exit_code == 0, forced.err);
        BOOST_TEST((place.weights("run", "student") == student));
        BOOST_TEST((read_file(place.path("run/weights/student.labels_alone.last.safetensors")) == before));
    }
}

BOOST_AUTO_TEST_CASE(damaged_weights_are_no_reason_to_trust_a_stage) {
    const Place place;
    BOOST_TEST_REQUIRE(place.run("run", settings()).exit_code == 0);
    const std::string before = place.weights("run", "teacher");
    flip_byte(place.path("run/weights/teacher.last.safetensors"));
    const Outcome outcome = place.run("run", settings());
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(contains(outcome.err, "warning: stage teach is complete in "));
    BOOST_TEST(contains(outcome.err, "its weights weights/teacher.last.safetensors are missing or damaged"));
    BOOST_TEST((place.weights("run", "teacher") == before));
}

BOOST_AUTO_TEST_SUITE_END()
