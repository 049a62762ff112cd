// SPDX-License-Identifier: Apache-2.0
// The course of runs of several replicas, with the real plugins.
#include "replica_runs.hpp"

#include <boost/test/unit_test.hpp>

#include <support/process.hpp>
#include <support/temporary_folder.hpp>
#include <support/thread_replicas.hpp>

BOOST_AUTO_TEST_SUITE(test_replica_runs)

using namespace retort;
using namespace retort::test;
using framework::Error;
using framework::ErrorCode;
using framework::Replicas;
using framework::Run;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(one_replica_cancels_all_and_they_go_on_to_the_same_bytes) {
    const TemporaryFolder folder;
    const Left whole = left_by(3, {}, folder.path() / "whole");
    const Left cancelled = left_by(3, {}, folder.path() / "run", [](Run &run, Replicas &own) {
        for (int step = 0; step < 17; ++step)
            (void)run.step();
        if (own.index() == 2)
            run.cancel();
        run.execute();
    });
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(cancelled.errors[i] == "the run was cancelled");
        BOOST_TEST((cancelled.codes[i] == ErrorCode::cancelled));
    }
    const auto resume = [](framework::RunOptions &options) { options.resume = true; };
    const Left resumed = left_by(3, {}, folder.path() / "run", execute, resume);
    check_sound(resumed);
    BOOST_TEST((resumed.contents == whole.contents));
    const Left reused = left_by(3, {}, folder.path() / "run"); // every stage is loaded, by all
    check_sound(reused);
    BOOST_TEST((reused.weights == whole.weights));
    const Left other = left_by(2, {}, folder.path() / "run", execute, resume);
    BOOST_TEST(contains(other.errors[0], "this changed since: /replicas (3, now 2)"), other.errors[0]);
}

BOOST_AUTO_TEST_CASE(an_error_at_one_replica_ends_all_with_what_was_written_whole) {
    const TemporaryFolder folder;
    const Left whole = left_by(3, {}, folder.path() / "whole");
    for (const std::size_t failing : {0U, 2U}) {
        const fs::path output = folder.path() / std::to_string(failing);
        const Left left = left_by(3, {}, output, [&](Run &run, Replicas &own) {
            for (int step = 0; step < 20; ++step)
                (void)run.step();
            if (own.index() == failing)
                throw Error(ErrorCode::data, "a file", "is gone");
            run.execute();
        });
        for (std::size_t i = 0; i < 3; ++i) {
            const std::string told = i == failing ? "" : "replica " + std::to_string(failing) + ": ";
            BOOST_TEST(left.errors[i] == "a file: " + told + "is gone");
            BOOST_TEST((left.codes[i] == ErrorCode::data));
        }
        const Left resumed =
            left_by(3, {}, output, execute, [](framework::RunOptions &options) { options.resume = true; });
        check_sound(resumed);
        BOOST_TEST((resumed.contents == whole.contents));
    }
}

BOOST_AUTO_TEST_CASE(an_error_within_a_step_is_told_once_with_its_step) {
    const TemporaryFolder folder;
    const Left left = left_by(2, {}, folder.path() / "run", execute, [](framework::RunOptions &options) {
        if (options.replicas->index() == 1)
            options.progress = [](const framework::RunProgress &progress) {
                if (progress.activity == "training" && progress.done == 4)
                    throw Error(ErrorCode::training, {}, "too hot");
            };
    });
    BOOST_TEST(contains(left.errors[0], "replica 1: too hot at step 4 of 7"), left.errors[0]);
    BOOST_TEST(left.errors[0].find("at step") == left.errors[0].rfind("at step"), left.errors[0]);
    const std::string log = read_file(folder.path() / "run/log.txt");
    BOOST_TEST(contains(log, "replica 1: too hot at step 4 of 7"), log);
    BOOST_TEST(contains(log, "weights/teacher.last_good.safetensors"), log);
}

BOOST_AUTO_TEST_CASE(a_change_is_made_by_all) {
    const TemporaryFolder folder;
    const auto change = [](Run &run, Replicas &) {
        for (int step = 0; step < 14; ++step)
            (void)run.step();
        run.change({replica_adversary + "discriminator/type=mlp"}, replica_registry());
        run.execute();
    };
    const Left alone = left_by(0, {}, folder.path() / "alone", change);
    const Left left = left_by(3, {}, folder.path() / "run", change);
    check_sound(left);
    BOOST_TEST(largest_difference(alone.weights[0], left.weights[0]) <= 1e-5);
    const Left different = left_by(2, {}, folder.path() / "different", [](Run &run, Replicas &own) {
        for (int step = 0; step < 14; ++step)
            (void)run.step();
        try {
            run.change({replica_adversary + "lambda=0." + std::to_string(own.index() + 1)}, replica_registry());
        } catch (const Error &error) {
            if (!contains(error.what(), "the replicas were not all asked for the same change"))
                throw;
        }
        run.execute();
    });
    check_sound(different);
}

BOOST_AUTO_TEST_CASE(replicas_that_begin_otherwise_are_refused) {
    const TemporaryFolder folder;
    const framework::Plan plans[] = {replica_plan({"/seed=1"}), replica_plan({"/seed=2"})};
    const Texts errors = run_replicas(2, [&](Replicas &own) {
        framework::RunOptions options;
        options.output = folder.path() / "run";
        options.replicas = &own;
        Run(plans[own.index()], options).execute();
    });
    BOOST_TEST(contains(errors[1], "stage teach is not the first replica's: /seed (1, now 2)"), errors[1]);
    BOOST_TEST(contains(errors[0], "replica 1: stage teach is not the first replica's"), errors[0]);
    BOOST_TEST(!fs::exists(folder.path() / "run/result.json"));
}

BOOST_AUTO_TEST_CASE(replicas_that_read_another_folder_are_refused) {
    const TemporaryFolder folder;
    (void)left_by(2, {}, folder.path() / "0");
    const Left left = left_by(2, {}, {}, execute, [&](framework::RunOptions &options) {
        options.output = folder.path() / std::to_string(options.replicas->index());
    });
    BOOST_TEST(contains(left.errors[1], "here the stages are teach not begun, distil not begun, and for the first "
                                        "replica teach complete, distil complete"),
               left.errors[1]);
}

BOOST_AUTO_TEST_CASE(what_cannot_share_a_batch_is_refused) {
    const TemporaryFolder folder;
    const std::string stages = R"(/stages=[{"name": "one", "type": ")";
    const Left alone = left_by(2, {stages + "alone\"}]"}, folder.path() / "alone");
    for (const std::string &error : alone.errors)
        BOOST_TEST(contains(error, "/stages/0: the trainer trains in one process only, and there are 2 replicas; "
                                   "allowed: one process, or trainers that share their batches"),
                   error);
    BOOST_TEST((alone.codes[0] == ErrorCode::manifest));
    const Left parted = left_by(2, {stages + "parted\"}]"}, folder.path() / "parted");
    for (const std::string &error : parted.errors)
        BOOST_TEST(contains(error, "is not the same at all replicas at step 3 of 6: a component keeps what depends on "
                                   "its share of the batch"),
                   error);
}

BOOST_AUTO_TEST_SUITE_END()
