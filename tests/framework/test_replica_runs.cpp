// SPDX-License-Identifier: Apache-2.0
// Runs of several replicas with the real plugins; the replicas are threads.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <support/fake_run.hpp>
#include <support/octants.hpp>
#include <support/process.hpp>
#include <support/temporary_folder.hpp>
#include <support/thread_replicas.hpp>

BOOST_AUTO_TEST_SUITE(test_replica_runs)

using namespace retort;
using namespace retort::test;
using framework::Error;
using framework::ErrorCode;
using framework::Replicas;
using framework::Run;
namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

/// Octants of which most have no label.
class FewLabels final : public sdk::Dataset {
  public:
    [[nodiscard]] std::size_t width() const override { return octants_.width(); }

    [[nodiscard]] std::size_t classes() const override { return octants_.classes(); }

    [[nodiscard]] std::size_t size(sdk::Split split) const override { return octants_.size(split); }

    void load() override {}

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        octants_.read(split, rows, inputs, labels);
        for (std::size_t r = 0; r < labels.size(); ++r)
            labels[r] = split == sdk::Split::train && rows[r] % 5 != 0 ? sdk::unlabelled : labels[r];
    }

  private:
    Octants octants_;
};

/// A trainer that says that it shares batches, and does what it is told to.
class Sharing final : public FakeTrainer {
  public:
    using FakeTrainer::FakeTrainer;

    [[nodiscard]] bool shares_batches() const override { return true; }
};

/// Plugins, and what the program adds. Must outlive its plans.
const framework::Registry &registry() {
    static const framework::Registry all = [] {
        framework::Registry made;
        (void)framework::load_plugins(made, {RETORT_PLUGINS}, {RETORT_PLUGINS});
        made.add("test", [](sdk::Registrar &own) {
            own.add<sdk::Dataset>("octants", "By signs.", [](const auto &) { return std::make_unique<Octants>(); });
            own.add<sdk::Dataset>("few_labels", "By signs.",
                                  [](const auto &) { return std::make_unique<FewLabels>(); });
            own.add<sdk::Trainer>("alone", "Trains in one process.", [](const sdk::TrainerContext &context) {
                return std::make_unique<FakeTrainer>(context, "student");
            });
            own.add<sdk::Trainer>("parted", "Says that it shares, and does not.",
                                  [](const sdk::TrainerContext &context) {
                                      auto trainer = std::make_unique<Sharing>(context, "student");
                                      trainer->on_step = [](FakeTrainer &self, std::uint64_t k) {
                                          self.parts.model("student").parameters().values[1] =
                                              static_cast<float>(k * self.services.replica_index());
                                      };
                                      return trainer;
                                  });
        });
        return made;
    }();
    return all;
}

/// 21 steps of seven an epoch with stochastic gradient descent, after a short training of the teacher.
Texts settings_with(const Texts &more) {
    Texts settings{"/threads=1",
                   "/stages/teach/epochs=1",
                   "/stages/distil/epochs=3",
                   R"(/stages/teach/optimizer={"type": "sgd", "learning_rate": 0.1})",
                   R"(/stages/distil/optimizer={"type": "sgd", "learning_rate": 0.1})",
                   R"(/stages/distil/adversaries/main/optimizer={"type": "sgd", "learning_rate": 0.1})",
                   R"(/observers=[{"type": "csv"}])"};
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

framework::Plan plan_with(const Texts &more) {
    auto manifest = framework::Manifest::parse(octants_manifest, "text", ".");
    for (const std::string &setting : settings_with(more))
        manifest.set(setting, registry());
    return framework::read_plan(manifest, registry());
}

/// What a run of several replicas left.
struct Left {
    Texts errors;                                ///< of each replica
    std::vector<ErrorCode> codes;                ///< likewise
    std::vector<std::vector<float>> weights;     ///< of the student, likewise
    std::vector<std::size_t> files;              ///< that each wrote
    std::map<std::string, std::string> contents; ///< of the files that must not differ from run to run
};

std::map<std::string, std::string> contents_of(const fs::path &run) {
    std::map<std::string, std::string> files;
    for (const char *part : {"weights", "metrics"})
        if (fs::exists(run / part))
            for (const auto &entry : fs::directory_iterator(run / part))
                files[entry.path().filename().string()] = read_file(entry.path());
    return files;
}

using Drive = std::function<void(Run &, Replicas &)>;

/// Runs the plan in `count` replicas; 0: without any.
Left left_by(
    std::size_t count, const Texts &more, const fs::path &output,
    const Drive &drive = [](Run &run, Replicas &) { run.execute(); },
    const std::function<void(framework::RunOptions &)> &adapt = [](framework::RunOptions &) {}) {
    const std::size_t replicas = std::max<std::size_t>(1, count);
    Left left{{},
              std::vector<ErrorCode>(replicas),
              std::vector<std::vector<float>>(replicas),
              std::vector<std::size_t>(replicas),
              {}};
    const framework::Plan plan = plan_with(more);
    left.errors = run_replicas(replicas, [&](Replicas &own) {
        try {
            framework::RunOptions options;
            options.output = output;
            options.replicas = count == 0 ? nullptr : &own;
            adapt(options);
            Run run(plan, options);
            drive(run, own);
            const std::span<const float> values = run.model("student").parameters().values;
            left.weights[own.index()].assign(values.begin(), values.end());
            left.files[own.index()] = run.files().size();
        } catch (const Error &error) {
            left.codes[own.index()] = error.code();
            own.fail(error);
            throw;
        }
    });
    left.contents = contents_of(output);
    return left;
}

void check_sound(const Left &left) {
    for (const std::string &error : left.errors)
        BOOST_TEST(error == "");
    for (const auto &weights : left.weights)
        BOOST_TEST((weights == left.weights.front()), "the replicas have other weights");
    for (std::size_t i = 1; i < left.files.size(); ++i)
        BOOST_TEST(left.files[i] == 0U);
}

/// The largest difference between numbers at the same places of two texts, relative where they are larger than 1.
double largest_difference(const std::string &one, const std::string &other) {
    const auto numbers = [](std::string text) {
        std::replace(text.begin(), text.end(), ',', ' ');
        std::istringstream words(text);
        std::vector<double> found;
        for (std::string word; words >> word;)
            if (word.find_first_not_of("-+.0123456789e") == word.npos)
                found.push_back(std::stod(word));
        return found;
    };
    const std::vector<double> a = numbers(one);
    const std::vector<double> b = numbers(other);
    BOOST_TEST_REQUIRE(a.size() == b.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(a[i])));
    return largest;
}

double largest_difference(const std::vector<float> &one, const std::vector<float> &other) {
    BOOST_TEST_REQUIRE(one.size() == other.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < one.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(one[i]) - static_cast<double>(other[i])));
    return largest;
}

const std::string adversary = "/stages/distil/adversaries/main/";
const std::string pair = "/stages/distil/pairs/logits/";

struct Case {
    std::string name;
    Texts settings;
};

const Case cases[] = {
    {"the shipped shape", {}},
    {"batches of 10 rows, the last of an epoch too", {"/stages/teach/batch=10", "/stages/distil/batch=10"}},
    {"fewer rows than replicas",
     {"/stages/teach/batch=3", "/stages/distil/batch=3", "/stages/distil/epochs=1",
      "/stages/distil/optimizer/learning_rate=0.01", adversary + "optimizer/learning_rate=0.01"}},
    {"noise everywhere",
     {"/models/student/dropout=0.3", "/models/student/input_dropout=0.1", adversary + "discriminator/noise=0.2",
      adversary + "discriminator/dropout=0.2"}},
    {"heads that are trained, and the cross-entropy of their distributions",
     {"/stages/distil/optimizer/learning_rate=0.01", adversary + "optimizer/learning_rate=0.01",
      pair + R"(teacher_head={"type": "gaussian"})",
      pair + R"(student_head={"type": "gaussian", "always_project": true})",
      R"(/stages/distil/losses=[{"type": "cross_entropy"}, {"type": "distribution_cross_entropy", "pair": "logits", "weight": 0.1},
                                {"type": "distillation"}])"}},
    {"several steps of the discriminator on batches of their own",
     {adversary + "discriminator_steps=3", adversary + "fresh_batches=true"}},
    {"the teacher on every batch", {"/stages/distil/teacher_cache=0"}},
    {"spectral norm and labels",
     {adversary + "discriminator/type=spectral_norm_mlp", adversary + "discriminator/labels=true"}},
    {"the Wasserstein game, its penalty between the samples",
     {adversary + R"(objective={"type": "wasserstein"})", adversary + "optimizer/learning_rate=0.01",
      adversary + "discriminator/activation=tanh"}},
    {"R1 on a projection",
     {adversary + R"(objective={"type": "hinge", "r1": 1})", adversary + "discriminator/type=projection",
      adversary + "optimizer/learning_rate=0.01"}},
    {"a balanced gradient, labels by an embedding",
     {adversary + "balance=0.5", adversary + "discriminator/type=conditional_mlp"}},
    {"class logits of few labels",
     {adversary + "discriminator/type=auxiliary_classifier", "/data/octants/type=few_labels",
      adversary + "class_weight=0.5"}},
    {"few labels", {"/data/octants/type=few_labels"}},
    {"few labels, and fewer rows than replicas",
     {"/data/octants/type=few_labels", "/stages/teach/batch=2", "/stages/distil/batch=2", "/stages/distil/epochs=1",
      "/stages/teach/optimizer/learning_rate=0.01", "/stages/distil/optimizer/learning_rate=0.01"}},
};

} // namespace

BOOST_AUTO_TEST_CASE(any_number_of_replicas_trains_as_one_process) {
    for (const Case &c : cases) {
        const TemporaryFolder folder;
        const Left alone = left_by(0, c.settings, folder.path() / "0");
        for (const std::size_t count : {1U, 2U, 3U, 4U})
            BOOST_TEST_CONTEXT(c.name << ", " << count << " replicas") {
                const Left left = left_by(count, c.settings, folder.path() / std::to_string(count));
                check_sound(left);
                BOOST_TEST(largest_difference(alone.weights[0], left.weights[0]) <= (count == 1 ? 0.0 : 1e-5));
                for (const char *file :
                     {"teach.steps.csv", "teach.epochs.csv", "distil.steps.csv", "distil.epochs.csv"})
                    BOOST_TEST(largest_difference(alone.contents.at(file), left.contents.at(file)) <=
                                   (count == 1 ? 0.0 : 2e-5),
                               file);
            }
    }
}

BOOST_AUTO_TEST_CASE(the_same_replicas_give_the_same_bytes) {
    const TemporaryFolder folder;
    const Left first = left_by(3, {}, folder.path() / "first");
    const Left second = left_by(3, {}, folder.path() / "second");
    BOOST_TEST((first.contents == second.contents));
}

BOOST_AUTO_TEST_CASE(one_replica_cancels_all_and_they_go_on_to_the_same_bytes) {
    const TemporaryFolder folder;
    const Left whole = left_by(3, {}, folder.path() / "whole");
    const Left cancelled = left_by(3, {}, folder.path() / "run", [](Run &run, Replicas &own) {
        for (int step = 0; step < 17; ++step)
            (void)run.step();
        if (own.index() == 2)
            run.cancel();
        run.execute();
    });
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(cancelled.errors[i] == "the run was cancelled");
        BOOST_TEST((cancelled.codes[i] == ErrorCode::cancelled));
    }
    const auto resume = [](framework::RunOptions &options) { options.resume = true; };
    const auto execute = [](Run &run, Replicas &) { run.execute(); };
    const Left resumed = left_by(3, {}, folder.path() / "run", execute, resume);
    check_sound(resumed);
    BOOST_TEST((resumed.contents == whole.contents));
    const Left reused = left_by(3, {}, folder.path() / "run"); // every stage is loaded, by all
    check_sound(reused);
    BOOST_TEST((reused.weights == whole.weights));
    const Left other = left_by(2, {}, folder.path() / "run", execute, resume);
    BOOST_TEST(contains(other.errors[0], "this changed since: /replicas (3, now 2)"), other.errors[0]);
}

BOOST_AUTO_TEST_CASE(an_error_at_one_replica_ends_all_with_what_was_written_whole) {
    const TemporaryFolder folder;
    const Left whole = left_by(3, {}, folder.path() / "whole");
    for (const std::size_t failing : {0U, 2U}) {
        const fs::path output = folder.path() / std::to_string(failing);
        const Left left = left_by(3, {}, output, [&](Run &run, Replicas &own) {
            for (int step = 0; step < 20; ++step)
                (void)run.step();
            if (own.index() == failing)
                throw Error(ErrorCode::data, "a file", "is gone");
            run.execute();
        });
        for (std::size_t i = 0; i < 3; ++i) {
            const std::string told = i == failing ? "" : "replica " + std::to_string(failing) + ": ";
            BOOST_TEST(left.errors[i] == "a file: " + told + "is gone");
            BOOST_TEST((left.codes[i] == ErrorCode::data));
        }
        const Left resumed = left_by(
            3, {}, output, [](Run &run, Replicas &) { run.execute(); },
            [](framework::RunOptions &options) { options.resume = true; });
        check_sound(resumed);
        BOOST_TEST((resumed.contents == whole.contents));
    }
}

BOOST_AUTO_TEST_CASE(an_error_within_a_step_is_told_once_with_its_step) {
    const TemporaryFolder folder;
    const Left left = left_by(
        2, {}, folder.path() / "run", [](Run &run, Replicas &) { run.execute(); },
        [](framework::RunOptions &options) {
            if (options.replicas->index() == 1)
                options.progress = [](const framework::RunProgress &progress) {
                    if (progress.activity == "training" && progress.done == 4)
                        throw Error(ErrorCode::training, {}, "too hot");
                };
        });
    BOOST_TEST(contains(left.errors[0], "replica 1: too hot at step 4 of 7"), left.errors[0]);
    BOOST_TEST(left.errors[0].find("at step") == left.errors[0].rfind("at step"), left.errors[0]);
    const std::string log = read_file(folder.path() / "run/log.txt");
    BOOST_TEST(contains(log, "replica 1: too hot at step 4 of 7"), log);
    BOOST_TEST(contains(log, "weights/teacher.last_good.safetensors"), log);
}

BOOST_AUTO_TEST_CASE(a_change_is_made_by_all) {
    const TemporaryFolder folder;
    const auto change = [](Run &run, Replicas &) {
        for (int step = 0; step < 14; ++step)
            (void)run.step();
        run.change({adversary + "discriminator/type=mlp"}, registry());
        run.execute();
    };
    const Left alone = left_by(0, {}, folder.path() / "alone", change);
    const Left left = left_by(3, {}, folder.path() / "run", change);
    check_sound(left);
    BOOST_TEST(largest_difference(alone.weights[0], left.weights[0]) <= 1e-5);
    const Left different = left_by(2, {}, folder.path() / "different", [](Run &run, Replicas &own) {
        for (int step = 0; step < 14; ++step)
            (void)run.step();
        try {
            run.change({adversary + "lambda=0." + std::to_string(own.index() + 1)}, registry());
        } catch (const Error &error) {
            if (!contains(error.what(), "the replicas were not all asked for the same change"))
                throw;
        }
        run.execute();
    });
    check_sound(different);
}

BOOST_AUTO_TEST_CASE(replicas_that_begin_otherwise_are_refused) {
    const TemporaryFolder folder;
    const framework::Plan plans[] = {plan_with({"/seed=1"}), plan_with({"/seed=2"})};
    const Texts errors = run_replicas(2, [&](Replicas &own) {
        framework::RunOptions options;
        options.output = folder.path() / "run";
        options.replicas = &own;
        Run(plans[own.index()], options).execute();
    });
    BOOST_TEST(contains(errors[1], "stage teach is not the first replica's: /seed (1, now 2)"), errors[1]);
    BOOST_TEST(contains(errors[0], "replica 1: stage teach is not the first replica's"), errors[0]);
    BOOST_TEST(!fs::exists(folder.path() / "run/result.json"));
}

BOOST_AUTO_TEST_CASE(replicas_that_read_another_folder_are_refused) {
    const TemporaryFolder folder;
    (void)left_by(2, {}, folder.path() / "0");
    const Left left = left_by(
        2, {}, {}, [](Run &run, Replicas &) { run.execute(); },
        [&](framework::RunOptions &options) {
            options.output = folder.path() / std::to_string(options.replicas->index());
        });
    BOOST_TEST(contains(left.errors[1], "here the stages are teach not begun, distil not begun, and for the first "
                                        "replica teach complete, distil complete"),
               left.errors[1]);
}

BOOST_AUTO_TEST_CASE(what_cannot_share_a_batch_is_refused) {
    const TemporaryFolder folder;
    const std::string stages = R"(/stages=[{"name": "one", "type": ")";
    const Left alone = left_by(2, {stages + "alone\"}]"}, folder.path() / "alone");
    for (const std::string &error : alone.errors)
        BOOST_TEST(contains(error, "/stages/0: the trainer trains in one process only, and there are 2 replicas; "
                                   "allowed: one process, or trainers that share their batches"),
                   error);
    BOOST_TEST((alone.codes[0] == ErrorCode::manifest));
    const Left parted = left_by(2, {stages + "parted\"}]"}, folder.path() / "parted");
    for (const std::string &error : parted.errors)
        BOOST_TEST(contains(error, "is not the same at all replicas at step 3 of 6: a component keeps what depends on "
                                   "its share of the batch"),
                   error);
}

BOOST_AUTO_TEST_SUITE_END()
