// SPDX-License-Identifier: Apache-2.0
// Distillation inside a program, of its own data, with its own loss and observer. Argument: folder of Retort's plugins.
#include <retort/framework/loader.hpp>
#include <retort/framework/run.hpp>

#include <array>
#include <cmath>
#include <iostream>
#include <thread>

namespace framework = retort::framework;
namespace sdk = retort::sdk;

namespace {
constexpr std::string_view manifest_text = R"({
  "format": 1, "seed": 3, "data": {"points": {"type": "arms"}}, "observers": [{"type": "lines"}],
  "models": {"teacher": {"type": "mlp", "hidden": [64, 64]}, "student": {"type": "mlp", "hidden": [24]}},
  "stages": [
    {"name": "teach", "type": "supervised", "model": "teacher", "data": "points", "epochs": 20, "batch": 50,
     "optimizer": {"learning_rate": 0.01}},
    {"name": "distil", "type": "adversarial_distillation", "teacher": "teacher", "student": "student",
     "data": "points", "epochs": 20, "batch": 50, "optimizer": {"learning_rate": 0.01},
     "pairs": {"logits": {"condition": {"tap": "logits", "head": {"type": "random_projection", "width": 3}}}},
     "adversaries": [{"name": "main", "pair": "logits", "lambda": 0.1,
                      "discriminator": {"type": "paired", "hidden": [32]}, "objective": {"type": "non_saturating"}}],
     "losses": [{"type": "margin"}]}
  ]
})";

struct Point {
    float x, y;
    std::int32_t arm;
};
using Points = std::vector<Point>;

/// What the program has anyway: points on the three arms of a noisy spiral.
Points measure(std::size_t count, sdk::Random random) {
    Points points;
    for (std::size_t i = 0; i < count; ++i) {
        const float radius = random.at("radius").uniform(i);
        const float angle = 4.0F * radius + 2.094F * static_cast<float>(i % 3) + 0.3F * random.at("angle").uniform(i);
        points.push_back({radius * std::cos(angle), radius * std::sin(angle), static_cast<std::int32_t>(i % 3)});
    }
    return points;
}

/// The program's points as a dataset: one vector for each split. They are looked at where they are.
class Arms final : public sdk::Dataset {
  public:
    explicit Arms(const std::array<Points, 3> &splits) : splits_(splits) {}
    std::size_t width() const override { return 2; }
    std::size_t classes() const override { return 3; }
    std::size_t size(sdk::Split split) const override { return points(split).size(); }
    void load() override {} // they are in memory

    void read(sdk::Split split, std::span<const std::uint64_t> rows, sdk::Matrix inputs,
              std::span<std::int32_t> labels) const override {
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const auto &[x, y, arm] = points(split)[rows[r]];
            inputs.row(r)[0] = x, inputs.row(r)[1] = y;
            if (!labels.empty())
                labels[r] = arm;
        }
    }

  private:
    const Points &points(sdk::Split split) const { return splits_[static_cast<std::size_t>(split)]; }
    const std::array<Points, 3> &splits_;
};

/// How far wrong classes reach into the right one's margin: mean over rows of sum_{c != y} max(0, 1 + a_c - a_y), with
/// logits a and label y (Weston and Watkins 1999).
class Margin final : public sdk::Loss {
  public:
    explicit Margin(const sdk::LossContext &) {}
    On on() const override { return On::labels; }
    double evaluate(const sdk::LossInput &input, float scale, const sdk::LossGradient &gradient,
                    sdk::Progress) override {
        const float share = 1.0F / static_cast<float>(input.student.rows);
        double sum = 0.0;
        for (std::size_t r = 0; r < input.student.rows; ++r) {
            const auto label = static_cast<std::size_t>(input.labels[r]); // every point has one
            const std::span<const float> logits = input.student.row(r);
            for (std::size_t c = 0; c < logits.size(); ++c)
                if (const float reach = 1.0F + logits[c] - logits[label]; c != label && reach > 0.0F) {
                    sum += reach;
                    gradient.student.row(r)[c] += scale * share; // gradients are added
                    gradient.student.row(r)[label] -= scale * share;
                }
        }
        return sum * share;
    }
};

class Lines final : public sdk::Observer {
  public:
    explicit Lines(const sdk::ObserverContext &) {}
    void epoch(const sdk::StageInfo &stage, std::uint64_t epoch, std::span<const sdk::Metric> metrics) override {
        for (const sdk::Metric &metric : metrics)
            if (epoch % 5 == 0 && metric.name == "validation_accuracy")
                std::cout << stage.name << ", epoch " << epoch << ": " << 100.0 * metric.value << " % right\n";
    }
};

/// The probability that the student gives to the arm that the point is on.
float ask(framework::Run &run, const Point &point) {
    const float input[] = {point.x, point.y};
    return run.predict("student", {input, 1, 2, 2}).view().row(0)[static_cast<std::size_t>(point.arm)];
}
} // namespace

int main(int count, char **arguments) try {
    const std::array points{measure(600, {1}), measure(300, {2}), measure(300, {3})}; // train, validation, test
    const std::vector<std::filesystem::path> plugins(arguments + 1, arguments + count);
    framework::Registry registry;
    framework::load_plugins(registry, plugins, plugins);
    registry.add("embed_framework", [&](sdk::Registrar &own) {
        own.add<sdk::Dataset>("arms", "Points.", [&](const auto &) { return std::make_unique<Arms>(points); });
        own.add<sdk::Loss, Margin>("margin", "Reach into the right class's margin.");
        own.add<sdk::Observer, Lines>("lines", "Prints accuracies.");
    });
    const auto plan = framework::read_plan(framework::Manifest::parse(manifest_text, "manifest", "."), registry);
    std::size_t logged = 0;
    bool halfway = false;
    framework::RunOptions options; // without `output` nothing is written
    options.log = [&](framework::LogLevel, std::string_view) { ++logged; };
    options.progress = [&](const framework::RunProgress &progress) {
        halfway = progress.stage == "distil" && progress.steps_per_epoch > 0 && progress.done == progress.total / 2;
    };
    framework::Run run(plan, options);
    while (run.step()) // one training step, or the work between two
        if (halfway) { // a pause: nothing goes on until the next call of step()
            std::cout << "paused; the student is sure by " << ask(run, points[2][0]) << "\n";
            run.change({"/stages/distil/adversaries/main/discriminator/type=spectral_norm_mlp"}, registry);
        }
    std::cout << "complete, " << logged << " lines logged; sure by " << ask(run, points[2][0]) << "\n";
    for (const auto &report : run.reports())
        std::cout << report.model << ", " << report.weights << " weights: " << report.errors << " errors\n";
    framework::Run second(plan, {}); // while the first still lives
    second.step();
    std::thread([&] { second.cancel(); }).join(); // any thread may, at any time
    try {
        second.execute();
    } catch (const framework::Error &error) {
        std::cout << "second run: " << error.what() << "\n";
    }
} catch (const framework::Error &error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.code());
}
