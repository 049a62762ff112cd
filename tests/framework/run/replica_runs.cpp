// SPDX-License-Identifier: Apache-2.0
#include "replica_runs.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <support/fake_run.hpp>
#include <support/octants.hpp>
#include <support/process.hpp>
#include <support/thread_replicas.hpp>

namespace retort::test {

using framework::Error;
using framework::ErrorCode;
using framework::Replicas;
using framework::Run;
namespace fs = std::filesystem;

namespace {

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

std::map<std::string, std::string> contents_of(const fs::path &run) {
    std::map<std::string, std::string> files;
    for (const char *part : {"weights", "metrics"})
        if (fs::exists(run / part))
            for (const auto &entry : fs::directory_iterator(run / part))
                files[entry.path().filename().string()] = read_file(entry.path());
    return files;
}

} // namespace

const framework::Registry &replica_registry() {
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

framework::Plan replica_plan(const Texts &more) {
    auto manifest = framework::Manifest::parse(octants_manifest, "text", ".");
    for (const std::string &setting : settings_with(more))
        manifest.set(setting, replica_registry());
    return framework::read_plan(manifest, replica_registry());
}

Left left_by(std::size_t count, const Texts &more, const fs::path &output, const Drive &drive, const Adapt &adapt) {
    const std::size_t replicas = std::max<std::size_t>(1, count);
    Left left{{},
              std::vector<ErrorCode>(replicas),
              std::vector<std::vector<float>>(replicas),
              std::vector<std::size_t>(replicas),
              {}};
    const framework::Plan plan = replica_plan(more);
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

double largest_difference(const std::vector<float> &one, const std::vector<float> &other) {
    BOOST_TEST_REQUIRE(one.size() == other.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < one.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(one[i]) - static_cast<double>(other[i])));
    return largest;
}

} // namespace retort::test
