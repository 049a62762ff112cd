// SPDX-License-Identifier: Apache-2.0
// The numbers of the final report beside what its files and `retort predict` say.
#include "tiny.hpp"

#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <sstream>

BOOST_AUTO_TEST_SUITE(test_report)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::uint32_t noise_size = 300;

/// An IDX file of unsigned bytes: noise, or labels of class 0.
std::string idx(std::initializer_list<std::uint32_t> extents, std::size_t size, std::uint64_t values) {
    std::string bytes{0, 0, 8, static_cast<char>(extents.size())};
    for (const std::uint32_t extent : extents)
        for (const int shift : {24, 16, 8, 0})
            bytes += static_cast<char>(extent >> shift & 0xFFU);
    for (std::size_t i = 0; i < size; ++i)
        bytes += static_cast<char>(sdk::Random{41}.below(i, values));
    return bytes;
}

void write_noise(const fs::path &folder) {
    fs::create_directory(folder);
    for (const char *split : {"train", "t10k"}) {
        write_file(folder / (std::string(split) + "-images-idx3-ubyte"),
                   idx({noise_size, 28, 28}, noise_size * 28 * 28, 256));
        write_file(folder / (std::string(split) + "-labels-idx1-ubyte"), idx({noise_size}, noise_size, 1));
    }
}

/// A tiny run whose report, made anew, says all that it can.
const Place &reported() {
    static const Place place;
    static const Outcome outcome = [] {
        write_noise(place.path("noise"));
        const Outcome first = place.run("run", tiny());
        return first.exit_code != 0
                   ? first
                   : place.run("run", tiny({R"(/data/noise={"type": "idx", "validation": 0, "directory": ")" +
                                                place.path("noise").string() + "\"}",
                                            R"(/report={"out_of_distribution": ["noise"], "predictions": true})"}));
    }();
    if (outcome.exit_code != 0)
        throw std::runtime_error(outcome.err);
    BOOST_TEST_REQUIRE(contains(outcome.out, "AUROC of entropy"));
    BOOST_TEST_REQUIRE(contains(outcome.out, "(noise)"));
    return place;
}

/// The rows of a table, without its header; cells that are empty are 0.
std::vector<std::vector<double>> rows_of(const std::string &table) {
    std::vector<std::vector<double>> rows;
    std::istringstream lines(table);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        rows.emplace_back();
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');)
            rows.back().push_back(cell.empty() ? 0.0 : std::stod(cell));
    }
    return rows;
}

std::vector<std::vector<double>> rows_in(const std::string &name) {
    return rows_of(read_file(reported().path("run/report") / name));
}

const json::value &report_of(const char *model, const char *weights) {
    static const json::value result = reported().result("run");
    return find(result.at("reports"), {{"model", model}, {"weights", weights}});
}

/// Entropies that `retort predict` gives of the images in a file, by the run "run".
std::vector<double> entropies(const Place &place, const char *model, const fs::path &images) {
    const Outcome outcome =
        Process({RETORT_COMMAND, "predict", "run", images.string(), "--model", model}, place.path(".")).wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    std::vector<double> result;
    for (const std::vector<double> &row : rows_of(outcome.out))
        result.push_back(row.back());
    return result;
}

/// Of each model of the run "run", last weights: the AUROC of `data`, whose `count` test images are in a file, is what
/// all pairs of entropies say.
void check_detection(const Place &place, const std::string &data, const fs::path &images, std::size_t count) {
    const json::value result = place.result("run");
    for (const char *model : {"teacher", "labels_alone", "student"})
        BOOST_TEST_CONTEXT(model << ", " << data) {
            const std::vector<double> own = entropies(place, model, example / "data/t10k-images-idx3-ubyte.gz");
            const std::vector<double> others = entropies(place, model, images);
            BOOST_TEST_REQUIRE(others.size() == count);
            double wins = 0.0;
            for (const double low : own)
                for (const double high : others)
                    wins += high > low ? 1.0 : high == low ? 0.5 : 0.0;
            const double expected = wins / static_cast<double>(own.size() * others.size());
            const json::value &report = find(result.at("reports"), {{"model", model}, {"weights", "last"}});
            const auto found = report.at("auroc").at(data).to_number<double>();
            BOOST_TEST(std::abs(found - expected) < 1e-4, found << ", expected " << expected); // entropies in float
        }
}

const fs::path fashion = "/usr/share/datasets/fashion-mnist"; // of Debian's package

constexpr std::pair<const char *, const char *> all_weights[] = {{"teacher", "last"},      {"teacher", "selected"},
                                                                 {"labels_alone", "last"}, {"labels_alone", "selected"},
                                                                 {"student", "last"},      {"student", "selected"}};

} // namespace

BOOST_AUTO_TEST_CASE(a_report_that_says_more_trains_nothing_again) {
    const std::string log = read_file(reported().path("run/log.txt"));
    for (const char *stage : {"teach", "labels_alone", "distil"})
        BOOST_TEST(contains(log, "stage " + std::string(stage) + " is unchanged, and loaded"));
}

BOOST_AUTO_TEST_CASE(predictions_are_those_that_were_counted) {
    for (const auto &[model, weights] : all_weights)
        BOOST_TEST_CONTEXT(model << ", " << weights) {
            const json::value &report = report_of(model, weights);
            const auto rows = rows_in(std::string(model) + "." + weights + ".predictions.csv");
            const double temperature = report.at("temperature").to_number<double>();
            std::size_t errors = 0;
            double nll = 0.0;
            double scaled_nll = 0.0;
            for (const std::vector<double> &row : rows) {
                const std::vector<double> probabilities(row.begin() + 3, row.end());
                BOOST_TEST_REQUIRE(probabilities.size() == 10U);
                errors += row[1] == row[2] ? 0 : 1;
                double sum = 0.0;
                for (const double probability : probabilities)
                    sum += std::pow(probability, 1.0 / temperature);
                const double log_probability = std::log(probabilities[static_cast<std::size_t>(row[1])]);
                nll -= log_probability / static_cast<double>(rows.size());
                scaled_nll -= (log_probability / temperature - std::log(sum)) / static_cast<double>(rows.size());
            }
            BOOST_TEST(rows.size() == report.at("size").to_number<std::size_t>());
            BOOST_TEST(errors == report.at("errors").to_number<std::size_t>());
            BOOST_TEST(nll == report.at("nll").to_number<double>(), boost::test_tools::tolerance(1e-5));
            BOOST_TEST(scaled_nll == report.at("scaled_nll").to_number<double>(), boost::test_tools::tolerance(1e-5));
        }
}

BOOST_AUTO_TEST_CASE(bins_add_up_to_the_calibration_errors) {
    for (const auto &[model, weights] : all_weights)
        BOOST_TEST_CONTEXT(model << ", " << weights) {
            const json::value &report = report_of(model, weights);
            const auto size = report.at("size").to_number<double>();
            const auto bins = rows_in(std::string(model) + "." + weights + ".reliability.csv");
            BOOST_TEST_REQUIRE(bins.size() == 15U);
            for (const auto &[first, name] : {std::pair{std::size_t{2}, "ece"}, {std::size_t{5}, "scaled_ece"}}) {
                double count = 0.0;
                double ece = 0.0;
                for (std::vector<double> bin : bins) {
                    bin.resize(8); // without the empty cells at its end
                    count += bin[first];
                    ece += bin[first] / size * std::abs(bin[first + 1] - bin[first + 2]);
                }
                BOOST_TEST(count == size);
                BOOST_TEST(ece == report.at(name).to_number<double>(), boost::test_tools::tolerance(1e-9));
            }
        }
}

BOOST_AUTO_TEST_CASE(noise_is_told_from_digits_as_the_entropies_of_predictions_say) {
    check_detection(reported(), "noise", reported().path("noise/t10k-images-idx3-ubyte"), noise_size);
    const std::string table = read_file(reported().path("run/report.csv"));
    BOOST_TEST(table.substr(0, table.find('\n')).ends_with(",scaled_ece,auroc.noise"));
}

BOOST_AUTO_TEST_CASE(clothes_are_told_from_digits_likewise,
                     *boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
                         return boost::test_tools::assertion_result(fs::is_directory(fashion));
                     })) {
    const Place place;
    const std::string data =
        R"(/data/fashion={"type": "idx", "train_images": "", "directory": ")" + fashion.string() + "\"}";
    const Outcome outcome = place.run("run", tiny({data, R"(/report/out_of_distribution=["fashion"])"}));
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    check_detection(place, "fashion", fashion / "t10k-images-idx3-ubyte.gz", 10000);
}

BOOST_AUTO_TEST_CASE(it_can_be_had_again) {
    const Outcome outcome = Process({RETORT_COMMAND, "evaluate", "run", "--json"}, reported().path(".")).wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    const json::value again = json::parse(outcome.out);
    for (const auto &[model, weights] : all_weights)
        for (const char *number : {"temperature", "scaled_nll", "scaled_brier", "scaled_ece", "auroc"})
            BOOST_TEST(find(again, {{"model", model}, {"weights", weights}}).at(number) ==
                       report_of(model, weights).at(number));
}

BOOST_AUTO_TEST_SUITE_END()
