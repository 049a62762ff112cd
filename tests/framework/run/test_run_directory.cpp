// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/run.hpp>
#include <retort/framework/safetensors.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <support/fake_plan.hpp>
#include <support/temporary_folder.hpp>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(test_run_directory)

using namespace retort;
using framework::ErrorCode;
namespace fs = std::filesystem;

namespace {

/// An observer with a file of its own.
class FileObserver final : public sdk::Observer {
  public:
    explicit FileObserver(std::string directory) : directory_(std::move(directory)) {}

    void begin_stage(const sdk::StageInfo &) override {
        fs::create_directories(fs::path(directory_) / "metrics");
        test::write_file(fs::path(directory_) / "metrics" / "steps.csv", "step\n");
    }

  private:
    std::string directory_;
};

std::vector<std::string> execute(test::FakePlan &fakes, const fs::path &output,
                                 const std::vector<std::string> &force = {}) {
    fakes.make_observer = [](const auto &context) { return std::make_unique<FileObserver>(context.directory); };
    framework::RunOptions options;
    options.output = output;
    options.force = force;
    framework::Run run(fakes.plan(), options);
    run.execute();
    return run.files();
}

std::string output_error(const fs::path &output) {
    test::FakePlan fakes;
    try {
        execute(fakes, output);
    } catch (const framework::Error &error) {
        BOOST_TEST((error.code() == ErrorCode::output));
        BOOST_TEST(!fakes.data_was_loaded);
        return error.what();
    }
    return {};
}

bool contains(const std::string &text, const std::string &part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(holds_everything_that_a_run_gives) {
    const test::TemporaryFolder folder;
    const fs::path output = folder.path() / "runs" / "first";
    test::FakePlan fakes;
    const std::vector<std::string> expected{"log.txt",
                                            "manifest.json",
                                            "metrics/steps.csv",
                                            "weights/net.last.safetensors",
                                            "weights/net.selected.safetensors",
                                            "report.csv",
                                            "report/net.last.reliability.csv",
                                            "report/net.selected.reliability.csv",
                                            "result.json"};
    BOOST_TEST(execute(fakes, output) == expected, boost::test_tools::per_element());
    for (const std::string &file : expected)
        BOOST_TEST(fs::is_regular_file(output / file), file);
    BOOST_TEST(contains(test::read_file(output / "log.txt"), "epoch 1: train_accuracy 0.25 validation_accuracy 0.75"));
    const auto manifest = boost::json::parse(test::read_file(output / "manifest.json"));
    BOOST_TEST((manifest == boost::json::value{{"format", 1}, {"seed", 7}}));
}

BOOST_AUTO_TEST_CASE(result_tells_what_was_run_and_found) {
    const test::TemporaryFolder folder;
    test::FakePlan fakes;
    execute(fakes, folder.path());
    const auto result = boost::json::parse(test::read_file(folder.path() / "result.json"));
    BOOST_TEST(result.at("seed").to_number<int>() == 7);
    BOOST_TEST(result.at("threads").to_number<int>() == 2);
    BOOST_TEST(result.at("plugins").as_array().size() == 4U);
    const auto &stage = result.at("stages").at(0);
    BOOST_TEST(stage.at("name").as_string() == "teach");
    BOOST_TEST(stage.at("steps").to_number<int>() == 6);
    BOOST_TEST(stage.at("selected_epoch").to_number<int>() == 1);
    BOOST_TEST(stage.at("metrics").at("validation_accuracy").to_number<double>() == 0.5);
    const auto &reports = result.at("reports").as_array();
    BOOST_TEST_REQUIRE(reports.size() == 2U);
    BOOST_TEST(reports[1].at("weights").as_string() == "selected");
    BOOST_TEST(reports[1].at("size").to_number<int>() == 6);
    BOOST_TEST(result.at("files").as_array().size() == 9U);
}

BOOST_AUTO_TEST_CASE(weights_can_be_loaded_by_another_run) {
    const test::TemporaryFolder folder;
    test::FakePlan fakes;
    execute(fakes, folder.path() / "first");
    test::FakePlan loading;
    loading.weights = folder.path() / "first" / "weights" / "net.selected.safetensors";
    framework::Plan plan = loading.plan();
    plan.stages.clear();
    framework::Run run(plan, {folder.path() / "second", {}, {}});
    run.execute();
    BOOST_TEST(run.model("net").parameters().values[0] == 3.0F); // selected after step 3
    const fs::path copy = folder.path() / "second" / "weights" / "net.loaded.safetensors";
    BOOST_TEST(test::read_file(copy) == test::read_file(loading.weights));
    BOOST_TEST((loading.model->changes.front() == sdk::Change::restore));
    BOOST_TEST_REQUIRE(run.reports().size() == 1U);
    BOOST_TEST(run.reports()[0].weights == "loaded");
}

BOOST_AUTO_TEST_CASE(weights_that_do_not_fit_are_refused_before_anything_is_read) {
    const test::TemporaryFolder folder;
    sdk::Arena arena;
    arena.add("layers.0.weight", {3, 2}, true);
    arena.allocate();
    test::FakePlan fakes;
    fakes.weights = folder.path() / "other.safetensors";
    framework::write_safetensors(fakes.weights, arena.parameters());
    BOOST_CHECK_EXCEPTION(framework::Run(fakes.plan(), {}), framework::Error, [&](const framework::Error &error) {
        const framework::Problem &problem = error.problems().at(0);
        return error.code() == ErrorCode::data && problem.where == "/models/net/weights" &&
               contains(problem.message, fakes.weights) && contains(problem.message, "[3, 2]");
    });
    BOOST_TEST(!fakes.data_was_loaded);
}

BOOST_AUTO_TEST_CASE(same_run_twice_gives_the_same_bytes) {
    const test::TemporaryFolder folder;
    for (const char *name : {"a", "b"}) {
        test::FakePlan fakes;
        execute(fakes, folder.path() / name);
    }
    for (const char *file :
         {"manifest.json", "metrics/steps.csv", "weights/net.last.safetensors", "weights/net.selected.safetensors"})
        BOOST_TEST(test::read_file(folder.path() / "a" / file) == test::read_file(folder.path() / "b" / file));
}

BOOST_AUTO_TEST_CASE(an_earlier_run_is_replaced_and_nothing_else_touched) {
    const test::TemporaryFolder folder;
    test::FakePlan fakes;
    execute(fakes, folder.path());
    test::write_file(folder.path() / "notes.txt", "mine");
    test::write_file(folder.path() / "weights" / "mine.txt", "mine too");
    fakes.on_step = [&](auto &, std::uint64_t) {
        BOOST_TEST(!fs::exists(folder.path() / "result.json"));
        BOOST_TEST(!fs::exists(folder.path() / "weights" / "net.last.safetensors"));
    };
    const auto files = execute(fakes, folder.path(), {"teach"});
    BOOST_TEST(files.size() == 9U);
    BOOST_TEST(test::read_file(folder.path() / "notes.txt") == "mine");
    BOOST_TEST(test::read_file(folder.path() / "weights" / "mine.txt") == "mine too");
}

BOOST_AUTO_TEST_CASE(other_folders_and_files_are_refused) {
    const test::TemporaryFolder folder;
    test::write_file(folder.path() / "thesis.txt", "years of work");
    BOOST_TEST(contains(output_error(folder.path()), "neither empty nor an earlier run"));
    BOOST_TEST(contains(output_error(folder.path() / "thesis.txt"), "thesis.txt"));
    BOOST_TEST(contains(output_error(folder.path() / "thesis.txt" / "run"), "is no folder"));
    BOOST_TEST(test::read_file(folder.path() / "thesis.txt") == "years of work");
}

BOOST_AUTO_TEST_CASE(a_list_that_was_left_half_written_is_replaced) {
    const test::TemporaryFolder folder;
    test::write_file(folder.path() / ".retort-run.json.partial", "{\"retort\"");
    test::FakePlan fakes;
    execute(fakes, folder.path());
    BOOST_TEST(!fs::exists(folder.path() / ".retort-run.json.partial"));
    BOOST_TEST(!contains(test::read_file(folder.path() / ".retort-run.json"), "partial"));
}

BOOST_AUTO_TEST_CASE(a_list_that_leads_outside_removes_nothing_there) {
    const test::TemporaryFolder folder;
    test::write_file(folder.path() / "precious.txt", "stays");
    const fs::path output = folder.path() / "run";
    fs::create_directory(output);
    test::write_file(output / ".retort-run.json", R"({"retort": "0.1.0", "files": ["../precious.txt", ")" +
                                                      (folder.path() / "precious.txt").string() + R"("]})");
    test::FakePlan fakes;
    execute(fakes, output);
    BOOST_TEST(test::read_file(folder.path() / "precious.txt") == "stays");
}

BOOST_AUTO_TEST_CASE(a_run_that_failed_can_be_replaced) {
    const test::TemporaryFolder folder;
    test::FakePlan fakes;
    fakes.on_step = [](auto &, std::uint64_t k) {
        if (k == 4)
            throw std::runtime_error("no more");
    };
    BOOST_CHECK_THROW(execute(fakes, folder.path()), framework::Error);
    BOOST_TEST(contains(test::read_file(folder.path() / "log.txt"), "no more"));
    BOOST_TEST(!fs::exists(folder.path() / "result.json"));
    fakes.on_step = [](auto &, std::uint64_t) {};
    BOOST_TEST(execute(fakes, folder.path()).size() == 9U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_refused) {
    if (::geteuid() == 0)
        return; // the superuser may write everywhere
    const test::TemporaryFolder folder;
    ::chmod(folder.path().c_str(), 0555);
    BOOST_TEST(contains(output_error(folder.path() / "run"), "is not writable"));
    ::chmod(folder.path().c_str(), 0755);
}

BOOST_AUTO_TEST_SUITE_END()
