// SPDX-License-Identifier: Apache-2.0
// The built command in several processes, on the small real data of the example.
#include "tensors.hpp"
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_mpi_runs)

using namespace retort::test;
namespace fs = std::filesystem;

namespace {

/// The student takes 20 steps an epoch, of stochastic gradient descent; the last batch is short.
Words settings_with(const Words &more = {}) {
    Words settings = tiny({R"(/observers=[{"type": "csv"}])", "/stages/teach/batch=26", "/stages/labels_alone/batch=26",
                           "/stages/distil/batch=26", "/stages/distil/epochs=1",
                           R"(/stages/distil/optimizer={"type": "sgd", "learning_rate": 0.01})",
                           R"(/stages/teach/optimizer={"type": "sgd", "learning_rate": 0.01})",
                           R"(/stages/distil/adversaries/main/optimizer={"type": "sgd", "learning_rate": 0.01})"});
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

Words command(const Words &words, const Words &settings) {
    Words all{RETORT_COMMAND, "run"};
    all.insert(all.end(), words.begin(), words.end());
    for (const std::string &setting : settings)
        all.insert(all.end(), {"--set", setting});
    return all;
}

Words in_processes(std::size_t count, const Words &command) {
    Words all{RETORT_MPIRUN, "-n", std::to_string(count)};
    all.insert(all.end(), command.begin(), command.end());
    return all;
}

const std::string manifest = (example / "quick.json").string();

Outcome run(const Place &place, std::size_t count, const std::string &output, const Words &settings,
            Words words = {"--quiet"}) {
    words.insert(words.begin(), {manifest, "--output", output});
    const Words alone = command(words, settings);
    return Process(count == 0 ? alone : in_processes(count, alone), place.path(".")).wait();
}

std::map<std::string, std::string> contents_of(const fs::path &run) {
    std::map<std::string, std::string> files;
    for (const char *part : {"weights", "metrics"})
        for (const auto &entry : fs::directory_iterator(run / part))
            files[entry.path().filename().string()] = read_file(entry.path());
    return files;
}

/// Of the weights of two runs.
struct Difference {
    double largest = 0.0;
    double mean = 0.0;
};

Difference difference(const Place &place, const std::string &one, const std::string &other, const std::string &model) {
    const auto file = [&](const std::string &run) {
        return read_tensors(place.path(run) / "weights" / (model + ".last.safetensors"));
    };
    const auto a = file(one);
    const auto b = file(other);
    BOOST_TEST_REQUIRE(a.size() == b.size());
    Difference found;
    double size = 0.0;
    for (const auto &[name, tensor] : a)
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            const double here =
                std::abs(static_cast<double>(tensor.values[i]) - static_cast<double>(b.at(name).values[i]));
            found.largest = std::max(found.largest, here);
            found.mean += here;
            size += 1.0;
        }
    found.mean /= size;
    return found;
}

std::size_t occurrences(const std::string &text, const std::string &part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

/// More steps than anybody waits for.
Words long_settings() {
    return settings_with({"/stages/distil/epochs=60", "/checkpoints/every_steps=7",
                          R"(/stages/distil/optimizer={"type": "adam"})",
                          R"(/stages/distil/adversaries/main/optimizer={"type": "adam"})"});
}

/// Process id of a replica, which mpirun started.
pid_t replica(const Place &place, std::size_t index) {
    const std::string marks[] = {"OMPI_COMM_WORLD_RANK=" + std::to_string(index), "PWD="};
    const std::string folder = fs::canonical(place.path(".")).string();
    for (const auto &entry : fs::directory_iterator("/proc")) {
        std::error_code error;
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos ||
            fs::read_symlink(entry.path() / "cwd", error) != folder)
            continue;
        std::ifstream in(entry.path() / "environ", std::ios::binary);
        const std::string environment(std::istreambuf_iterator<char>(in), {});
        if (contains(std::string(1, '\0') + environment, std::string(1, '\0') + marks[0] + '\0'))
            return static_cast<pid_t>(std::stoi(name));
    }
    throw std::runtime_error("there is no such replica");
}

void await_checkpoints(const fs::path &run) {
    const auto found = [&] {
        std::error_code error;
        for (const auto &entry : fs::directory_iterator(run / "checkpoints", error))
            if (entry.path().filename().string().starts_with("distil."))
                return true;
        return false;
    };
    const auto begin = std::chrono::steady_clock::now();
    while (!found() && std::chrono::steady_clock::now() - begin < std::chrono::seconds(60))
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    BOOST_TEST_REQUIRE(found());
}

/// Starts the long run in three processes, and does something to one of them once there is a checkpoint.
Outcome disturbed(const Place &place, std::size_t index, int signal) {
    Process process(in_processes(3, command({manifest, "--output", "run", "--quiet"}, long_settings())),
                    place.path("."));
    await_checkpoints(place.path("run"));
    ::kill(replica(place, index), signal);
    return process.wait();
}

const std::map<std::string, std::string> &undisturbed() {
    static const auto contents = [] {
        const Place place;
        const Outcome outcome = run(place, 3, "run", long_settings());
        BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
        return contents_of(place.path("run"));
    }();
    return contents;
}

void check_goes_on(const Place &place) {
    const Outcome outcome =
        Process(in_processes(3, {RETORT_COMMAND, "run", "--resume", "run", "--quiet"}), place.path(".")).wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST((contents_of(place.path("run")) == undisturbed()));
}

} // namespace

BOOST_AUTO_TEST_CASE(twenty_steps_agree_for_1_2_and_4_processes) {
    const Place place;
    BOOST_TEST_REQUIRE(run(place, 0, "alone", settings_with()).exit_code == 0);
    for (const std::size_t count : {1U, 2U, 4U}) {
        const std::string name = std::to_string(count);
        const Outcome outcome = run(place, count, name, settings_with());
        BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
        BOOST_TEST(place.result(name).at("replicas").to_number<std::size_t>() == count);
        for (const char *model : {"teacher", "student"}) {
            const double found = difference(place, "alone", name, model).largest;
            BOOST_TEST(found <= (count == 1 ? 0.0 : 1e-5), model << ", " << count << ": " << found);
            BOOST_TEST_MESSAGE(model << ", " << count << " processes: largest " << found);
        }
    }
}

BOOST_AUTO_TEST_CASE(progress_is_a_line_an_epoch_and_is_shown_once) {
    const Place place;
    for (const std::size_t count : {1U, 2U}) {
        const Outcome outcome = run(place, count, std::to_string(count), settings_with(), {});
        BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
        BOOST_TEST(!contains(outcome.out, "\x1b"), outcome.out);
        BOOST_TEST(occurrences(outcome.out, "distil  epoch 1/1") == 1U, outcome.out);
    }
}

// What docs/13_replicas.md says of Adam is what this prints with --log_level=message.
BOOST_AUTO_TEST_CASE(twenty_steps_of_adam_differ_by_rounding) {
    const Place place;
    Words settings = settings_with();
    settings.emplace_back(R"(/stages/teach/optimizer={"type": "adam"})");
    for (const char *owner : {"/stages/distil", "/stages/distil/adversaries/main"})
        settings.push_back(std::string(owner) + R"(/optimizer={"type": "adam"})");
    BOOST_TEST_REQUIRE(run(place, 0, "alone", settings).exit_code == 0);
    for (const std::size_t count : {2U, 4U}) {
        const std::string name = std::to_string(count);
        BOOST_TEST_REQUIRE(run(place, count, name, settings).exit_code == 0);
        for (const char *model : {"teacher", "student"}) {
            const Difference found = difference(place, "alone", name, model);
            BOOST_TEST(found.largest <= 1e-5); // all steps together could go as far as 0.02
            BOOST_TEST(found.mean <= 1e-7);
            BOOST_TEST_MESSAGE(model << ", " << count << " processes: largest " << found.largest << ", mean "
                                     << found.mean);
        }
    }
}

BOOST_AUTO_TEST_CASE(only_the_first_speaks_and_writes) {
    const Place place;
    const Outcome alone = run(place, 0, "alone", settings_with(), {});
    const Outcome together = run(place, 3, "together", settings_with(), {});
    BOOST_TEST_REQUIRE(together.exit_code == 0, together.err);
    BOOST_TEST(together.err == "");
    for (const char *once : {"test errors", "divided by a temperature", "Written:", "report.csv"}) {
        BOOST_TEST(occurrences(alone.out, once) == 1U);
        BOOST_TEST(occurrences(together.out, once) == 1U, together.out);
    }
    std::vector<std::string> files[2];
    for (std::size_t i = 0; i < 2; ++i) {
        const fs::path folder = place.path(i == 0 ? "alone" : "together");
        for (const auto &entry : fs::recursive_directory_iterator(folder))
            files[i].push_back(entry.path().lexically_relative(folder).string());
        std::sort(files[i].begin(), files[i].end());
    }
    BOOST_TEST(files[0] == files[1], boost::test_tools::per_element());
    const std::string log = read_file(place.path("together/log.txt"));
    BOOST_TEST(occurrences(log, "stage teach begins") == 1U);
}

BOOST_AUTO_TEST_CASE(a_replica_that_is_killed_ends_the_run_which_goes_on_from_the_checkpoint) {
    for (const std::size_t index : {0U, 2U})
        BOOST_TEST_CONTEXT("replica " << index) {
            const Place place;
            const Outcome outcome = disturbed(place, index, SIGKILL);
            BOOST_TEST(outcome.exit_code != 0);
            BOOST_TEST(!fs::exists(place.path("run/result.json")));
            check_goes_on(place);
        }
}

BOOST_AUTO_TEST_CASE(a_replica_that_is_interrupted_cancels_the_run) {
    for (const std::size_t index : {0U, 1U})
        BOOST_TEST_CONTEXT("replica " << index) {
            const Place place;
            const Outcome outcome = disturbed(place, index, SIGINT);
            BOOST_TEST(outcome.exit_code == 130);
            const std::string told = "cancelled: the run was cancelled; it goes on with: retort run --resume run\n";
            BOOST_TEST(occurrences(outcome.err, told) == 1U, outcome.err);
            check_goes_on(place);
        }
}

BOOST_AUTO_TEST_CASE(an_error_at_one_replica_is_told_once_with_its_exit_code) {
    const Place place;
    Words words = in_processes(1, command({manifest, "--output", "run"}, settings_with()));
    words.insert(words.end(), {":", "-n", "2"});
    const Words other =
        command({manifest, "--output", "run"}, settings_with({"/data/mnist/directory=/nowhere/at/all"}));
    words.insert(words.end(), other.begin(), other.end());
    const Outcome outcome = Process(words, place.path(".")).wait();
    BOOST_TEST(outcome.exit_code == 5);
    const std::string told = "error: /data/mnist/directory: replica 1: /nowhere/at/all: there is no such folder "
                             "[plugin dataset_idx]\n";
    BOOST_TEST(occurrences(outcome.err, told) == 1U, outcome.err);
    BOOST_TEST(occurrences(outcome.err, "error: ") == 1U, outcome.err);
    BOOST_TEST(!fs::exists(place.path("run")));
}

BOOST_AUTO_TEST_CASE(without_the_module_it_says_what_is_missing) {
    const Place place;
    fs::create_directories(place.path("bin"));
    fs::copy_file(RETORT_COMMAND, place.path("bin/retort"));
    const Outcome outcome =
        Process(in_processes(2, {place.path("bin/retort").string(), "run", manifest}), place.path(".")).wait();
    BOOST_TEST(outcome.exit_code == 2);
    BOOST_TEST(contains(outcome.err, "lib/retort/retort_mpi.so: mpirun started 2 processes, and what joins them cannot "
                                     "be opened: there is no such file; allowed: one process, or a Retort that was "
                                     "built with Boost.MPI"),
               outcome.err);
}

BOOST_AUTO_TEST_CASE(the_command_itself_knows_nothing_of_mpi) {
    const Outcome outcome = Process({"/usr/bin/ldd", RETORT_COMMAND}, fs::current_path()).wait();
    BOOST_TEST(outcome.exit_code == 0);
    BOOST_TEST(!contains(outcome.out, "mpi"), outcome.out);
}

BOOST_AUTO_TEST_SUITE_END()
