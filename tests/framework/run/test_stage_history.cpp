// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <framework/source/run/stage_history.hpp>
#include <functional>
#include <optional>
#include <support/fake_plan.hpp>
#include <support/process.hpp>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_stage_history)

using namespace retort;
using framework::StageHistory;
namespace fs = std::filesystem;

namespace {

/// The history of a plan of fakes with its one stage "teach", in a folder that outlives it.
struct Fixture {
    explicit Fixture(const fs::path &folder, bool resume = false, const std::vector<std::string> &force = {}) {
        options.output = folder;
        options.resume = resume;
        options.force = force;
        directory.emplace(folder);
        history.emplace(plan, options, *directory, log);
    }

    bool look_back(int seed) {
        directory->lock();
        return history->look_back({{{"seed", seed}}});
    }

    /// As a run does: a file and a checkpoint after two of six steps.
    void work() {
        history->begin(0);
        test::write_file(directory->place("metrics/a.csv"), "1\n");
        loop.step();
        loop.step();
        history->keep(loop);
    }

    test::FakePlan fakes;
    framework::Plan plan = fakes.plan();
    framework::RunOptions options;
    std::vector<std::string> logged;
    framework::RunLog log{[this](framework::LogLevel, std::string_view line) { logged.emplace_back(line); }};
    framework::RunServices services{1, log};
    framework::ProgressTeller progress{{}, 1};
    framework::Components components{plan, services, {}};
    framework::Observers observers{components.observers, log};
    framework::StageLoop loop{{components, services, log, observers, progress}, components.trainers[0], "fake", true};
    std::optional<framework::RunDirectory> directory;
    std::optional<StageHistory> history;
};

std::string error_of(framework::ErrorCode code, const std::function<void()> &call) {
    try {
        call();
    } catch (const framework::Error &error) {
        BOOST_TEST((error.code() == code));
        return error.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(an_interrupted_stage_goes_on_with_its_files) {
    const test::TemporaryFolder folder;
    {
        Fixture first(folder.path());
        BOOST_TEST(!first.look_back(1)); // nothing is there
        BOOST_TEST(!first.history->remains(0).checkpoint.has_value());
        first.work();
        test::write_file(first.directory->place("metrics/late.csv"), "2\n"); // and the process ends
    }
    Fixture second(folder.path(), true);
    BOOST_TEST(second.look_back(1));
    const framework::StageRemains &remains = second.history->remains(0);
    BOOST_TEST_REQUIRE(remains.checkpoint.has_value());
    BOOST_TEST(remains.checkpoint->header().at("step").to_number<int>() == 2);
    const std::vector<std::string> files{"metrics/a.csv", "metrics/late.csv"};
    BOOST_TEST(remains.files == files, boost::test_tools::per_element());
    BOOST_TEST(fs::exists(folder.path() / "metrics" / "late.csv"));
}

BOOST_AUTO_TEST_CASE(a_changed_key_begins_anew_or_refuses) {
    const test::TemporaryFolder folder;
    {
        Fixture first(folder.path());
        (void)first.look_back(1);
        first.work();
    }
    {
        Fixture resumed(folder.path(), true);
        const std::string error = error_of(framework::ErrorCode::output, [&] { (void)resumed.look_back(2); });
        BOOST_TEST(
            test::contains(error, "stage teach cannot be gone on with, for this changed since: /seed (1, now 2)"));
        BOOST_TEST(fs::exists(folder.path() / "metrics" / "a.csv")); // nothing was touched
    }
    Fixture second(folder.path());
    BOOST_TEST(!second.look_back(2));
    BOOST_TEST(!second.history->remains(0).checkpoint.has_value());
    BOOST_TEST(!fs::exists(folder.path() / "metrics" / "a.csv"));
    BOOST_TEST(second.logged.back() == "stage teach runs anew, for this changed: /seed (1, now 2)");
}

BOOST_AUTO_TEST_CASE(a_forced_stage_begins_anew) {
    const test::TemporaryFolder folder;
    {
        Fixture first(folder.path());
        (void)first.look_back(1);
        first.work();
    }
    Fixture second(folder.path(), false, {"teach"});
    BOOST_TEST(!second.look_back(1));
    BOOST_TEST(!second.history->remains(0).checkpoint.has_value());
    BOOST_TEST(error_of(framework::ErrorCode::usage, [&] { Fixture(folder.path(), false, {"teech"}); }) ==
               R"(--force: there is no stage "teech"; did you mean "teach"? Available: teach)");
}

BOOST_AUTO_TEST_CASE(without_a_run_there_is_nothing_to_go_on_with) {
    const test::TemporaryFolder folder;
    Fixture fixture(folder.path(), true);
    BOOST_TEST(test::contains(error_of(framework::ErrorCode::output, [&] { (void)fixture.look_back(1); }),
                              "there is no run in this folder to go on with"));
}

BOOST_AUTO_TEST_SUITE_END()
