// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"
#include "tensors.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <sstream>

BOOST_AUTO_TEST_SUITE(test_hidden_pairs)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

/// Four widths, so small that a run takes a fraction of a second.
const Words small{"/data/mnist/train=500",
                  "/models/teacher/hidden=[64,48]",
                  "/models/labels_alone/hidden=[32,24]",
                  "/models/student/hidden=[32,24]",
                  "/stages/teach/epochs=2",
                  "/stages/labels_alone/epochs=1",
                  "/stages/distil/epochs=4",
                  "/threads=2"};

Words small_and(const Words &more) {
    Words all = small;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Outcome run(const Place &place, const std::string &output, const Words &settings) {
    return place.run_file(example / "hidden_pairs_quick.json", output, settings);
}

/// The column of a file of metrics.
std::vector<double> column(const fs::path &csv, const std::string &name) {
    std::istringstream lines(read_file(csv));
    std::vector<double> values;
    std::string line;
    std::ptrdiff_t place = -1;
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        std::string cell;
        for (std::ptrdiff_t index = 0; std::getline(cells, cell, ','); ++index) {
            if (place < 0 && cell == name)
                place = index;
            else if (index == place)
                values.push_back(std::stod(cell));
        }
    }
    return values;
}

double mean(const std::vector<double> &values, std::size_t first, std::size_t count) {
    double sum = 0.0;
    for (std::size_t i = first; i < first + count; ++i)
        sum += values.at(i) / static_cast<double>(count);
    return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(two_runs_of_pairs_of_different_widths_are_the_same_to_the_byte) {
    const Place place;
    for (const char *output : {"one", "two"}) {
        const Outcome outcome = run(place, output, small);
        BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    }
    std::size_t figures = 0;
    for (const char *folder : {"weights", "metrics", "figures"})
        for (const auto &entry : fs::directory_iterator(place.path("one") / folder)) {
            const std::string name = std::string(folder) + "/" + entry.path().filename().string();
            BOOST_TEST((read_file(entry.path()) == read_file(place.path("two") / name)), name << " differs");
            figures += contains(name, "distil.discriminator.") && contains(name, ".gnuplot") ? 1 : 0;
        }
    BOOST_TEST(figures == 2U); // each pair has its own
    const auto tensors = read_tensors(place.path("one/weights/student.last.safetensors"));
    BOOST_TEST(tensors.size() == 6U); // and no projection
}

BOOST_AUTO_TEST_CASE(each_pair_has_its_game_and_its_distributions_draw_near) {
    const Place place;
    BOOST_TEST_REQUIRE(
        run(place, "run", small_and({"/stages/distil/epochs=20", "/observers=[{\"type\": \"csv\"}]"})).exit_code == 0);
    const fs::path steps = place.path("run/metrics/distil.steps.csv");
    for (const char *loss : {"distribution_cross_entropy", "distribution_cross_entropy_2"}) {
        const std::vector<double> values = column(steps, loss);
        BOOST_TEST_REQUIRE(values.size() == 100U); // 500 examples in batches of 100
        BOOST_TEST(mean(values, 90, 10) < 0.95 * mean(values, 0, 1), loss);
    }
    for (const char *adversary : {"first", "second"})
        for (const char *side : {".d_teacher", ".d_student"}) {
            const std::vector<double> values = column(steps, std::string(adversary) + side);
            BOOST_TEST_REQUIRE(values.size() == 100U);
            BOOST_TEST(mean(values, 0, 1) != mean(values, 99, 1));
            BOOST_TEST(std::abs(mean(values, 90, 10) - 0.5) < 0.3, adversary << side);
        }
}

BOOST_AUTO_TEST_CASE(heads_and_losses_of_a_pair_are_swapped_by_settings) {
    const Place place;
    const std::string pairs = "/stages/distil/pairs/";
    const Words points{"/observers=[]", "/stages/distil/epochs=1", pairs + "first/teacher_head/type=point",
                       pairs + "first/student_head/type=point", "/stages/distil/losses/1/type=feature_mse"};
    BOOST_TEST(run(place, "points", small_and(points)).exit_code == 0);

    const Outcome infinite =
        run(place, "infinite", small_and({"/observers=[]", pairs + "second/student_head/type=point"}));
    BOOST_TEST(infinite.exit_code == 3);
    BOOST_TEST(contains(infinite.err, "/stages/2/losses/2: "), infinite.err);
    BOOST_TEST(contains(infinite.err, "infinite; allowed: a student's head with a spread"), infinite.err);

    const Words predictions{
        "/observers=[]", "/stages/distil/epochs=1",
        R"(/stages/distil/losses/1={"type": "distribution_cross_entropy", "between": "predictions"})"};
    BOOST_TEST(run(place, "predictions", small_and(predictions)).exit_code == 0);
}

BOOST_AUTO_TEST_SUITE_END()
