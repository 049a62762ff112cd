// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <framework/source/run/checkpoints.hpp>
#include <support/fake_plan.hpp>
#include <support/process.hpp>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_checkpoints)

using namespace retort;
using framework::Checkpoints;
namespace fs = std::filesystem;

namespace {

/// The checkpoints of a folder, and the one stage of a plan of fakes: six steps, the first epoch of three is selected.
struct Fixture {
    explicit Fixture(std::uint64_t keep) : checkpoints(folder.path(), keep, log) {}

    void steps(std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            loop.step();
            checkpoints.write("teach", key, {"metrics/a.csv"}, loop);
        }
    }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const auto &entry : fs::directory_iterator(folder.path() / "checkpoints"))
            result.push_back(entry.path().filename().string());
        std::sort(result.begin(), result.end());
        return result;
    }

    test::TemporaryFolder folder;
    test::FakePlan fakes;
    framework::Plan plan = fakes.plan();
    std::vector<std::string> logged; ///< warnings
    framework::RunLog log{[this](framework::LogLevel level, std::string_view line) {
        if (level == framework::LogLevel::warning)
            logged.emplace_back(line);
    }};
    framework::RunServices services{1, log};
    framework::ProgressTeller progress{{}, 1};
    framework::Components components{plan, services, {}};
    framework::Observers observers{components.observers, log};
    framework::StageLoop loop{{components, services, log, observers, progress}, components.trainers[0], "fake", true};
    boost::json::object key{{"seed", 1}};
    Checkpoints checkpoints;
};

const std::vector<std::string> first_three{"teach.000000001.checkpoint", "teach.000000002.checkpoint",
                                           "teach.000000003.checkpoint"};

} // namespace

BOOST_AUTO_TEST_CASE(the_latest_and_that_of_the_selected_epoch_stay) {
    Fixture fixture(2);
    fixture.steps(2);
    BOOST_TEST(fixture.names() == std::vector(first_three.begin(), first_three.begin() + 2),
               boost::test_tools::per_element());
    fixture.steps(4);
    const std::vector<std::string> kept{"teach.000000003.checkpoint", "teach.000000005.checkpoint",
                                        "teach.000000006.checkpoint"};
    BOOST_TEST(fixture.names() == kept, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_newest_sound_one_is_found) {
    Fixture fixture(5);
    BOOST_TEST(!fixture.checkpoints.find("teach", fixture.key).checkpoint);
    fixture.steps(3);
    auto remains = fixture.checkpoints.find("teach", fixture.key);
    BOOST_TEST_REQUIRE(remains.checkpoint.has_value());
    BOOST_TEST(remains.checkpoint->header().at("step").to_number<int>() == 3);
    BOOST_TEST(remains.files.at(0) == "metrics/a.csv");
    BOOST_TEST(fixture.logged.empty());

    const fs::path newest = fixture.folder.path() / "checkpoints" / first_three[2];
    test::write_file(newest, test::read_file(newest).substr(0, 100));
    remains = fixture.checkpoints.find("teach", fixture.key);
    BOOST_TEST(remains.checkpoint->header().at("step").to_number<int>() == 2);
    BOOST_TEST_REQUIRE(fixture.logged.size() == 1U);
    BOOST_TEST(fixture.logged[0] ==
               newest.string() +
                   ": the checkpoint is damaged: its checksum is wrong; the checkpoint before it is taken");
}

BOOST_AUTO_TEST_CASE(another_key_finds_what_differs) {
    Fixture fixture(2);
    fixture.steps(1);
    const auto remains = fixture.checkpoints.find("teach", {{"seed", 2}});
    BOOST_TEST(!remains.checkpoint.has_value());
    BOOST_TEST(remains.differences == "/seed (1, now 2)");
    BOOST_TEST(fixture.checkpoints.find("other", fixture.key).differences.empty());
}

BOOST_AUTO_TEST_CASE(a_complete_stage_needs_its_weights) {
    Fixture fixture(2);
    fixture.steps(6);
    framework::StageRecord record{"teach", "fake", "net", 6, 3};
    record.selected_epoch = 1;
    record.seconds = 2.5;
    record.metrics = {{"train_loss", 0.5}};
    const fs::path weights = fixture.folder.path() / "weights.bin";
    test::write_file(weights, "weights");
    fixture.checkpoints.complete(record, fixture.key, {"metrics/a.csv"}, {"weights.bin"});
    BOOST_TEST(fixture.names() == std::vector<std::string>{"teach.json"}, boost::test_tools::per_element());

    auto remains = fixture.checkpoints.find("teach", fixture.key);
    BOOST_TEST_REQUIRE(remains.complete.has_value());
    BOOST_TEST(remains.complete->name == "teach");
    BOOST_TEST(remains.complete->model == "net");
    BOOST_TEST(remains.complete->steps == 6U);
    BOOST_TEST(remains.complete->steps_per_epoch == 3U);
    BOOST_TEST(remains.complete->selected_epoch == 1U);
    BOOST_TEST(remains.complete->seconds == 2.5);
    BOOST_CHECK(remains.complete->metrics == record.metrics);
    BOOST_TEST(remains.weights.at(0) == "weights.bin");
    BOOST_TEST(remains.files.at(0) == "metrics/a.csv");

    test::write_file(weights, "other");
    remains = fixture.checkpoints.find("teach", fixture.key);
    BOOST_TEST(!remains.complete.has_value());
    BOOST_TEST(remains.weights.empty());
    BOOST_TEST(test::contains(fixture.logged.at(0), "its weights weights.bin are missing or damaged"));
}

BOOST_AUTO_TEST_CASE(a_malformed_record_is_no_stage) {
    Fixture fixture(2);
    fixture.steps(1);
    test::write_file(fixture.folder.path() / "checkpoints" / "teach.json", "{\"key\": ");
    BOOST_TEST(!fixture.checkpoints.find("teach", fixture.key).complete.has_value());
    BOOST_TEST(test::contains(fixture.logged.at(0), "teach.json, but cannot be loaded: "));
}

BOOST_AUTO_TEST_CASE(weights_lie_in_the_run_directory) {
    Fixture fixture(2);
    fixture.steps(6);
    const test::TemporaryFolder elsewhere;
    const fs::path weights = elsewhere.path() / "weights.bin";
    test::write_file(weights, "weights");
    fixture.checkpoints.complete({"teach", "fake", "net", 6, 3}, fixture.key, {}, {weights.string()});
    BOOST_TEST(!fixture.checkpoints.find("teach", fixture.key).complete.has_value());
    BOOST_TEST(test::contains(fixture.logged.at(0), "its weights would lie outside the run directory"));
}

BOOST_AUTO_TEST_CASE(removing_leaves_other_files_alone) {
    Fixture fixture(2);
    fixture.steps(2);
    test::write_file(fixture.folder.path() / "checkpoints" / "notes.txt", "mine");
    test::write_file(fixture.folder.path() / "checkpoints" / "teach.000000009.checkpoint.partial", "cut");
    fixture.checkpoints.remove_others({"teach"});
    BOOST_TEST(fixture.names().size() == 3U); // what was cut is gone
    fixture.checkpoints.remove_others({"distil"});
    BOOST_TEST(fixture.names() == std::vector<std::string>{"notes.txt"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_folder_nothing_is_kept) {
    Fixture fixture(2);
    const Checkpoints nowhere({}, 2, fixture.log);
    fixture.loop.step();
    nowhere.write("teach", fixture.key, {}, fixture.loop);
    BOOST_TEST(!nowhere.find("teach", fixture.key).checkpoint.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
