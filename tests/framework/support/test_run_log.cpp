// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/error.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <framework/source/support/run_log.hpp>
#include <fstream>
#include <stdexcept>
#include <string>
#include <support/temporary_folder.hpp>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_run_log)

using namespace retort;
using framework::LogLevel;
using framework::RunLog;

namespace {

/// The lines of a log file without their times: "info: message".
std::vector<std::string> lines_of(const std::filesystem::path &file) {
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line.substr(std::string("2026-01-01 00:00:00.000 ").size()));
    return lines;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_file_has_every_line_from_the_first) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "log.txt";
    test::write_file(file, "an earlier run's\n");
    RunLog log({});
    log.write(LogLevel::debug, "before");
    log.write(LogLevel::warning, "there was {} a file");
    log.open(file, false);
    log.write(LogLevel::info, "after");
    log.write(LogLevel::error, "last");
    const std::vector<std::string> expected{"debug: before", "warning: there was {} a file", "info: after",
                                            "error: last"};
    BOOST_TEST(lines_of(file) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lines_are_not_kept_for_a_file_that_will_not_be) {
    const test::TemporaryFolder folder;
    RunLog log({});
    log.write(LogLevel::info, "before");
    log.without_file();
    log.write(LogLevel::info, "after");
    log.open(folder.path() / "log.txt", false);
    BOOST_TEST(lines_of(folder.path() / "log.txt").empty());
}

BOOST_AUTO_TEST_CASE(the_sink_hears_all_and_what_it_throws_is_dropped) {
    const test::TemporaryFolder folder;
    std::vector<std::pair<LogLevel, std::string>> heard;
    RunLog log([&](LogLevel level, std::string_view message) {
        heard.emplace_back(level, message);
        throw std::runtime_error("the sink is full");
    });
    log.write(LogLevel::debug, "one");
    log.open(folder.path() / "log.txt", false);
    log.write(LogLevel::error, "two");
    const std::vector<std::pair<LogLevel, std::string>> expected{{LogLevel::debug, "one"}, {LogLevel::error, "two"}};
    BOOST_CHECK(heard == expected);
    BOOST_TEST(lines_of(folder.path() / "log.txt").size() == 2U);
}

BOOST_AUTO_TEST_CASE(any_thread_may_write_and_the_sink_is_called_once_at_a_time) {
    std::atomic<int> inside = 0;
    std::atomic<int> heard = 0;
    std::atomic<bool> met = false;
    RunLog log([&](LogLevel, std::string_view) {
        if (++inside > 1)
            met = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1)); // long enough for another to come in
        --inside;
        ++heard;
    });
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 4; ++writer)
        writers.emplace_back([&] {
            for (int i = 0; i < 10; ++i)
                log.write(LogLevel::info, "line");
        });
    for (std::thread &writer : writers)
        writer.join();
    BOOST_TEST(heard == 40);
    BOOST_TEST(!met);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_an_error) {
    const test::TemporaryFolder folder;
    RunLog log({});
    BOOST_CHECK_EXCEPTION(log.open(folder.path(), false), framework::Error, [&](const framework::Error &error) {
        return error.code() == framework::ErrorCode::output && error.problems()[0].where == folder.path().string();
    });
}

BOOST_AUTO_TEST_CASE(a_run_that_goes_on_goes_on_in_its_log) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "log.txt";
    for (const char *line : {"first", "second"}) {
        framework::RunLog log({});
        log.write(framework::LogLevel::info, line);
        log.open(file, true);
    }
    const std::string text = test::read_file(file);
    BOOST_TEST(text.find("info: first\n") < text.find("info: second\n"));
    BOOST_TEST(text.find("info: second\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
