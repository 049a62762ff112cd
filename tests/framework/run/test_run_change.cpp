// SPDX-License-Identifier: Apache-2.0
// Stages that change while they run, with the real plugins: what is scheduled, what is asked for, what is gone on with.
#include "changed_runs.hpp"

#include <retort/framework/json_text.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <support/process.hpp>

BOOST_AUTO_TEST_SUITE(test_run_change)

using namespace retort;
using namespace retort::test;
using namespace retort::test::changed_runs;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

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
