// SPDX-License-Identifier: Apache-2.0
#include "captured.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <host/display.hpp>
#include <pty.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(test_display)

using namespace retort;
using framework::LogLevel;
using framework::RunProgress;
using host::Arguments;
using host::Display;

namespace {

/// While it lives, stdout is a file descriptor of another kind.
class Stdout {
  public:
    explicit Stdout(int descriptor) { ::dup2(descriptor, STDOUT_FILENO); }

    Stdout(const Stdout &) = delete;
    Stdout &operator=(const Stdout &) = delete;

    ~Stdout() {
        ::dup2(kept_, STDOUT_FILENO);
        ::close(kept_);
    }

  private:
    int kept_ = ::dup(STDOUT_FILENO);
};

/// What `show` prints where stdout is `descriptor`; that is closed afterwards.
template <class Show> std::string shown_on(int descriptor, const Arguments &arguments, Show &&show) {
    BOOST_TEST_REQUIRE(descriptor >= 0);
    const test::Captured captured;
    {
        const Stdout replaced(descriptor);
        Display display(arguments);
        show(display);
    }
    ::close(descriptor);
    return captured.out();
}

template <class Show> std::string shown_in_file(Show &&show, const Arguments &arguments = {}) {
    return shown_on(::open("/dev/null", O_WRONLY), arguments, show);
}

template <class Show> std::string shown_on_terminal(unsigned short columns, Show &&show) {
    int master = -1;
    int terminal = -1;
    const winsize size{24, columns, 0, 0};
    BOOST_TEST_REQUIRE(::openpty(&master, &terminal, nullptr, nullptr, &size) == 0);
    const std::string shown = shown_on(terminal, {}, show);
    ::close(master);
    return shown;
}

const sdk::Metric metrics[] = {{"loss", 0.5}, {"validation_accuracy", 0.75}};

/// Step `done` of 6, three to an epoch, `seconds` after the stage began.
RunProgress training(std::uint64_t done, double seconds) {
    RunProgress progress{"play", "training", 0, 2, done, 6, 0, 3, metrics};
    progress.epoch_ended = done % 3 == 0;
    progress.seconds = seconds;
    return progress;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_gets_a_line_for_each_activity_and_epoch) {
    const std::string shown = shown_in_file([](Display &display) {
        display.set_epoch_size([](std::size_t stage) { return stage == 0 ? 300U : 0U; });
        display.progress({"", "reading data", 0, 2});
        display.progress({"play", "caching", 0, 2, 1, 9});
        display.progress({"play", "caching", 0, 2, 2, 9});
        for (std::uint64_t step = 1; step <= 6; ++step)
            display.progress(training(step, static_cast<double>(step)));
        display.finish();
    });
    BOOST_TEST(shown == "reading data\n"
                        "stage 1/2 play  caching\n"
                        "stage 1/2 play  epoch 1/2  100 images/s  3 s left  validation_accuracy 0.75  loss 0.5\n"
                        "stage 1/2 play  epoch 2/2  100 images/s  0 s left  validation_accuracy 0.75  loss 0.5\n");
}

BOOST_AUTO_TEST_CASE(speed_counts_training_alone_and_steps_where_examples_are_unknown) {
    const std::string shown = shown_in_file([](Display &display) {
        RunProgress preparing{"play", "caching", 0, 2};
        preparing.seconds = 100.0;
        display.progress(preparing);
        display.progress(training(3, 102.0));
    });
    BOOST_TEST(shown.find("epoch 1/2  1.5 steps/s  2 s left") != std::string::npos, shown);
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_one_line_rewritten_in_place) {
    const std::string shown = shown_on_terminal(100, [](Display &display) {
        display.progress(training(3, 3.0));
        display.progress(training(6, 6.0));
        display.finish();
        display.finish(); // once is enough
    });
    BOOST_TEST(shown == "\rstage 1/2 play  epoch 1/2  1.0 steps/s  3 s left  validation_accuracy 0.75  loss 0.5\x1b[K"
                        "\rstage 1/2 play  epoch 2/2  1.0 steps/s  0 s left  validation_accuracy 0.75  loss 0.5\x1b[K"
                        "\n");
}

BOOST_AUTO_TEST_CASE(under_mpirun_a_terminal_gets_lines) {
    ::setenv("OMPI_COMM_WORLD_SIZE", "1", 1);
    const std::string shown = shown_on_terminal(100, [](Display &display) { display.progress(training(3, 3.0)); });
    ::unsetenv("OMPI_COMM_WORLD_SIZE");
    BOOST_TEST(shown == "stage 1/2 play  epoch 1/2  1.0 steps/s  3 s left  validation_accuracy 0.75  loss 0.5\n");
}

BOOST_AUTO_TEST_CASE(a_line_never_wraps) {
    const std::string shown = shown_on_terminal(50, [](Display &display) { display.progress(training(3, 3.0)); });
    BOOST_TEST(shown == "\rstage 1/2 play  epoch 1/2  1.0 steps/s  3 s left\x1b[K");
}

BOOST_AUTO_TEST_CASE(the_last_line_of_a_stage_stays) {
    const std::string shown = shown_on_terminal(100, [](Display &display) {
        display.progress(training(6, 6.0));
        display.progress({"next", "caching", 1, 2, 9, 9});
    });
    BOOST_TEST(shown.ends_with("\x1b[K\n\rstage 2/2 next  caching 9/9\x1b[K"), shown);
}

BOOST_AUTO_TEST_CASE(quiet_and_json_leave_stdout_alone) {
    Arguments quiet;
    quiet.quiet = true;
    Arguments json;
    json.json = true;
    for (const Arguments &arguments : {quiet, json})
        BOOST_TEST(shown_in_file([](Display &display) { display.progress(training(3, 3.0)); }, arguments) == "");
}

BOOST_AUTO_TEST_CASE(the_level_chooses_what_is_logged) {
    struct Case {
        LogLevel level;
        bool quiet;
        const char *expected;
    };
    const Case cases[] = {
        {LogLevel::debug, false, "debug: d\ninfo: i\nwarning: w\n"},
        {LogLevel::info, false, "info: i\nwarning: w\n"},
        {LogLevel::warning, false, "warning: w\n"},
        {LogLevel::error, false, ""}, // errors end the run, and are printed once, elsewhere
        {LogLevel::off, false, ""},
        {LogLevel::debug, true, ""},
    };
    for (const Case &expected : cases) {
        Arguments arguments;
        arguments.log_level = expected.level;
        arguments.quiet = expected.quiet;
        const test::Captured captured;
        Display display(arguments);
        display.log(LogLevel::debug, "d");
        display.log(LogLevel::info, "i");
        display.log(LogLevel::warning, "w");
        display.log(LogLevel::error, "e");
        BOOST_TEST(captured.err() == expected.expected);
        BOOST_TEST(captured.out() == "");
    }
}

BOOST_AUTO_TEST_CASE(a_log_line_ends_the_rewritten_line_first) {
    const std::string shown = shown_on_terminal(100, [](Display &display) {
        display.progress(training(3, 3.0));
        display.log(LogLevel::warning, "too loud");
    });
    BOOST_TEST(shown.ends_with("\x1b[K\n"), shown);
}

BOOST_AUTO_TEST_SUITE_END()
