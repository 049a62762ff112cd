// SPDX-License-Identifier: Apache-2.0
// Runs inside a process that has a life of its own, with the real plugins.
#include <boost/test/unit_test.hpp>
#include <omp.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <functional>
#include <support/octants.hpp>
#include <support/process_state.hpp>

BOOST_AUTO_TEST_SUITE(test_embedding)

using namespace retort;

namespace {

/// Two runs that differ in everything that could be mistaken for the other's.
framework::Plan first_plan() {
    return test::octants_plan({"/seed=1", "/threads=2"});
}

framework::Plan second_plan() {
    return test::octants_plan({"/seed=2", "/threads=1", "/models/student/hidden=[12,12]", "/stages/distil/batch=30"});
}

std::vector<float> weights(framework::Run &run) {
    std::vector<float> all;
    for (const char *name : {"teacher", "student"}) {
        const std::span<const float> values = run.model(name).parameters().values;
        all.insert(all.end(), values.begin(), values.end());
    }
    return all;
}

std::vector<float> weights_alone(const framework::Plan &plan) {
    framework::Run run(plan, {});
    run.execute();
    return weights(run);
}

/// The state of the process, of spdlog's registry and the calling thread's OpenMP settings too.
test::ProcessState state() {
    test::ProcessState all = test::process_state();
    all["OpenMP"] = std::to_string(omp_get_max_threads()) + " " + std::to_string(omp_get_dynamic());
    all["spdlog's default logger"] = test::bytes_of(spdlog::default_logger_raw());
    spdlog::apply_all([&](const auto &logger) { all["spdlog's loggers"] += logger->name() + "\n"; });
    return all;
}

/// The process after its OpenMP runtime made the threads that it keeps.
std::size_t threads_with_pool() {
#pragma omp parallel num_threads(2)
    {
        static std::atomic<int> work;
        ++work;
    }
    return test::threads_settled(2);
}

framework::ErrorCode code_of(const std::function<void()> &call) {
    try {
        call();
    } catch (const framework::Error &error) {
        return error.code();
    }
    throw std::logic_error("no error was thrown");
}

} // namespace

// First, so that the plugins are opened while the process is watched.
BOOST_AUTO_TEST_CASE(the_process_is_left_as_it_was) {
    struct Case {
        const char *name;
        std::function<void(framework::Run &)> use;
    };
    const Case cases[] = {
        {"complete", [](framework::Run &run) { run.execute(); }},
        {"dropped", [](framework::Run &run) { BOOST_TEST((run.step() && run.step() && run.step())); }},
        {"cancelled",
         [](framework::Run &run) {
             run.step();
             run.cancel();
             BOOST_CHECK(code_of([&] { run.execute(); }) == framework::ErrorCode::cancelled);
         }},
    };
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.name) {
            const test::TemporaryFolder folder;
            const std::size_t threads = threads_with_pool();
            test::CaughtOutput output;
            const test::ProcessState before = state();
            test::ProcessState during;
            {
                framework::RunOptions options;
                options.output = folder.path() / "run";
                framework::Run run(first_plan(), options);
                test.use(run);
                during = state();
            }
            const test::ProcessState after = state();
            const std::string printed = output.release();
            BOOST_TEST(printed == "");
            BOOST_TEST(test::differences(before, during) == "open files"); // the log and the lock
            BOOST_TEST(test::differences(before, after) == "");
            BOOST_TEST(threads_with_pool() == threads);
            BOOST_TEST(std::filesystem::exists(folder.path() / "run" / "log.txt"));
        }
}

BOOST_AUTO_TEST_CASE(interleaved_runs_give_the_bytes_of_each_alone) {
    framework::Run first(first_plan(), {});
    framework::Run second(second_plan(), {});
    for (bool going = true; going;) {
        going = first.step();
        going = second.step() || going;
    }
    BOOST_TEST((weights(first) == weights_alone(first_plan())));
    BOOST_TEST((weights(second) == weights_alone(second_plan())));
    BOOST_TEST((weights_alone(first_plan()) !=
                weights_alone(test::octants_plan({"/seed=3", "/threads=2"})))); // else nothing is seen
}

BOOST_AUTO_TEST_CASE(runs_of_two_threads_give_the_bytes_of_each_alone) {
    framework::Run first(first_plan(), {});
    framework::Run second(second_plan(), {});
    std::thread other([&] { second.execute(); });
    first.execute();
    other.join();
    BOOST_TEST((weights(first) == weights_alone(first_plan())));
    BOOST_TEST((weights(second) == weights_alone(second_plan())));
}

BOOST_AUTO_TEST_CASE(predicting_changes_nothing) {
    framework::Run run(first_plan(), {});
    const std::vector<float> inputs(21, 0.5F);
    while (run.step())
        (void)run.predict("student", {inputs.data(), 7, 3, 3});
    BOOST_TEST((weights(run) == weights_alone(first_plan())));
}

BOOST_AUTO_TEST_CASE(what_was_trained_earlier_predicts_without_stages) {
    const test::TemporaryFolder folder;
    framework::RunOptions options;
    options.output = folder.path() / "run";
    framework::Run trained(first_plan(), options);
    trained.execute();
    const std::string file = (options.output / "weights" / "student.last.safetensors").string();
    framework::Run loaded(
        test::octants_plan({"/stages=[]", "/observers=[]", "/threads=2", "/models/student/weights=\"" + file + "\""}),
        {});
    loaded.start();
    std::vector<float> inputs(15);
    sdk::fill_normal(sdk::Random{8}, inputs);
    const auto then = trained.predict("student", {inputs.data(), 5, 3, 3});
    const auto now = loaded.predict("student", {inputs.data(), 5, 3, 3});
    for (std::size_t r = 0; r < 5; ++r)
        BOOST_TEST(now.view().row(r) == then.view().row(r), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_change_of_the_process_is_seen) {
    struct Case {
        std::string name;
        std::function<void()> change, undo;
    };
    const std::filesystem::path folder = std::filesystem::current_path();
    int file = -1;
    const auto logger = std::make_shared<spdlog::logger>("other");
    const auto kept = spdlog::default_logger();
    const Case cases[] = {
        {"signal 10", [] { ::signal(SIGUSR1, SIG_IGN); },
         [] {
             const struct sigaction none {};
             ::sigaction(SIGUSR1, &none, nullptr);
         }},
        {"MXCSR, x87 control word", [] { std::fesetround(FE_UPWARD); }, [] { std::fesetround(FE_TONEAREST); }},
        {"OpenMP", [] { omp_set_num_threads(7); }, [] { omp_set_num_threads(2); }},
        {"open files", [&] { file = ::dup(0); }, [&] { ::close(file); }},
        {"environment", [] { ::setenv("RETORT_TEST", "1", 1); }, [] { ::unsetenv("RETORT_TEST"); }},
        {"C locale", [] { std::setlocale(LC_ALL, "C.UTF-8"); }, [] { std::setlocale(LC_ALL, "C"); }},
        {"folder", [] { std::filesystem::current_path("/"); }, [&] { std::filesystem::current_path(folder); }},
        {"umask", [] { ::umask(0123); }, [] { ::umask(0022); }},
        {"spdlog's loggers", [&] { spdlog::register_logger(logger); }, [] { spdlog::drop("other"); }},
        {"spdlog's default logger, spdlog's loggers", [&] { spdlog::set_default_logger(logger); },
         [&] {
             spdlog::set_default_logger(kept);
             spdlog::drop("other");
         }},
    };
    ::umask(0022);
    omp_set_num_threads(2);
    for (const Case &test : cases)
        BOOST_TEST_CONTEXT(test.name) {
            const test::ProcessState before = state();
            test.change();
            const test::ProcessState after = state();
            test.undo();
            BOOST_TEST(test::differences(before, after) == test.name);
            BOOST_TEST(test::differences(before, state()) == "");
        }
    test::CaughtOutput output;
    BOOST_TEST(::write(STDERR_FILENO, "seen", 4) == 4);
    const std::string printed = output.release();
    BOOST_TEST(printed == "seen");
}

BOOST_AUTO_TEST_CASE(another_thread_cancels_within_a_step) {
    std::atomic<std::uint64_t> done = 0;
    framework::RunOptions options;
    options.progress = [&](const framework::RunProgress &progress) {
        if (progress.steps_per_epoch > 0 && !progress.epoch_ended)
            ++done;
    };
    framework::Run run(test::octants_plan({"/threads=2", "/stages/distil/epochs=100000"}), options);
    std::uint64_t at_cancel = 0;
    std::thread other([&] {
        while (done < 60) // in the second stage
            std::this_thread::yield();
        run.cancel();
        at_cancel = done;
    });
    const framework::ErrorCode code = code_of([&] { run.execute(); });
    other.join();
    BOOST_CHECK(code == framework::ErrorCode::cancelled);
    BOOST_TEST(at_cancel >= 60U);
    BOOST_TEST(done <= at_cancel + 1);
    BOOST_CHECK(code_of([&] { run.step(); }) == framework::ErrorCode::usage);
}

BOOST_AUTO_TEST_SUITE_END()
