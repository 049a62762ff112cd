// SPDX-License-Identifier: Apache-2.0
#include "measurements.hpp"
#include "shipped_plugins.hpp"
#include "spread.hpp"

#include <retort/framework/json_text.hpp>
#include <retort/framework/loader.hpp>
#include <retort/framework/run.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

namespace retort::benchmark {

namespace {

namespace json = boost::json;

/// The manifest with one stage alone and without observers.
framework::Manifest with_stage(const std::filesystem::path &file, const std::string &data, const std::string &stage) {
    framework::Manifest manifest = framework::Manifest::read(file);
    json::object root = manifest.root().as_object();
    json::array kept;
    for (const json::value &candidate : root.at("stages").as_array())
        if (candidate.at("name").as_string() == stage)
            kept.push_back(candidate);
    if (kept.empty())
        throw std::runtime_error(file.string() + " has no stage " + stage);
    root["stages"] = kept;
    root["observers"] = json::array{};
    root.at("data").at("mnist").as_object()["directory"] = data;
    return framework::Manifest::parse(framework::to_text(root), file.string(), manifest.directory());
}

/// Milliseconds of one step of the run.
double milliseconds_of(framework::Run &run) {
    const auto begin = std::chrono::steady_clock::now();
    if (!run.step())
        throw std::runtime_error("the stage has fewer steps");
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// A way to run the stage.
struct Contestant {
    const char *name;
    const framework::Plan &plan;
    bool profile = false;
};

/// The same steps in two ways, in pairs.
class Pairs {
  public:
    Pairs(const Contestant &one, const Contestant &other) : one_(one), other_(other) {}

    void round(std::size_t steps, bool other_first) {
        const auto first = run_of(other_first ? other_ : one_);
        const auto second = run_of(other_first ? one_ : other_);
        framework::Run &of_one = other_first ? *second : *first;
        framework::Run &of_other = other_first ? *first : *second;
        for (std::size_t k = 0; k < 1 + warm_up; ++k) { // the first reads the data and prepares the stage
            (void)of_one.step();
            (void)of_other.step();
        }
        std::vector<double> ratios;
        for (std::size_t k = 0; k < steps; ++k)
            ratios.push_back(pair(of_one, of_other, (k % 2 == 0) == other_first));
        check_same(of_one, of_other);
        rounds_.push_back(spread_of(ratios).median);
        ratios_.insert(ratios_.end(), ratios.begin(), ratios.end());
    }

    void print(const std::string &stage) const {
        const auto [least, most] = std::minmax_element(rounds_.begin(), rounds_.end());
        std::printf("| step of the stage `%s`, %s | %s ms |\n", stage.c_str(), one_.name,
                    text_of(spread_of(times_of_one_), 3).c_str());
        std::printf("| the same, %s | %s ms |\n", other_.name, text_of(spread_of(times_of_other_), 3).c_str());
        std::printf("| %s / %s, in pairs | %s; medians of rounds %.4f to %.4f |\n", one_.name, other_.name,
                    text_of(spread_of(ratios_), 4).c_str(), *least, *most);
    }

  private:
    static constexpr std::size_t warm_up = 10;

    static std::unique_ptr<framework::Run> run_of(const Contestant &contestant) {
        framework::RunOptions options;
        options.profile = contestant.profile;
        return std::make_unique<framework::Run>(contestant.plan, options);
    }

    double pair(framework::Run &of_one, framework::Run &of_other, bool other_first) {
        double one = 0.0;
        double other = 0.0;
        if (other_first)
            other = milliseconds_of(of_other);
        one = milliseconds_of(of_one);
        if (!other_first)
            other = milliseconds_of(of_other);
        times_of_one_.push_back(one);
        times_of_other_.push_back(other);
        return one / other;
    }

    /// Both did the same work.
    void check_same(framework::Run &one, framework::Run &other) const {
        for (const framework::PlannedModel &model : one_.plan.models) {
            const auto a = one.model(model.name).parameters().values;
            const auto b = other.model(model.name).parameters().values;
            if (!std::equal(a.begin(), a.end(), b.begin(), b.end()))
                throw std::runtime_error("the two runs differ in the model " + model.name);
        }
    }

    Contestant one_;
    Contestant other_;
    std::vector<double> times_of_one_;
    std::vector<double> times_of_other_;
    std::vector<double> ratios_;
    std::vector<double> rounds_; ///< medians of ratios
};

void measure(const Contestant &one, const Contestant &other, const std::string &stage, std::size_t rounds,
             std::size_t steps) {
    Pairs pairs(one, other);
    for (std::size_t round = 0; round < rounds; ++round)
        pairs.round(steps, round % 2 == 0);
    pairs.print(stage);
}

} // namespace

void measure_step(const std::filesystem::path &plugins, const std::filesystem::path &manifest,
                  const std::filesystem::path &data, const std::string &stage, std::size_t rounds, std::size_t steps) {
    framework::Registry loaded;
    framework::load_plugins(loaded, {plugins}, {plugins});
    framework::Registry linked;
    linked.add(shipped_plugins());
    const framework::Manifest alone = with_stage(manifest, data.string(), stage);
    const framework::Plan plan_of_libraries = framework::read_plan(alone, loaded);
    const framework::Plan plan_of_program = framework::read_plan(alone, linked);
    measure({"shared", plan_of_libraries}, {"static", plan_of_program}, stage + "` of `" + manifest.filename().string(),
            rounds, steps);
}

void measure_profile(const std::filesystem::path &manifest, const std::filesystem::path &data, const std::string &stage,
                     std::size_t rounds, std::size_t steps) {
    framework::Registry linked;
    linked.add(shipped_plugins());
    const framework::Plan plan = framework::read_plan(with_stage(manifest, data.string(), stage), linked);
    measure({"profiled", plan, true}, {"not profiled", plan}, stage + "` of `" + manifest.filename().string(), rounds,
            steps);
}

} // namespace retort::benchmark
