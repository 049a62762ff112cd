// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(test_profile)

using namespace retort;
using namespace retort::test;
namespace json = boost::json;

namespace {

constexpr std::uint64_t batch = 100;
constexpr std::uint64_t examples = 500; // of training, and as many of validation
constexpr std::uint64_t tests = 1000;

/// The tiny run with a discriminator whose products are easy to count, measured; made once.
const Place &profiled() {
    static const Place place;
    static const Words settings = tiny({"/stages/distil/adversaries/main/discriminator/type=mlp"});
    static const Outcome plain = place.run("plain", settings);
    static const Outcome measured = place.run("measured", settings, {"--profile", "--json"});
    BOOST_TEST_REQUIRE(plain.exit_code == 0, plain.err);
    BOOST_TEST_REQUIRE(measured.exit_code == 0, measured.err);
    static const bool written = (write_file(place.path("measured.stdout"), measured.out), true);
    (void)written;
    return place;
}

/// The rows of the table by their paths.
std::map<std::string, json::object> rows() {
    std::map<std::string, json::object> rows;
    const json::value printed = read_json(profiled().path("measured.stdout"));
    for (const json::value &row : printed.at("profile").as_array())
        rows[std::string(row.at("path").as_string())] = row.as_object();
    return rows;
}

std::uint64_t whole(const json::object &row, const char *member) {
    return row.at(member).to_number<std::uint64_t>();
}

/// A fully connected network in the numbers of its layers' inputs and of the last one's outputs.
using Widths = std::vector<std::uint64_t>;

std::uint64_t weights(const Widths &widths, std::size_t first = 0) {
    std::uint64_t sum = 0;
    for (std::size_t layer = first; layer + 1 < widths.size(); ++layer)
        sum += widths[layer] * widths[layer + 1];
    return sum;
}

std::uint64_t forward(const Widths &widths, std::uint64_t rows) {
    return 2 * rows * weights(widths);
}

/// Gradients of all weights, and of what comes into each layer but the first.
std::uint64_t backward(const Widths &widths, std::uint64_t rows) {
    return 2 * rows * (weights(widths) + weights(widths, 1));
}

const Widths teacher{784, 64, 64, 10};
const Widths student{784, 32, 10};
const Widths discriminator{10, 128, 128, 1};

} // namespace

BOOST_AUTO_TEST_CASE(a_profiled_run_has_the_bytes_of_one_that_is_not) {
    const Place &place = profiled();
    for (const char *model : {"teacher", "labels_alone", "student"})
        BOOST_TEST((place.weights("plain", model) == place.weights("measured", model)), model);
    BOOST_TEST((read_file(place.path("plain/manifest.json")) == read_file(place.path("measured/manifest.json"))));
    BOOST_TEST(!std::filesystem::exists(place.path("plain/profile.csv")));
}

BOOST_AUTO_TEST_CASE(each_phase_of_a_step_is_there_as_often_as_there_were_steps) {
    const std::map<std::string, json::object> found = rows();
    const json::value result = profiled().result("measured");
    const std::vector<std::pair<std::string, Words>> stages{
        {"teach", {"data", "forward", "losses", "metrics", "backward", "checks", "optimizer"}},
        {"distil",
         {"data",
          "teacher",
          "student forward",
          "heads",
          "discriminator main",
          "discriminator main/samples",
          "discriminator main/forward",
          "discriminator main/objective",
          "discriminator main/backward",
          "discriminator main/checks",
          "discriminator main/optimizer",
          "losses",
          "adversary main",
          "adversary main/samples",
          "adversary main/forward",
          "adversary main/objective",
          "adversary main/backward",
          "adversary main/heads backward",
          "student backward",
          "checks",
          "optimizer",
          "metrics"}}};
    for (const auto &[stage, phases] : stages) {
        const auto steps = find(result.at("stages"), {{"name", stage}}).at("steps").to_number<std::uint64_t>();
        BOOST_TEST(steps > 0U);
        for (const std::string &phase : phases)
            BOOST_TEST(whole(found.at("run/" + stage + "/step/" + phase), "calls") == steps, stage << " " << phase);
        BOOST_TEST(whole(found.at("run/" + stage + "/step"), "calls") == steps);
    }
    BOOST_TEST(whole(found.at("run/distil/validation"), "calls") == 2U);
    BOOST_TEST(whole(found.at("run/distil/prepare/cache teacher"), "calls") == 1U);
    for (const char *phase : {"run/start/read data", "run/distil/checkpoint", "run/distil/save weights", "run/report"})
        BOOST_TEST(found.count(phase) == 1U, phase);
}

BOOST_AUTO_TEST_CASE(what_is_within_a_phase_takes_no_longer_than_the_phase) {
    const std::map<std::string, json::object> found = rows();
    std::map<std::string, double> within;
    for (const auto &[path, row] : found) {
        BOOST_TEST(row.at("own_seconds").as_double() >= 0.0, path);
        if (const std::size_t end = path.rfind('/'); end != path.npos)
            within[path.substr(0, end)] += row.at("seconds").as_double();
    }
    BOOST_TEST(within.size() > 8U);
    for (const auto &[path, seconds] : within) {
        const json::object &row = found.at(path);
        BOOST_TEST(seconds <= row.at("seconds").as_double() + 1e-9, path);
        BOOST_TEST(std::abs(row.at("seconds").as_double() - seconds - row.at("own_seconds").as_double()) < 1e-9);
    }
    BOOST_TEST(found.at("run").at("share").to_number<double>() == 1.0);
}

BOOST_AUTO_TEST_CASE(operations_are_those_of_the_layers) {
    const std::map<std::string, json::object> found = rows();
    const auto operations = [&](const std::string &path) { return whole(found.at("run/" + path), "operations"); };
    const std::uint64_t taught = 5;     // steps
    const std::uint64_t distilled = 10; // in two epochs
    BOOST_TEST(operations("teach/step/forward") == taught * forward(teacher, batch));
    BOOST_TEST(operations("teach/step/backward") == taught * backward(teacher, batch));
    BOOST_TEST(operations("teach/step") == taught * (forward(teacher, batch) + backward(teacher, batch)));
    BOOST_TEST(operations("distil/prepare/cache teacher") == forward(teacher, examples));
    BOOST_TEST(operations("distil/step/teacher") == 0U); // looked up
    BOOST_TEST(operations("distil/step/student forward") == distilled * forward(student, batch));
    BOOST_TEST(operations("distil/step/student backward") == distilled * backward(student, batch));
    BOOST_TEST(operations("distil/step/discriminator main/forward") == distilled * forward(discriminator, 2 * batch));
    BOOST_TEST(operations("distil/step/discriminator main/backward") == distilled * backward(discriminator, 2 * batch));
    BOOST_TEST(operations("distil/step/adversary main/forward") == distilled * forward(discriminator, batch));
    BOOST_TEST(operations("distil/step/adversary main/backward") == distilled * forward(discriminator, batch));
    BOOST_TEST(operations("distil/validation") == 2 * forward(student, examples));
    const std::uint64_t reported = tests + examples; // for the temperature
    BOOST_TEST(operations("report") == 2 * (forward(teacher, reported) + 2 * forward(student, reported)));
}

BOOST_AUTO_TEST_CASE(the_trace_is_one_that_viewers_open) {
    const json::value trace = read_json(profiled().path("measured/profile.json"));
    const json::array &events = trace.at("traceEvents").as_array();
    std::size_t calls = 0; // few enough that all were kept
    for (const auto &[path, row] : rows())
        calls += whole(row, "calls");
    BOOST_TEST(events.size() == calls);
    double last = 0.0;
    std::vector<double> ends; // of the events around
    std::size_t deepest = 0;
    for (const json::value &event : events) {
        BOOST_TEST(!event.at("name").as_string().empty());
        BOOST_TEST(event.at("ph").as_string() == "X");
        BOOST_TEST(event.at("pid").is_int64());
        BOOST_TEST(event.at("tid").is_int64());
        const double begin = event.at("ts").to_number<double>();
        const double end = begin + event.at("dur").to_number<double>();
        BOOST_TEST(begin >= last);
        BOOST_TEST(end >= begin);
        last = begin;
        while (!ends.empty() && ends.back() <= begin)
            ends.pop_back();
        BOOST_TEST((ends.empty() || end <= ends.back() + 1e-3)); // within what is around it
        ends.push_back(end);
        deepest = std::max(deepest, ends.size());
    }
    BOOST_TEST(deepest == 5U); // run, distil, step, discriminator main, forward
}

BOOST_AUTO_TEST_CASE(the_table_in_the_folder_is_the_one_that_was_printed) {
    const std::string csv = read_file(profiled().path("measured/profile.csv"));
    BOOST_TEST(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) == rows().size() + 1);
    BOOST_TEST(csv.find("\n\"run/distil/step/student backward\",3,10,") != csv.npos);
    const json::value result = profiled().result("measured");
    const json::array &files = result.at("files").as_array();
    for (const char *file : {"profile.csv", "profile.json"})
        BOOST_TEST((std::find(files.begin(), files.end(), json::value(file)) != files.end()), file);
}

BOOST_AUTO_TEST_SUITE_END()
