// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/json_text.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <charconv>
#include <cstring>
#include <framework/source/components/services.hpp>
#include <framework/source/files/npy.hpp>
#include <framework/source/predict/prediction_writer.hpp>
#include <limits>
#include <support/allocations.hpp>
#include <support/example_files.hpp>

BOOST_AUTO_TEST_SUITE(test_prediction_writer)

using namespace retort;
using framework::PredictionFormat;
using framework::Predictions;

namespace {

/// Three predictions among two classes, the first of them example 40.
struct Three {
    std::vector<std::int32_t> labels{1, 0, 0};
    std::vector<float> probabilities{0.1F, 0.9F, 1.0F, 1e-30F, 0.5F, 0.5F};
    std::vector<float> entropies{0.325083F, 0.0F, 0.6931472F};

    [[nodiscard]] Predictions view() const {
        return {40, labels, {probabilities.data(), labels.size(), 2, 2}, entropies};
    }
};

std::string written(PredictionFormat format, const Predictions &batch, std::size_t threads) {
    framework::RunLog log({});
    framework::RunServices services(threads, log);
    framework::PredictionWriter writer(format, 2, services);
    std::string text = writer.head(3);
    writer.write(batch, [&](std::string_view bytes) { text += bytes; });
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(csv_is_a_line_an_example_by_any_number_of_threads) {
    for (const std::size_t threads : {1U, 2U, 3U, 7U})
        BOOST_TEST(written(PredictionFormat::csv, Three().view(), threads) ==
                   "index,label,probability_0,probability_1,entropy\n"
                   "40,1,0.1,0.9,0.325083\n"
                   "41,0,1,1e-30,0\n"
                   "42,0,0.5,0.5,0.6931472\n");
}

BOOST_AUTO_TEST_CASE(json_is_an_object_a_line) {
    const std::string text = written(PredictionFormat::jsonl, Three().view(), 2);
    BOOST_TEST(text.substr(0, text.find('\n')) ==
               R"({"index":40,"label":1,"probabilities":[0.1,0.9],"entropy":0.325083})");
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1, ++lines) {
        const auto object = boost::json::parse(text.substr(at, text.find('\n', at) - at));
        BOOST_TEST(object.at("index").as_int64() == static_cast<std::int64_t>(40 + lines));
    }
    BOOST_TEST(lines == 3U);
}

BOOST_AUTO_TEST_CASE(npy_is_a_record_an_example) {
    const Three three;
    const std::string bytes = written(PredictionFormat::npy, three.view(), 2);
    const std::string head =
        framework::npy_header("[('label', '<i4'), ('entropy', '<f4'), ('probabilities', '<f4', (2,))]", 3);
    BOOST_TEST(bytes.starts_with(head));
    BOOST_TEST_REQUIRE(bytes.size() == head.size() + 3 * 16);
    for (std::size_t row = 0; row < 3; ++row) {
        const char *record = bytes.data() + head.size() + 16 * row;
        BOOST_TEST(std::memcmp(record, &three.labels[row], 4) == 0);
        BOOST_TEST(std::memcmp(record + 4, &three.entropies[row], 4) == 0);
        BOOST_TEST(std::memcmp(record + 8, &three.probabilities[2 * row], 8) == 0);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_read_as_the_values_that_were_written) {
    Three numbers;
    numbers.probabilities = {1.0F / 3.0F, std::numeric_limits<float>::denorm_min(),
                             0.1F + 0.2F, 1.17549435e-38F,
                             0.99999994F, 5.9604645e-8F};
    const std::string text = written(PredictionFormat::csv, numbers.view(), 1);
    std::size_t at = text.find('\n') + 1;
    for (std::size_t row = 0; row < 3; ++row) {
        at = text.find(',', text.find(',', at) + 1) + 1; // behind index and label
        for (std::size_t c = 0; c < 2; ++c) {
            float value = 0.0F;
            std::from_chars(text.data() + at, text.data() + text.size(), value);
            BOOST_TEST(value == numbers.probabilities[2 * row + c]);
            at = text.find(',', at) + 1;
        }
        at = text.find('\n', at) + 1;
    }
}

BOOST_AUTO_TEST_CASE(a_steady_batch_allocates_nothing) {
    framework::RunLog log({});
    framework::RunServices services(2, log);
    const Three three;
    for (const PredictionFormat format : {PredictionFormat::csv, PredictionFormat::jsonl, PredictionFormat::npy}) {
        framework::PredictionWriter writer(format, 2, services);
        std::size_t size = 0;
        const framework::Predictor::Sink count = [&](std::string_view bytes) { size += bytes.size(); };
        writer.write(three.view(), count);
        const std::size_t before = test::allocations();
        writer.write(three.view(), count);
        BOOST_TEST(test::allocations() == before);
    }
}

BOOST_AUTO_TEST_SUITE_END()
