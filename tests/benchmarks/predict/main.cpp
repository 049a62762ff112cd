// SPDX-License-Identifier: Apache-2.0
// How fast a student 784-800-800-10 predicts images from files, beside the bare matrix products of it.
// usage: benchmark_predict ROUNDS BATCH RETORT PLUGINS DATA     DATA: a folder of MNIST's four files
// Prints rows of a Markdown table. Each round times everything once, in turn.
#include "../boundary/spread.hpp"
#include "products.hpp"

#include <retort/framework/loader.hpp>
#include <retort/framework/predictor.hpp>
#include <retort/framework/run.hpp>
#include <retort/framework/safetensors.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <support/temporary_folder.hpp>

namespace fs = std::filesystem;
namespace framework = retort::framework;
using framework::PredictionFormat;
using retort::sdk::Split;

namespace {

const std::vector<std::size_t> widths{784, 800, 800, 10};

/// Plan, weights, and the images in several forms, in a folder of its own.
class Place {
  public:
    Place(const fs::path &plugins, const fs::path &data) {
        const std::string directory = fs::absolute(data).string();
        retort::test::write_file(
            manifest(), R"({"format": 1, "data": {"mnist": {"type": "idx", "directory": ")" + directory +
                            R"(", "validation": 0}}, "models": {"student": {"type": "mlp", "hidden": [800, 800]}},
                                                 "stages": []})");
        framework::load_plugins(registry_, {plugins});
        plan_ = framework::read_plan(framework::Manifest::read(manifest()), registry_);
        framework::Run run(*plan_, {});
        run.start();
        framework::write_safetensors(weights().file, run.model("student").parameters());
        write_images(run.dataset("mnist"));
    }

    [[nodiscard]] const framework::Plan &plan() const { return *plan_; }

    [[nodiscard]] framework::WeightsFile weights() const { return {"student", "last", path("student.safetensors")}; }

    [[nodiscard]] fs::path manifest() const { return path("manifest.json"); }

    [[nodiscard]] fs::path path(const std::string &name) const { return folder_.path() / name; }

    [[nodiscard]] std::size_t images() const { return images_; }

  private:
    /// The training images, as numbers, and as bytes in NPY, IDX and IDX packed.
    void write_images(const retort::sdk::Dataset &dataset) {
        images_ = dataset.size(Split::train);
        write_floats(dataset);
        write_bytes(dataset);
        const std::string packing = "gzip -1 -k " + path("bytes.idx").string();
        if (std::system(packing.c_str()) != 0) // NOLINT(cert-env33-c,concurrency-mt-unsafe)
            throw std::runtime_error("gzip does not run");
    }

    [[nodiscard]] std::string npy_header(const std::string &type) const {
        std::string text =
            "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + std::to_string(images_) + ", 784), }";
        text.resize(117, ' ');
        return "\x93NUMPY" + std::string({'\1', '\0', 118, '\0'}) + text + "\n";
    }

    /// Of unsigned bytes, [images, 784].
    [[nodiscard]] std::string idx_header() const {
        std::string text{'\0', '\0', '\b', '\2'};
        for (const std::size_t extent : {images_, widths[0]})
            for (const unsigned shift : {24U, 16U, 8U, 0U})
                text += static_cast<char>(static_cast<unsigned char>(extent >> shift));
        return text;
    }

    void write_floats(const retort::sdk::Dataset &dataset) const {
        std::ofstream floats(path("floats.npy"), std::ios::binary);
        floats << npy_header("<f4");
        for_each_image(dataset, [&](std::span<const float> image) {
            floats.write(reinterpret_cast<const char *>(image.data()),
                         static_cast<std::streamsize>(image.size_bytes()));
        });
    }

    void write_bytes(const retort::sdk::Dataset &dataset) const {
        std::ofstream npy(path("bytes.npy"), std::ios::binary);
        std::ofstream idx(path("bytes.idx"), std::ios::binary);
        npy << npy_header("|u1");
        idx << idx_header();
        for_each_image(dataset, [&](std::span<const float> image) {
            for (const float input : image) {
                const auto byte = static_cast<char>(static_cast<unsigned char>(input * 255.0F + 0.5F));
                npy.put(byte);
                idx.put(byte);
            }
        });
    }

    template <class Take> void for_each_image(const retort::sdk::Dataset &dataset, Take &&take) const {
        std::vector<float> inputs(widths[0]);
        for (std::uint64_t i = 0; i < images_; ++i) {
            dataset.read(Split::train, {&i, 1}, {inputs.data(), 1, widths[0], widths[0]}, {});
            take(std::span<const float>(inputs));
        }
    }

    retort::test::TemporaryFolder folder_;
    framework::Registry registry_;
    std::optional<framework::Plan> plan_;
    std::size_t images_ = 0;
};

/// Something that is timed in every round.
struct Contestant {
    std::string name;
    std::function<void()> run; ///< all images once
    std::vector<double> rates = {};
};

double seconds_of(const std::function<void()> &call) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<Contestant> contestants(Place &place, framework::Predictor &predictor, std::size_t batch,
                                    const fs::path &retort) {
    const std::size_t rest = place.images() % batch;
    auto products = std::make_shared<retort::benchmark::Products>(batch, widths);
    auto last = std::make_shared<retort::benchmark::Products>(std::max<std::size_t>(rest, 1), widths);
    std::vector<Contestant> all{{"bare matrix products", [=, &place] {
                                     for (std::size_t i = 0; i < place.images() / batch; ++i)
                                         (*products)();
                                     if (rest > 0)
                                         (*last)();
                                 }}};
    const auto add = [&](const std::string &input, PredictionFormat format) {
        all.push_back({input + " to " + std::string(name_of(format)), [=, &place, &predictor] {
                           std::ofstream out(place.path("out"), std::ios::binary);
                           predictor.write({place.path(input)}, format,
                                           [&](std::string_view bytes) {
                                               out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
                                           },
                                           {batch, {}});
                       }});
    };
    for (const PredictionFormat format : {PredictionFormat::npy, PredictionFormat::csv, PredictionFormat::jsonl})
        add("bytes.npy", format);
    for (const char *input : {"floats.npy", "bytes.idx", "bytes.idx.gz"})
        add(input, PredictionFormat::npy);
    const std::string command = retort.string() + " predict " + place.weights().file.string() + " " +
                                place.path("bytes.npy").string() + " --manifest " + place.manifest().string() +
                                " --format npy --batch " + std::to_string(batch) + " >" + place.path("out").string();
    all.push_back({"the whole command, bytes.npy to npy", [command] {
                       if (std::system(command.c_str()) != 0) // NOLINT(cert-env33-c,concurrency-mt-unsafe)
                           throw std::runtime_error("failed: " + command);
                   }});
    return all;
}

/// Of what both did in the same round; the first of all are the bare products.
std::vector<double> of_products(const std::vector<Contestant> &all, const Contestant &contestant) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < contestant.rates.size(); ++round)
        ratios.push_back(contestant.rates[round] / all.front().rates[round]);
    return ratios;
}

void print_rates(const std::vector<Contestant> &all, std::size_t batch) {
    using retort::benchmark::spread_of;
    using retort::benchmark::text_of;
    for (const Contestant &contestant : all)
        std::printf("| %s | %zu | %s | %s |\n", contestant.name.c_str(), batch,
                    text_of(spread_of(contestant.rates), 0).c_str(),
                    text_of(spread_of(of_products(all, contestant)), 3).c_str());
}

void print_latency(const framework::Latency &latency) {
    std::printf("| one image alone | 1 | median %.3f ms, 99th percentile %.3f ms | |\n", latency.median * 1e3,
                latency.percentile_99 * 1e3);
}

} // namespace

int main(int count, char **values) try {
    if (count != 6)
        throw std::invalid_argument("usage: benchmark_predict ROUNDS BATCH RETORT PLUGINS DATA");
    const std::size_t batch = std::stoul(values[2]);
    Place place(values[4], values[5]);
    framework::Predictor predictor(place.plan(), place.weights());
    std::vector<Contestant> all = contestants(place, predictor, batch, values[3]);
    for (unsigned long round = 0; round <= std::stoul(values[1]); ++round)
        for (Contestant &contestant : all) {
            const double seconds = seconds_of(contestant.run);
            if (round > 0) // the first one warms up
                contestant.rates.push_back(static_cast<double>(place.images()) / seconds);
        }
    print_rates(all, batch);
    print_latency(predictor.latency({place.path("bytes.npy")}));
} catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
