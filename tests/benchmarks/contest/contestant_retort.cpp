// SPDX-License-Identifier: Apache-2.0
// The step as Retort runs it: plugins from shared libraries, a manifest in memory, the framework's own loop.
#include "contest.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/run.hpp>

#include <iostream>
#include <stdexcept>
#include <string>

namespace framework = retort::framework;
using retort::benchmark::Contest;

namespace {

std::string manifest_of(const Contest &contest) {
    const auto quoted = [](const std::string &text) { return '"' + text + '"'; };
    const std::string width = std::to_string(contest.width);
    const bool conditioned = contest.discriminator != "mlp";
    const std::string watch = contest.watched ? "" : R"("telemetry_every": 0, "alarms": {"window": 0}, )";
    const std::string precision =
        contest.precision == "f32" ? "" : R"("precision": )" + quoted(contest.precision) + ", ";
    return R"({"format": 1, "seed": 1, )" + precision + R"("threads": )" + std::to_string(contest.threads) +
           R"(, "data": {"mnist": {"type": "idx", "directory": )" + quoted(contest.data) +
           R"(, "validation": 0}}, "models": {
           "teacher": {"type": "mlp", "hidden": [1200, 1200]},
           "student": {"type": "mlp", "hidden": [)" +
           width + ", " + width +
           R"(]}}, "stages": [{"name": "distil", "type": "adversarial_distillation", "teacher": "teacher",
           "student": "student", "data": "mnist", "epochs": 1000000, )" +
           watch + R"("batch": )" + std::to_string(contest.batch) + R"(, "teacher_cache": )" +
           (contest.teacher_runs ? "0" : "256") + R"(, "pairs": {"logits": {)" +
           (conditioned ? R"("condition": {"tap": "logits", "head": {"type": "random_projection", "width": 10}})"
                        : "") +
           R"(}}, "adversaries": [{"name": "main", "pair": "logits", "lambda": 0.3,
           "discriminator": {"type": )" +
           quoted(contest.discriminator) +
           R"(, "hidden": [256, 256]}, "objective": {"type": "expected_probability"}}],
           "losses": [{"type": "cross_entropy"}]}]})";
}

} // namespace

int main(int count, char **values) try {
    const Contest contest = retort::benchmark::contest_from(count, values);
    framework::Registry registry;
    framework::load_plugins(registry, {contest.plugins});
    const framework::Plan plan =
        framework::read_plan(framework::Manifest::parse(manifest_of(contest), "contest", "."), registry);
    std::string warning; // what is computed otherwise than asked for would compete under a wrong name
    framework::RunOptions options;
    options.log = [&warning](framework::LogLevel level, std::string_view message) {
        if (level == framework::LogLevel::warning && warning.empty())
            warning = message;
    };
    framework::Run run(plan, options);
    run.start();
    run.step(); // prepares the stage
    if (!warning.empty())
        throw std::runtime_error(warning);
    retort::benchmark::time_steps(contest, [&] { run.step(); });
} catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
