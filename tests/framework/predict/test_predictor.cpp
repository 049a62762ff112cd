// SPDX-License-Identifier: Apache-2.0

#include <retort/framework/predictor.hpp>
#include <retort/framework/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <sstream>
#include <support/allocations.hpp>
#include <support/example_files.hpp>
#include <support/fake_plan.hpp>

BOOST_AUTO_TEST_SUITE(test_predictor)

using namespace retort;
using framework::ErrorCode;
using framework::PredictionFormat;
using framework::Predictions;
using framework::Predictor;

namespace {

/// A plan whose model has logits (x_0 + 2 x_1, -x_0), by weights from a file.
struct Place {
    Place() {
        test::FakeModel model;
        const float w[] = {1.0F, 2.0F, -1.0F, 0.0F};
        std::copy(std::begin(w), std::end(w), model.arena.values(model.weight).begin());
        framework::write_safetensors(weights.file, model.parameters());
    }

    /// Example i is (i / 100, 1).
    [[nodiscard]] std::filesystem::path examples(std::size_t count, const std::string &name = "examples") const {
        std::vector<float> values;
        for (std::size_t i = 0; i < count; ++i)
            values.insert(values.end(), {static_cast<float>(i) / 100.0F, 1.0F});
        const std::string shape = "(" + std::to_string(count) + ", 2)";
        test::write_file(folder.path() / name, test::npy_bytes("<f4", shape, test::bytes_of(values)));
        return folder.path() / name;
    }

    [[nodiscard]] std::string text(Predictor &predictor, std::size_t count, std::size_t batch) const {
        std::string text;
        predictor.write({examples(count)}, PredictionFormat::csv, [&](std::string_view bytes) { text += bytes; },
                        {batch, {}});
        return text;
    }

    test::FakePlan fakes;
    test::TemporaryFolder folder;
    framework::WeightsFile weights{"net", "last", folder.path() / "net.safetensors"};
};

framework::Problem problem_of(const std::function<void()> &call, ErrorCode code) {
    try {
        call();
    } catch (const framework::Error &error) {
        BOOST_CHECK(error.code() == code);
        return error.problems().at(0);
    }
    return {"", "no error was thrown", "", ""};
}

} // namespace

BOOST_AUTO_TEST_CASE(inputs_in_memory_are_predicted_without_reading_the_dataset) {
    Place place;
    Predictor predictor(place.fakes.plan(), place.weights);
    BOOST_TEST(predictor.width() == 2U);
    BOOST_TEST(predictor.classes() == 2U);
    for (const std::size_t rows : {3U, 1U, 5U}) {
        std::vector<float> inputs;
        for (std::size_t i = 0; i < rows; ++i)
            inputs.insert(inputs.end(), {static_cast<float>(i) - 2.0F, 0.5F});
        const Predictions found = predictor.predict({inputs.data(), rows, 2, 2});
        BOOST_TEST_REQUIRE(found.labels.size() == rows);
        BOOST_TEST_REQUIRE(found.probabilities.rows == rows);
        for (std::size_t i = 0; i < rows; ++i) {
            const double difference = 2.0 * (static_cast<double>(i) - 2.0) + 1.0;
            const double p = 1.0 / (1.0 + std::exp(-difference));
            BOOST_TEST(found.labels[i] == (difference < 0 ? 1 : 0));
            BOOST_TEST(static_cast<double>(found.probabilities.row(i)[0]) == p, boost::test_tools::tolerance(1e-6));
            BOOST_TEST(static_cast<double>(found.entropies[i]) == -p * std::log(p) - (1 - p) * std::log(1 - p),
                       boost::test_tools::tolerance(1e-6));
        }
    }
    BOOST_TEST(predictor.predict({nullptr, 0, 2, 2}).labels.empty());
    BOOST_TEST(!place.fakes.data_was_loaded);
}

BOOST_AUTO_TEST_CASE(files_are_predicted_in_order_and_batches_of_any_size_say_the_same) {
    const Place place;
    test::FakePlan fakes;
    Predictor predictor(fakes.plan(), place.weights);
    const std::string expected = place.text(predictor, 10, 10);
    BOOST_TEST(expected.starts_with("index,label,probability_0,probability_1,entropy\n0,0,0.880797"), expected);
    BOOST_TEST(std::count(expected.begin(), expected.end(), '\n') == 11);
    for (const std::size_t batch : {1U, 3U, 5U, 256U})
        BOOST_TEST(place.text(predictor, 10, batch) == expected);
    BOOST_TEST(place.text(predictor, 0, 4) == "index,label,probability_0,probability_1,entropy\n");

    std::vector<std::uint64_t> firsts;
    std::size_t rows = 0;
    std::string progress;
    predictor.predict({place.examples(3, "a"), place.examples(4, "b")},
                      [&](const Predictions &batch) {
                          firsts.push_back(batch.first);
                          rows += batch.labels.size();
                      },
                      {2, [&](std::uint64_t done, std::uint64_t total) {
                           progress += std::to_string(done) + "/" + std::to_string(total) + " ";
                       }});
    BOOST_TEST(firsts == (std::vector<std::uint64_t>{0, 2, 4, 6}), boost::test_tools::per_element());
    BOOST_TEST(rows == 7U);
    BOOST_TEST(progress == "2/7 4/7 6/7 7/7 ");
}

BOOST_AUTO_TEST_CASE(a_file_is_written_whole_or_not_at_all) {
    const Place place;
    test::FakePlan fakes;
    Predictor predictor(fakes.plan(), place.weights);
    const std::filesystem::path output = place.folder.path() / "out.csv";
    predictor.write({place.examples(5)}, PredictionFormat::csv, output);
    const std::string whole = test::read_file(output);
    BOOST_TEST(whole == place.text(predictor, 5, 256));

    const auto bad = place.folder.path() / "bad";
    test::write_file(bad, test::npy_bytes("<f4", "(1, 2)", test::bytes_of({std::nanf(""), 1})));
    BOOST_TEST(problem_of(
                   [&] {
                       predictor.write({place.examples(900), bad}, PredictionFormat::csv, output);
                   },
                   ErrorCode::data)
                   .message == "example 0: number 0 is nan; allowed: finite numbers");
    BOOST_TEST(test::read_file(output) == whole);
    BOOST_TEST(!std::filesystem::exists(place.folder.path() / "out.csv.partial"));

    BOOST_TEST(problem_of([&] { predictor.write({place.examples(1)}, PredictionFormat::csv, place.folder.path()); },
                          ErrorCode::output)
                   .message == "is no regular file; allowed: a new file, or one to replace");
    BOOST_TEST(problem_of(
                   [&] {
                       predictor.write({place.examples(1)}, PredictionFormat::csv,
                                       place.folder.path() / "none" / "out.csv");
                   },
                   ErrorCode::output)
                   .message.starts_with("the file cannot be created"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_predicted_is_an_error) {
    Place place;
    const framework::Plan plan = place.fakes.plan();
    BOOST_TEST(problem_of(
                   [&] {
                       const Predictor other(plan, {"nett", "last", place.weights.file});
                   },
                   ErrorCode::usage)
                   .message == R"(there is no model "nett"; did you mean "net"? Available: net)");
    BOOST_TEST(problem_of(
                   [&] {
                       const Predictor other(plan, {"net", "last", place.folder.path() / "none"});
                   },
                   ErrorCode::data)
                   .message.starts_with("the file cannot be read"));
    Predictor predictor(plan, place.weights);
    const float numbers[3] = {};
    BOOST_TEST(problem_of(
                   [&] {
                       (void)predictor.predict({numbers, 1, 3, 3});
                   },
                   ErrorCode::usage)
                   .message == "the inputs have 3 columns, the model takes 2");
    BOOST_TEST(problem_of([&] { (void)place.text(predictor, 3, 0); }, ErrorCode::usage).message ==
               "the batch is 0; allowed: at least 1");
    const auto far = place.folder.path() / "far";
    test::write_file(far, test::npy_bytes("<f4", "(2, 2)", test::bytes_of({1, 1, 3e38F, 3e38F})));
    const auto drop = [](const Predictions &) {};
    BOOST_TEST(problem_of(
                   [&] {
                       predictor.predict({place.examples(3), far}, drop, {4, {}});
                   },
                   ErrorCode::data)
                   .message == "example 1: its logits are not all finite numbers");
    BOOST_TEST(problem_of(
                   [&] {
                       predictor.predict({place.examples(3)},
                                         [](const Predictions &) { throw std::runtime_error("mine"); });
                   },
                   ErrorCode::internal)
                   .message == "mine");
}

BOOST_AUTO_TEST_CASE(a_longer_file_allocates_no_more) {
    const Place place;
    test::FakePlan fakes;
    Predictor predictor(fakes.plan(), place.weights);
    std::size_t size = 0;
    const auto allocations_of = [&](std::size_t count) {
        const framework::ExampleFiles files{place.examples(count)};
        const std::size_t before = test::allocations();
        predictor.write(files, PredictionFormat::csv, [&](std::string_view bytes) { size += bytes.size(); }, {16, {}});
        return test::allocations() - before;
    };
    (void)allocations_of(160);
    const std::size_t few = allocations_of(160);
    BOOST_TEST(allocations_of(16000) <= few + 8); // lines grow by a few digits, and their buffers with them
}

BOOST_AUTO_TEST_CASE(latency_is_that_of_single_examples) {
    const Place place;
    test::FakePlan fakes;
    Predictor predictor(fakes.plan(), place.weights);
    const framework::Latency latency = predictor.latency({place.examples(2000)});
    BOOST_TEST(latency.examples == 1900U);
    BOOST_TEST(latency.median > 0.0);
    BOOST_TEST(latency.median <= latency.percentile_99);
    BOOST_TEST(latency.percentile_99 < 1.0);
    BOOST_TEST(predictor.latency({place.examples(1)}).examples == 1U);
    BOOST_TEST(problem_of([&] { (void)predictor.latency({place.examples(0)}); }, ErrorCode::usage).message ==
               "there are no examples to time");
}

BOOST_AUTO_TEST_SUITE_END()
