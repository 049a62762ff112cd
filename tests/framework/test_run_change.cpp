// SPDX-License-Identifier: Apache-2.0
// Stages that change while they run, with the real plugins: what is scheduled, what is asked for, what is gone on with.
#include <retort/framework/json_text.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <sstream>
#include <support/octants.hpp>
#include <support/process.hpp>
#include <support/run_files.hpp>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_run_change)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const std::string adversary = "/stages/distil/adversaries/main/";
const std::string swap_set = R"({"/stages/distil/adversaries/main/discriminator/type": "spectral_norm_mlp"})";
const std::vector<std::string> swap{adversary + "discriminator/type=spectral_norm_mlp"};

/// A run in a folder of its own, stepped as far as a test wants.
class Running {
  public:
    explicit Running(const framework::Plan &plan, bool resume = false, fs::path output = {}) {
        framework::RunOptions options;
        options.output = output.empty() ? folder_.path() / "run" : std::move(output);
        options.resume = resume;
        options.progress = [this](const framework::RunProgress &progress) {
            if (progress.activity == "training")
                at_ = {std::string(progress.stage), progress.done};
        };
        output_ = options.output;
        run_.emplace(plan, options);
    }

    /// Until so many steps of the distillation are done.
    Running &to(std::uint64_t step) {
        while (at_ != std::pair<std::string, std::uint64_t>("distil", step) && run_->step()) {
        }
        return *this;
    }

    Running &change(const std::vector<std::string> &assignments) {
        run_->change(assignments, octants_registry());
        return *this;
    }

    /// As a killed process leaves it.
    void drop() { run_.reset(); }

    framework::Run &run() { return *run_; }

    [[nodiscard]] fs::path path(const std::string &name) const { return output_ / name; }

    [[nodiscard]] RunFiles files() const { return files_of(output_); }

    /// To the end.
    RunFiles finished() {
        run_->execute();
        return files();
    }

  private:
    TemporaryFolder folder_;
    fs::path output_;
    std::optional<framework::Run> run_;
    std::pair<std::string, std::uint64_t> at_;
};

/// Seven steps an epoch, four epochs.
framework::Plan plan_with(const std::string &changes, const std::vector<std::string> &more = {}) {
    std::vector<std::string> settings{"/threads=1", "/stages/teach/epochs=1", "/changes=" + changes};
    settings.insert(settings.end(), more.begin(), more.end());
    return octants_plan(settings);
}

std::string after(std::uint64_t epoch, const std::string &set = swap_set) {
    return R"([{"epoch": )" + std::to_string(epoch) + R"(, "set": )" + set + "}]";
}

const RunFiles &unchanged() {
    static const auto files = Running(plan_with("[]")).finished();
    return files;
}

const RunFiles &swapped_after_2() {
    static const auto files = Running(plan_with(after(2))).finished();
    return files;
}

const std::string stuck_set = R"({"/stages/distil/adversaries/main/discriminator/type": "stuck"})";
const std::vector<std::string> stuck{adversary + "discriminator/type=stuck"};
const std::string reason =
    "/stages/1/adversaries/0/discriminator: the motor is stuck; at step 14 of 28 [plugin test, stage distil]";
const std::string refused_row =
    "14,2,refused change,\"" + adversary + "discriminator/type: \"\"stuck\"\": " + reason + "\"\n";

/// Without the events, and the marks of them.
RunFiles without_events(RunFiles files) {
    std::erase_if(files, [](const auto &file) { return file.first.ends_with(".events.csv"); });
    return files;
}

/// What a call complains about.
std::string complaint_of(const std::function<void()> &call) {
    try {
        call();
        return {};
    } catch (const framework::Error &error) {
        return error.what();
    }
}

std::string first_lines(const std::string &text, std::size_t count) {
    std::size_t end = 0;
    for (; count > 0; --count)
        end = text.find('\n', end) + 1;
    return text.substr(0, end);
}

/// Columns of a table with a header.
std::string columns(const std::string &table, const std::vector<std::string> &names) {
    std::istringstream lines(table);
    std::vector<std::string> header;
    std::string result;
    for (std::string line; std::getline(lines, line); result += '\n') {
        std::istringstream cells(line);
        std::vector<std::string> row;
        for (std::string cell; std::getline(cells, cell, ',');)
            row.push_back(cell);
        if (header.empty())
            header = row;
        for (const std::string &name : names) {
            const auto column = std::find(header.begin(), header.end(), name);
            BOOST_TEST_REQUIRE((column != header.end()), name);
            result += row.at(static_cast<std::size_t>(column - header.begin())) + ',';
        }
    }
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_scheduled_change_has_an_effect_after_its_epoch_and_none_before) {
    const auto &then = unchanged();
    const auto &now = swapped_after_2();
    BOOST_TEST((now.at("student.last.safetensors") != then.at("student.last.safetensors")));
    BOOST_TEST((now.at("teacher.last.safetensors") == then.at("teacher.last.safetensors")));
    const std::string &steps = now.at("distil.steps.csv");
    BOOST_TEST(first_lines(steps, 15) == first_lines(then.at("distil.steps.csv"), 15)); // 14 steps
    BOOST_TEST(first_lines(steps, 16) != first_lines(then.at("distil.steps.csv"), 16));
    BOOST_TEST(now.at("distil.events.csv") ==
               "step,epoch,kind,message\n14,2,change,\"" + adversary +
                   "discriminator/type: \"\"paired\"\" -> \"\"spectral_norm_mlp\"\"\"\n");
    BOOST_TEST(then.count("distil.events.csv") == 0U);
    BOOST_TEST(contains(now.at("distil.discriminator.main.gnuplot"),
                        "'discriminator: paired \u2192 spectral_norm_mlp' at 14,"));
}

BOOST_AUTO_TEST_CASE(the_student_its_optimizer_and_the_data_go_on_untouched_to_the_byte) {
    // A discriminator of weight 0 has no part in the student: whatever takes its place, no byte of the student differs.
    const std::vector<std::string> weightless{adversary + "lambda=0"};
    const auto student_of = [](const RunFiles &files) {
        RunFiles student;
        for (const char *name : {"student.last.safetensors", "student.selected.safetensors", "distil.epochs.csv"})
            student[name] = files.at(name);
        student["distil.steps.csv"] = columns(files.at("distil.steps.csv"), {"step", "loss", "cross_entropy"});
        return student;
    };
    const RunFiles expected = student_of(Running(plan_with("[]", weightless)).finished());
    const std::string sets[] = {
        swap_set,
        R"({")" + adversary + R"(discriminator": {"type": "mlp", "hidden": [8], "noise": 0.5}})",
        R"({")" + adversary + R"(objective/type": "hinge", ")" + adversary + R"(optimizer/learning_rate": 0.1})",
        R"({")" + adversary + R"(discriminator_steps": 3, ")" + adversary + R"(fresh_batches": true})",
    };
    for (const std::string &set : sets)
        BOOST_TEST_CONTEXT(set) {
            const RunFiles files = Running(plan_with(after(2, set), weightless)).finished();
            check_same(expected, student_of(files));
            BOOST_TEST(files.count("distil.events.csv") == 1U);
        }
    const std::vector<std::string> unconditioned{adversary + "lambda=0",
                                                 adversary + R"(discriminator={"type": "mlp"})"};
    const RunFiles conditioned_late =
        Running(plan_with(after(2, R"({")" + adversary + R"(discriminator/type": "paired"})"), unconditioned))
            .finished();
    check_same(expected, student_of(conditioned_late)); // the condition is fitted in the middle of the stage
}

BOOST_AUTO_TEST_CASE(a_change_that_is_asked_for_gives_the_bytes_of_one_that_is_scheduled) {
    for (const std::uint64_t step : {8U, 13U, 14U}) // within the second epoch, and between it and the third
        BOOST_TEST_CONTEXT("after step " << step) {
            Running asked(plan_with("[]"));
            asked.to(step).change(swap);
            check_same(swapped_after_2(), asked.finished());
            Running again(octants_plan_of(asked.path("manifest.json")));
            check_same(swapped_after_2(), again.finished());
            const json::value result = json::parse(read_file(asked.path("result.json")));
            BOOST_TEST(contains(framework::to_text(result.at("plugins")), "discriminator_spectral_norm_mlp"));
        }
}

BOOST_AUTO_TEST_CASE(a_dropped_run_goes_on_with_its_changes) {
    for (const std::uint64_t step : {14U, 15U, 21U, 24U}) // at the change, just after it, an epoch later, within one
        BOOST_TEST_CONTEXT("dropped after step " << step) {
            const TemporaryFolder folder;
            const fs::path output = folder.path() / "run";
            {
                Running first(plan_with("[]", {"/checkpoints/every_steps=3"}), false, output);
                first.to(12).change(swap).to(step).drop();
            }
            Running resumed(octants_plan_of(output / "manifest.json"), true, output);
            check_same(swapped_after_2(), resumed.finished());
        }
}

BOOST_AUTO_TEST_CASE(a_change_that_was_asked_for_and_not_made_is_not_lost) {
    const TemporaryFolder folder;
    const fs::path output = folder.path() / "run";
    Running(plan_with("[]"), false, output).to(14).change(swap).drop(); // before the next step
    check_same(swapped_after_2(), Running(octants_plan_of(output / "manifest.json"), true, output).finished());
}

BOOST_AUTO_TEST_CASE(changes_follow_each_other_scheduled_and_asked_for) {
    const std::string scheduled = R"([{"epoch": 1, "set": {")" + adversary + R"(lambda": 1}},
        {"epoch": 2, "set": {")" + adversary +
                                  R"(discriminator": {"type": "mlp", "hidden": [8]}}},
        {"epoch": 3, "set": {")" + adversary +
                                  R"(discriminator/type": "paired", ")" + adversary +
                                  R"(objective/type": "hinge", "/stages/distil/losses/0/weight": 0.5}}])";
    const auto expected = Running(plan_with(scheduled)).finished();
    const std::string later = R"([{"epoch": 3, "set": {")" + adversary + R"(discriminator/type": "paired", ")" +
                              adversary + R"(objective/type": "hinge", "/stages/distil/losses/0/weight": 0.5}}])";
    Running asked(plan_with(later));
    asked.to(4).change({adversary + "lambda=1"});
    asked.to(14).change({adversary + R"(discriminator={"type": "mlp", "hidden": [8]})"});
    check_same(expected, asked.finished());
}

BOOST_AUTO_TEST_CASE(the_same_type_again_is_a_new_discriminator) {
    const std::string again = R"({")" + adversary + R"(discriminator/type": "paired"})";
    const auto second = Running(plan_with(after(2, again))).finished();
    const auto third = Running(plan_with(after(3, again))).finished();
    BOOST_TEST((second.at("student.last.safetensors") != unchanged().at("student.last.safetensors")));
    BOOST_TEST((second.at("student.last.safetensors") != third.at("student.last.safetensors")));
    Running asked(plan_with("[]"));
    asked.to(14).change({adversary + "discriminator/type=paired"});
    check_same(second, asked.finished());
}

BOOST_AUTO_TEST_CASE(a_bad_change_is_refused_and_the_run_goes_on) {
    const std::pair<std::vector<std::string>, std::string> cases[] = {
        {{adversary + "discriminator/type=pared"},
         "/stages/1/adversaries/0/discriminator/type: there is no discriminator \"pared\"; did you mean \"paired\"?"},
        {{adversary + "lambda=-1", "/stages/distil/losses/0/weight=-2"},
         "/stages/1/adversaries/0/lambda: -1 is out of range; allowed: 0 to 1e+06 (default 1)\n"
         "/stages/1/losses/0/weight: -2 is out of range; allowed: 0 to 1e+06 (default 1)"},
        {{"/stages/distil/batch=10", adversary + "lambda=2"},
         "/stages/1/batch: cannot change while the stage runs; allowed: an adversary's discriminator, objective,"},
        {{"/stages/distil/epochs=9"}, "/stages/1/epochs: cannot change while the stage runs"},
        {{"/models/student/hidden=[9]"}, "/models/student/hidden: lies in no stage; allowed: settings of one stage"},
        {{"/stages/teach/epochs=2"},
         "/stages/teach/epochs: lies in a stage that does not run now; allowed: settings of stage distil"},
        {{adversary + "lambda=0.1"}, "changes nothing: every setting has its value already"},
        {{}, "there is nothing to change; allowed: at least one /path=value"},
        {{"lambda=1"}, "lambda=1: the path does not begin with \"/\"; allowed: /path=value, such as /seed=7"},
        {{adversary + "discriminator/hidden=[0]"}, "/stages/1/adversaries/0/discriminator/hidden/0: 0 is out of range"},
    };
    Running running(plan_with("[]"));
    running.to(8);
    const std::string manifest = read_file(running.path("manifest.json"));
    for (const auto &[assignments, complaint] : cases) {
        const std::string found = complaint_of([&, &wanted = assignments] { running.change(wanted); });
        BOOST_TEST(found.starts_with(complaint), found);
        BOOST_TEST(read_file(running.path("manifest.json")) == manifest);
        running.run().step();
    }
    BOOST_TEST(contains(read_file(running.path("log.txt")), "a change was refused: /stages/1/epochs: "));
    check_same(unchanged(), running.finished());
}

BOOST_AUTO_TEST_CASE(a_scheduled_change_that_throws_is_refused_and_the_run_goes_on) {
    Running running(plan_with(after(2, stuck_set)));
    const RunFiles files = running.finished();
    check_same(unchanged(), without_events(files));
    BOOST_TEST(files.at("distil.events.csv") == "step,epoch,kind,message\n" + refused_row);
    BOOST_TEST(
        contains(read_file(running.path("log.txt")), "a change was refused, and the run goes on as it was: " + reason));
    BOOST_TEST(contains(read_file(running.path("manifest.json")), "\"changes\": []"));
}

BOOST_AUTO_TEST_CASE(what_was_planned_upon_a_refused_change_goes_with_it) {
    const std::string first = R"({"epoch": 1, "set": {")" + adversary + R"(lambda": 1}})";
    const std::string last = R"({"epoch": 3, "set": {")" + adversary + R"(lambda": 2}})";
    const RunFiles expected = Running(plan_with("[" + first + "]")).finished();
    Running running(plan_with("[" + last + R"(, {"epoch": 2, "set": )" + stuck_set + "}, " + first + "]"));
    const RunFiles files = running.finished();
    check_same(without_events(expected), without_events(files));
    BOOST_TEST(files.at("distil.events.csv") == expected.at("distil.events.csv") + refused_row +
                                                    "14,2,refused change," + adversary +
                                                    "lambda: 2: it was planned upon a change that was refused\n");
    check_same(expected, Running(octants_plan_of(running.path("manifest.json"))).finished());
}

BOOST_AUTO_TEST_CASE(a_change_that_is_asked_for_and_throws_is_refused) {
    Running within(plan_with("[]"));
    within.to(8).change(stuck);
    BOOST_TEST(contains(read_file(within.path("manifest.json")), "stuck"));
    check_same(unchanged(), without_events(within.finished()));
    Running between(plan_with("[]"));
    between.to(14);
    const std::string manifest = read_file(between.path("manifest.json"));
    BOOST_TEST(complaint_of([&] { between.change(stuck); }) == reason);
    BOOST_TEST(read_file(between.path("manifest.json")) == manifest);
    between.change(swap); // another try
    const RunFiles files = between.finished();
    check_same(without_events(swapped_after_2()), without_events(files));
    BOOST_TEST(contains(files.at("distil.events.csv"), refused_row));
    check_same(swapped_after_2(), Running(octants_plan_of(between.path("manifest.json"))).finished());
}

BOOST_AUTO_TEST_CASE(a_dropped_run_goes_on_without_the_change_that_was_refused) {
    for (const std::uint64_t step : {14U, 15U, 21U, 24U})
        BOOST_TEST_CONTEXT("dropped after step " << step) {
            const TemporaryFolder folder;
            const fs::path output = folder.path() / "run";
            Running(plan_with(after(2, stuck_set), {"/checkpoints/every_steps=3"}), false, output).to(step).drop();
            Running resumed(octants_plan_of(output / "manifest.json"), true, output);
            check_same(unchanged(), without_events(resumed.finished()));
        }
}

BOOST_AUTO_TEST_CASE(a_discriminator_needs_its_condition_then_as_at_the_start) {
    Running running(plan_with(
        "[]", {"/stages/distil/pairs/logits/condition=null", adversary + R"(discriminator={"type": "mlp"})"}));
    running.to(8);
    const std::string found = complaint_of([&] { running.change({adversary + "discriminator/type=paired"}); });
    const std::string start =
        complaint_of([&] { Running(plan_with("[]", {"/stages/distil/pairs/logits/condition=null"})); });
    BOOST_TEST(!found.empty());
    BOOST_TEST(found == start);
}

BOOST_AUTO_TEST_CASE(there_must_be_an_epoch_to_change_something_in) {
    Running running(plan_with("[]"));
    const auto complaint = [&] { return complaint_of([&] { running.change(swap); }); };
    BOOST_TEST(complaint() == "no stage is running whose settings could change");
    running.to(22);
    const std::string last = "the last epoch of stage distil has begun: no epoch follows in which its settings could "
                             "change";
    BOOST_TEST(complaint() == last);
    running.to(28);
    BOOST_TEST(complaint() == last);
    running.run().execute();
    BOOST_TEST(complaint() == "no stage is running whose settings could change");
    check_same(unchanged(), running.files());
}

BOOST_AUTO_TEST_CASE(validation_finds_what_a_scheduled_change_would_stumble_over) {
    const auto complaint = [](const std::string &changes, const std::vector<std::string> &more = {}) {
        return complaint_of([&] { framework::Run(plan_with(changes, more), {}); });
    };
    BOOST_TEST(complaint(after(3)) == "");
    BOOST_TEST(complaint(after(4)) ==
               "/changes/0/epoch: 4 is out of range; allowed: 1 to 3, for the stage has 4 epochs");
    BOOST_TEST(complaint(after(1, R"({"/stages/teach/optimizer/beta1": 0.8})")) ==
               "/changes/0/epoch: 1 is out of range; allowed: none, for the stage has 1 epoch\n"
               "/changes/0/set/stages/0/optimizer/beta1: this trainer takes no changes while it runs [plugin "
               "trainer_supervised, stage teach]");
    BOOST_TEST(complaint(after(1, R"({"/stages/distil/shift": 1})")) ==
               "/changes/0/set/stages/1/shift: the dataset's examples are no images and cannot be shifted; allowed: 0 "
               "[plugin trainer_adversarial_distillation, stage distil]");
    BOOST_TEST(complaint(after(1, R"({"/stages/distil/batch": 10})"))
                   .starts_with("/changes/0/set/stages/1/batch: cannot change while the stage runs; allowed: "));
    BOOST_TEST(complaint(after(1), {"/stages/distil/pairs/logits/condition=null",
                                    adversary + R"(discriminator={"type": "mlp"})"}) == "");
}

BOOST_AUTO_TEST_CASE(a_later_stage_that_depends_on_a_changed_one_runs_anew) {
    const std::string third =
        R"(/stages=[)"
        R"({"name": "teach", "type": "supervised", "model": "teacher", "data": "octants", "epochs": 1},)"
        R"({"name": "distil", "type": "adversarial_distillation", "teacher": "teacher",)"
        R"( "student": "student", "data": "octants", "epochs": 4, "batch": 20,)"
        R"( "pairs": {"logits": {"condition": {"tap": "hidden.1", "head": {"type": "random_projection", "width": 4}}}},)"
        R"( "adversaries": [{"name": "main", "pair": "logits", "discriminator": {"type": "paired", "hidden": [16]}}]},)"
        R"({"name": "polish", "type": "supervised", "model": "student", "data": "octants", "epochs": 1}])";
    const std::vector<std::string> settings{"/threads=1", third};
    const TemporaryFolder folder;
    const fs::path output = folder.path() / "run";
    const auto first = Running(octants_plan(settings), false, output).finished();
    bool asked = false;
    {
        framework::RunOptions options;
        options.output = output;
        options.force = {"distil"};
        framework::Run run(octants_plan(settings), options);
        while (run.step())
            if (!asked && fs::exists(output / "checkpoints" / "distil.000000007.checkpoint")) {
                run.change(swap, octants_registry());
                asked = true;
            }
    }
    BOOST_TEST_REQUIRE(asked);
    Running again(octants_plan_of(output / "manifest.json"));
    check_same(again.finished(), files_of(output));
    BOOST_TEST(read_file(output / "weights/student.last.safetensors") != first.at("student.last.safetensors"));
}

BOOST_AUTO_TEST_SUITE_END()
