// SPDX-License-Identifier: Apache-2.0
#include "distilled.hpp"
#include "tensors.hpp"

#include <boost/json/value_to.hpp>

#include <algorithm>
#include <cmath>
#include <plugins/datasets/idx/idx_file.hpp>
#include <set>
#include <sstream>

BOOST_AUTO_TEST_SUITE(test_distillation)

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

bool gnuplot_is_there() {
    const TemporaryFolder anywhere;
    return Process({"/bin/sh", "-c", "command -v gnuplot"}, anywhere.path()).wait().exit_code == 0;
}

std::vector<std::size_t> hidden_of(const json::value &manifest, const std::string &model) {
    return json::value_to<std::vector<std::size_t>>(manifest.at("models").at(model).at("hidden"));
}

/// The first column, checked to count 1, 2, ...; every row as wide as the header.
std::size_t rows_of(const fs::path &csv, const std::string &counter) {
    std::istringstream in(read_file(csv));
    std::string line;
    std::getline(in, line);
    BOOST_TEST(line.starts_with(counter + ","));
    const auto commas = std::count(line.begin(), line.end(), ',');
    std::size_t rows = 0;
    while (std::getline(in, line)) {
        ++rows;
        BOOST_TEST(line.starts_with(std::to_string(rows) + ","));
        BOOST_TEST(std::count(line.begin(), line.end(), ',') == commas);
    }
    return rows;
}

/// Logits of one image by plain loops over tensors named like a PyTorch state_dict: x -> relu(W x + b) -> ... -> W x +
/// b.
std::vector<double> logits_of(const std::map<std::string, Tensor> &tensors, std::vector<double> x) {
    const std::size_t layers = tensors.size() / 2;
    for (std::size_t layer = 0; layer < layers; ++layer) {
        const Tensor &weight = tensors.at("layers." + std::to_string(layer) + ".weight");
        const Tensor &bias = tensors.at("layers." + std::to_string(layer) + ".bias");
        std::vector<double> y(bias.values.begin(), bias.values.end());
        for (std::size_t out = 0; out < y.size(); ++out) {
            for (std::size_t in = 0; in < x.size(); ++in)
                y[out] += static_cast<double>(weight.values[out * x.size() + in]) * x[in];
            if (layer + 1 < layers)
                y[out] = std::max(y[out], 0.0);
        }
        x = std::move(y);
    }
    return x;
}

struct Score {
    double errors = 0.0;
    double nll = 0.0;
};

/// Errors and mean negative log-likelihood on the test images, read from their files.
Score score(const std::map<std::string, Tensor> &tensors) {
    const auto images = dataset_idx::IdxFile(example / "data" / "t10k-images-idx3-ubyte", 3, "").read();
    const auto labels = dataset_idx::IdxFile(example / "data" / "t10k-labels-idx1-ubyte", 1, "").read();
    Score total;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        std::vector<double> pixels(784);
        std::transform(images.begin() + static_cast<std::ptrdiff_t>(784 * i),
                       images.begin() + static_cast<std::ptrdiff_t>(784 * (i + 1)), pixels.begin(),
                       [](std::uint8_t pixel) { return pixel / 255.0; });
        const std::vector<double> logits = logits_of(tensors, pixels);
        double sum = 0.0;
        for (const double logit : logits)
            sum += std::exp(logit);
        total.nll += (std::log(sum) - logits[labels[i]]) / static_cast<double>(labels.size());
        total.errors += std::max_element(logits.begin(), logits.end()) - logits.begin() == labels[i] ? 0.0 : 1.0;
    }
    return total;
}

} // namespace

BOOST_AUTO_TEST_CASE(all_three_models_learn) {
    const json::value result = distilled().result("first");
    check_accuracy(result);
    BOOST_TEST(result.at("reports").as_array().size() == 6U);
}

BOOST_AUTO_TEST_CASE(the_run_directory_is_complete_and_holds_nothing_else) {
    const Place &place = distilled();
    std::set<std::string> expected{"log.txt", "manifest.json", "report.csv", "result.json"};
    const bool drawn = gnuplot_is_there();
    for (const auto &[stage, model] : std::map<std::string, std::string>{
             {"teach", "teacher"}, {"labels_alone", "labels_alone"}, {"distil", "student"}}) {
        std::vector<std::string> figures{stage + ".accuracy"};
        if (stage == "distil")
            figures.push_back("distil.discriminator.main");
        for (const char *kind : {".steps.csv", ".epochs.csv"})
            expected.insert("metrics/" + stage + kind);
        for (const char *kind : {".last", ".selected"}) {
            expected.insert("weights/" + model + kind + ".safetensors");
            expected.insert("report/" + model + kind + ".reliability.csv");
            figures.push_back(model + kind + ".reliability");
        }
        for (const std::string &figure : figures)
            for (const char *kind : {".gnuplot", ".svg", ".png"})
                if (drawn || std::string(kind) == ".gnuplot")
                    expected.insert("figures/" + figure + kind);
    }
    std::set<std::string> found;
    for (const auto &entry : fs::recursive_directory_iterator(place.path("first")))
        if (entry.is_regular_file() && entry.path().filename() != ".retort-run.json" &&
            entry.path().parent_path().filename() != "checkpoints") {
            BOOST_TEST(entry.file_size() > 0U);
            found.insert(fs::relative(entry.path(), place.path("first")).string());
        }
    BOOST_TEST(found == expected, boost::test_tools::per_element());
    for (const char *stage : {"teach", "labels_alone", "distil"})
        BOOST_TEST(fs::exists(place.path("first/checkpoints") / (std::string(stage) + ".json")));
    const auto listed = json::value_to<std::set<std::string>>(place.result("first").at("files"));
    BOOST_TEST(listed == expected, boost::test_tools::per_element());
    if (drawn) {
        BOOST_TEST(read_file(place.path("first/figures/distil.discriminator.main.png")).starts_with("\x89PNG"));
        BOOST_TEST(contains(read_file(place.path("first/figures/distil.discriminator.main.svg")), "</svg>"));
    }
}

BOOST_AUTO_TEST_CASE(metrics_have_a_row_a_step_and_a_row_an_epoch) {
    const Place &place = distilled();
    const json::value manifest = read_json(place.path("first/manifest.json"));
    const auto train = 4000 - manifest.at("data").at("mnist").at("validation").to_number<std::size_t>();
    for (const json::value &stage : manifest.at("stages").as_array())
        BOOST_TEST_CONTEXT(stage.at("name")) {
            const std::string metrics = "first/metrics/" + std::string(stage.at("name").as_string());
            const auto epochs = stage.at("epochs").to_number<std::size_t>();
            const auto batch = stage.at("batch").to_number<std::size_t>();
            BOOST_TEST(rows_of(place.path(metrics + ".epochs.csv"), "epoch") == epochs);
            BOOST_TEST(rows_of(place.path(metrics + ".steps.csv"), "step") == epochs * ((train + batch - 1) / batch));
        }
}

BOOST_AUTO_TEST_CASE(plugins_are_named_with_file_and_version) {
    const json::value result = distilled().result("first");
    const fs::path folder = fs::path(RETORT_COMMAND).parent_path().parent_path() / "lib" / "retort" / "plugins";
    for (const char *name : {"dataset_idx", "model_mlp", "discriminator_paired", "objectives", "observer_csv"}) {
        const json::value &plugin = find(result.at("plugins"), {{"name", name}});
        BOOST_TEST(plugin.at("version").as_string() == "0.1.0");
        BOOST_TEST(fs::equivalent(std::string(plugin.at("file").as_string()), folder / (std::string(name) + ".so")));
        BOOST_TEST(plugin.at("sha256").as_string().size() == 64U);
    }
}

BOOST_AUTO_TEST_CASE(weights_are_named_and_laid_out_like_a_state_dict) {
    const Place &place = distilled();
    const json::value manifest = read_json(place.path("first/manifest.json"));
    for (const char *model : {"teacher", "labels_alone", "student"})
        for (const char *weights : {"last", "selected"})
            BOOST_TEST_CONTEXT(model << ", " << weights) {
                const auto tensors =
                    read_tensors(place.path("first/weights") / (std::string(model) + "." + weights + ".safetensors"));
                std::vector<std::size_t> widths = hidden_of(manifest, model);
                widths.insert(widths.begin(), 784);
                widths.push_back(10);
                BOOST_TEST_REQUIRE(tensors.size() == 2 * (widths.size() - 1)); // no head, no discriminator, no moments
                for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer) {
                    const std::string name = "layers." + std::to_string(layer);
                    BOOST_TEST((tensors.at(name + ".weight").shape ==
                                std::vector<std::size_t>{widths[layer + 1], widths[layer]}));
                    BOOST_TEST((tensors.at(name + ".bias").shape == std::vector<std::size_t>{widths[layer + 1]}));
                }
            }
}

BOOST_AUTO_TEST_CASE(the_report_is_what_plain_loops_make_of_the_written_files) {
    const Place &place = distilled();
    const json::value result = place.result("first");
    for (const char *model : {"teacher", "student"})
        for (const char *weights : {"last", "selected"})
            BOOST_TEST_CONTEXT(model << ", " << weights) {
                const json::value &report = report_of(result, model, weights);
                const Score expected = score(
                    read_tensors(place.path("first/weights") / (std::string(model) + "." + weights + ".safetensors")));
                BOOST_TEST(std::abs(report.at("errors").to_number<double>() - expected.errors) <= 1.0); // a near tie
                BOOST_TEST(std::abs(report.at("nll").to_number<double>() - expected.nll) < 1e-5);
            }
}

BOOST_AUTO_TEST_SUITE_END()
