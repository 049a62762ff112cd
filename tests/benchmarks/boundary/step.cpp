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

/// The same steps with libraries and without, in pairs.
class Pairs {
  public:
    Pairs(const framework::Plan &loaded, const framework::Plan &linked) : loaded_(loaded), linked_(linked) {}

    void round(std::size_t steps, bool linked_first) {
        framework::Run first(linked_first ? linked_ : loaded_, {});
        framework::Run second(linked_first ? loaded_ : linked_, {});
        framework::Run &of_libraries = linked_first ? second : first;
        framework::Run &of_program = linked_first ? first : second;
        for (std::size_t k = 0; k < 1 + warm_up; ++k) { // the first reads the data and prepares the stage
            (void)of_libraries.step();
            (void)of_program.step();
        }
        std::vector<double> ratios;
        for (std::size_t k = 0; k < steps; ++k)
            ratios.push_back(pair(of_libraries, of_program, (k % 2 == 0) == linked_first));
        check_same(of_libraries, of_program);
        rounds_.push_back(spread_of(ratios).median);
        ratios_.insert(ratios_.end(), ratios.begin(), ratios.end());
    }

    void print(const std::string &stage) const {
        const auto [least, most] = std::minmax_element(rounds_.begin(), rounds_.end());
        std::printf("| step of the stage `%s`, shared | %s ms |\n", stage.c_str(),
                    text_of(spread_of(shared_), 3).c_str());
        std::printf("| the same, static | %s ms |\n", text_of(spread_of(static_), 3).c_str());
        std::printf("| shared / static, in pairs | %s; medians of rounds %.4f to %.4f |\n",
                    text_of(spread_of(ratios_), 4).c_str(), *least, *most);
    }

  private:
    static constexpr std::size_t warm_up = 10;

    double pair(framework::Run &of_libraries, framework::Run &of_program, bool linked_first) {
        double with = 0.0;
        double without = 0.0;
        if (linked_first)
            without = milliseconds_of(of_program);
        with = milliseconds_of(of_libraries);
        if (!linked_first)
            without = milliseconds_of(of_program);
        shared_.push_back(with);
        static_.push_back(without);
        return with / without;
    }

    /// Both did the same work.
    void check_same(framework::Run &one, framework::Run &other) const {
        for (const framework::PlannedModel &model : loaded_.models) {
            const auto a = one.model(model.name).parameters().values;
            const auto b = other.model(model.name).parameters().values;
            if (!std::equal(a.begin(), a.end(), b.begin(), b.end()))
                throw std::runtime_error("the two runs differ in the model " + model.name);
        }
    }

    const framework::Plan &loaded_;
    const framework::Plan &linked_;
    std::vector<double> shared_;
    std::vector<double> static_;
    std::vector<double> ratios_;
    std::vector<double> rounds_; ///< medians of ratios
};

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
    Pairs pairs(plan_of_libraries, plan_of_program);
    for (std::size_t round = 0; round < rounds; ++round)
        pairs.round(steps, round % 2 == 0);
    pairs.print(stage + "` of `" + manifest.filename().string());
}

} // namespace retort::benchmark
