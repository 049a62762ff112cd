// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <plugins/observers/csv/csv.hpp>
#include <string>
#include <support/context.hpp>
#include <support/state.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

namespace test_csv {

using namespace retort;
using namespace retort::test;
using observer_csv::Csv;

constexpr sdk::StageInfo stage{"distil", "adversarial_distillation", "student", 10, 5};

struct Fixture {
    [[nodiscard]] Csv make() { return Csv({surroundings.context(), folder.path()}); }

    [[nodiscard]] std::filesystem::path file(const std::string &kind) const {
        return folder.path() / "metrics" / ("distil." + kind + ".csv");
    }

    TemporaryFolder folder;
    Surroundings surroundings;
};

} // namespace test_csv

BOOST_FIXTURE_TEST_SUITE(test_csv, Fixture)

BOOST_AUTO_TEST_CASE(rows_are_written_as_short_as_they_read_back) {
    Csv csv = make();
    BOOST_TEST(std::filesystem::is_empty(folder.path())); // construction writes nothing
    csv.begin_stage(stage);
    csv.step(stage, 1, std::vector<sdk::Metric>{{"loss", 0.1}, {"a.d_teacher", 0.5}});
    csv.step(stage, 2, std::vector<sdk::Metric>{{"loss", 1e-9}, {"a.d_teacher", 1.0 / 3.0}});
    csv.epoch(stage, 1, std::vector<sdk::Metric>{{"train_accuracy", 1.0}});
    csv.end_stage(stage, true);
    BOOST_TEST(read_file(file("steps")) == "step,loss,a.d_teacher\n1,0.1,0.5\n2,1e-09,0.3333333333333333\n");
    BOOST_TEST(read_file(file("epochs")) == "epoch,train_accuracy\n1,1\n");
}

BOOST_AUTO_TEST_CASE(an_epoch_hands_all_rows_to_the_operating_system) {
    Csv csv = make();
    csv.begin_stage(stage);
    csv.step(stage, 1, std::vector<sdk::Metric>{{"loss", 2.0}});
    csv.epoch(stage, 1, std::vector<sdk::Metric>{{"train_loss", 2.0}});
    BOOST_TEST(read_file(file("steps")) == "step,loss\n1,2\n");
    BOOST_TEST(read_file(file("epochs")) == "epoch,train_loss\n1,2\n");
}

BOOST_AUTO_TEST_CASE(a_resumed_run_has_the_same_bytes) {
    const std::vector<sdk::Metric> metrics{{"loss", 0.25}, {"accuracy", 0.5}};
    State checkpoint;
    {
        Csv csv = make();
        csv.begin_stage(stage);
        csv.step(stage, 1, metrics);
        checkpoint = State::of(csv);
        csv.step(stage, 2, metrics); // lost: the process dies after the checkpoint
        csv.end_stage(stage, false);
    }
    Csv csv = make();
    checkpoint.restore(csv);
    csv.begin_stage(stage);
    csv.step(stage, 2, metrics);
    csv.epoch(stage, 1, metrics);
    csv.end_stage(stage, true);
    BOOST_TEST(read_file(file("steps")) == "step,loss,accuracy\n1,0.25,0.5\n2,0.25,0.5\n");
    BOOST_TEST(read_file(file("epochs")) == "epoch,loss,accuracy\n1,0.25,0.5\n");
}

BOOST_AUTO_TEST_CASE(events_have_a_table_once_there_are_any) {
    Csv csv = make();
    csv.begin_stage(stage);
    csv.step(stage, 1, std::vector<sdk::Metric>{{"loss", 1.0}});
    BOOST_TEST(!std::filesystem::exists(file("events")));
    csv.event(stage, 5, "change", "/a: 1 -> 2");
    csv.event(stage, 6, "alarm", "\"a\", b\nc");
    csv.end_stage(stage, true);
    BOOST_TEST(read_file(file("events")) ==
               "step,epoch,kind,message\n5,1,change,/a: 1 -> 2\n6,2,alarm,\"\"\"a\"\", b\nc\"\n");
    csv.begin_stage(stage);
    BOOST_TEST(!std::filesystem::exists(file("events"))); // of the stage that ran before
    csv.end_stage(stage, true);
}

BOOST_AUTO_TEST_CASE(events_after_a_checkpoint_are_cut_off) {
    for (const bool before : {false, true}) {
        State checkpoint;
        {
            Csv csv = make();
            csv.begin_stage(stage);
            csv.step(stage, 1, std::vector<sdk::Metric>{{"loss", 1.0}});
            if (before)
                csv.event(stage, 1, "change", "first");
            checkpoint = State::of(csv);
            csv.event(stage, 2, "change", "lost");
            csv.end_stage(stage, false);
        }
        Csv csv = make();
        checkpoint.restore(csv);
        csv.begin_stage(stage);
        BOOST_TEST(std::filesystem::exists(file("events")) == before);
        csv.event(stage, 2, "change", "second");
        csv.end_stage(stage, true);
        BOOST_TEST(read_file(file("events")) == std::string("step,epoch,kind,message\n") +
                                                    (before ? "1,1,change,first\n" : "") + "2,1,change,second\n");
    }
}

BOOST_AUTO_TEST_CASE(a_stage_that_runs_again_replaces_its_files) {
    Csv csv = make();
    for (int round = 0; round < 2; ++round) {
        csv.begin_stage(stage);
        csv.step(stage, 1, std::vector<sdk::Metric>{{round == 0 ? "old" : "new", 1.0}});
        csv.end_stage(stage, true);
    }
    BOOST_TEST(read_file(file("steps")) == "step,new\n1,1\n");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_an_error_of_kind_output) {
    write_file(folder.path() / "metrics", "in the way");
    Csv csv = make();
    const auto is_output = [](const sdk::Error &error) { return error.kind() == sdk::ErrorKind::output; };
    BOOST_CHECK_EXCEPTION(csv.begin_stage(stage), sdk::Error, is_output);
}

BOOST_AUTO_TEST_CASE(a_run_without_a_directory_writes_nothing) {
    Csv csv({surroundings.context(), ""});
    csv.begin_stage(stage);
    csv.step(stage, 1, std::vector<sdk::Metric>{{"loss", 1.0}});
    csv.epoch(stage, 1, std::vector<sdk::Metric>{{"loss", 1.0}});
    csv.event(stage, 1, "change", "message");
    csv.end_stage(stage, true);
    BOOST_TEST(!std::filesystem::exists("metrics"));
}

BOOST_AUTO_TEST_SUITE_END()
