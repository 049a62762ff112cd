// SPDX-License-Identifier: Apache-2.0
#include "tiny.hpp"

#include <boost/test/unit_test.hpp>

#include <plugins/datasets/idx/idx_file.hpp>
#include <regex>
#include <sstream>
#include <support/example_files.hpp>
#include <thread>

BOOST_AUTO_TEST_SUITE(test_predict)

using namespace retort::test;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

const std::string images_file = (example / "data/t10k-images-idx3-ubyte.gz").string();

std::string elements_of(const char *name, std::size_t dimensions) {
    const auto bytes = retort::dataset_idx::IdxFile(example / "data" / name, dimensions, "/").read();
    return {bytes.begin(), bytes.end()};
}

const std::string &images() {
    static const std::string bytes = elements_of("t10k-images-idx3-ubyte", 3);
    return bytes;
}

/// The images as the dataset of the example scales them.
std::string scaled_images() {
    std::vector<float> values;
    for (const char pixel : images())
        values.push_back(static_cast<float>(static_cast<unsigned char>(pixel)) * (1.0F / 255.0F));
    return bytes_of(values);
}

Words predict_words(Words words) {
    words.insert(words.begin(), {RETORT_COMMAND, "predict"});
    return words;
}

Outcome predict(const Place &place, const Words &words) {
    return Process(predict_words(words), place.path(".")).wait();
}

Outcome shell(const Place &place, const std::string &line) {
    return Process({"/bin/bash", "-c", line}, place.path(".")).wait();
}

/// What the test images are taken for, by the student.
std::string predicted(const Place &place, const Words &more = {}) {
    Words words{"tiny", images_file, "--model", "student"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = predict(place, words);
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(outcome.err.empty(), outcome.err);
    return outcome.out;
}

/// Rows of CSV whose second column is not the label.
std::int64_t errors_in(const std::string &csv) {
    const std::string labels = elements_of("t10k-labels-idx1-ubyte", 1);
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    std::int64_t errors = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        BOOST_TEST_REQUIRE(!!std::getline(lines, line));
        const std::string begin = std::to_string(i) + "," + std::to_string(labels[i]) + ",";
        errors += line.starts_with(begin) ? 0 : 1;
        BOOST_TEST_REQUIRE(line.starts_with(std::to_string(i) + ","));
    }
    BOOST_TEST(!std::getline(lines, line));
    return errors;
}

/// Peak memory in KiB.
long peak_of(const Place &place, Words words) {
    words = predict_words(words);
    words.insert(words.begin(), {RETORT_PYTHON, "-c",
                                 "import resource, subprocess, sys\n"
                                 "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
                                 "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"});
    const Outcome outcome = Process(words, place.path(".")).wait();
    BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
    return std::stol(outcome.out);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_model_makes_the_errors_that_evaluate_counts) {
    const Place &place = tiny_place();
    const json::value result = place.result("tiny");
    for (const json::value &report : result.at("reports").as_array()) {
        const std::string model(report.at("model").as_string());
        const std::string weights(report.at("weights").as_string());
        const Outcome outcome = predict(place, {"tiny", images_file, "--model", model, "--weights", weights});
        BOOST_TEST_REQUIRE(outcome.exit_code == 0, outcome.err);
        BOOST_TEST(errors_in(outcome.out) == report.at("errors").as_int64(), model << ' ' << weights);
        const std::string file = "tiny/weights/" + model + "." + weights + ".safetensors";
        BOOST_TEST(predict(place, {file, images_file}).out == outcome.out);
    }
}

BOOST_AUTO_TEST_CASE(the_same_images_in_any_form_are_predicted_to_the_same_bytes) {
    const Place &place = tiny_place();
    const std::string expected = predicted(place);
    const std::string count = std::to_string(images().size() / 784);
    write_file(place.path("bytes.npy"), npy_bytes("|u1", "(" + count + ", 28, 28)", images()));
    write_file(place.path("flat.npy"), npy_bytes("|u1", "(" + count + ", 784)", images()));
    write_file(place.path("floats.npy"), npy_bytes("<f4", "(" + count + ", 784)", scaled_images()));
    for (const char *file : {"bytes.npy", "flat.npy", "floats.npy"})
        BOOST_TEST(predict(place, {"tiny", file, "--model", "student"}).out == expected, file);
    const std::string command = std::string(RETORT_COMMAND) + " predict tiny - --model student";
    BOOST_TEST(shell(place, "gzip -dc " + images_file + " | " + command).out == expected);
    BOOST_TEST(shell(place, command + " < floats.npy").out == expected);
    const std::string twice = predict(place, {"tiny", images_file, "bytes.npy", "--model", "student"}).out;
    BOOST_TEST(std::count(twice.begin(), twice.end(), '\n') == 2 * std::stol(count) + 1);
    BOOST_TEST(twice.starts_with(expected));
}

BOOST_AUTO_TEST_CASE(numpy_loads_what_is_written_and_writes_what_is_read) {
    const Place &place = tiny_place();
    write_file(place.path("expected.csv"), predicted(place));
    (void)predicted(place, {"--output", "out.npy"});
    (void)predicted(place, {"--output", "out.jsonl"});
    write_file(place.path("stdout.npy"), predicted(place, {"--format", "npy"}));
    BOOST_TEST((read_file(place.path("stdout.npy")) == read_file(place.path("out.npy"))));
    write_file(place.path("compare.py"), R"(
import json, numpy
out = numpy.load("out.npy")
csv = numpy.genfromtxt("expected.csv", delimiter=",", names=True, dtype=None)
lines = [json.loads(line) for line in open("out.jsonl")]
classes = out["probabilities"].shape[1]
assert out.shape == csv.shape == (len(lines),) and classes == 10
assert (csv["index"] == numpy.arange(len(out))).all() and (out["label"] == csv["label"]).all()
for c in range(classes):
    assert (out["probabilities"][:, c] == csv[f"probability_{c}"].astype("f4")).all()
assert (out["entropy"] == csv["entropy"].astype("f4")).all()
assert (out["label"] == out["probabilities"].argmax(1)).all()
p = out["probabilities"].astype("f8")
assert abs(p.sum(1) - 1).max() < 1e-6
assert abs(-(p * numpy.log(p.clip(1e-300))).sum(1) - out["entropy"]).max() < 1e-5
for i, line in enumerate(lines):
    assert line["index"] == i and line["label"] == out["label"][i]
    assert (numpy.float32(line["probabilities"]) == out["probabilities"][i]).all()
    assert numpy.float32(line["entropy"]) == out["entropy"][i]
images = numpy.random.default_rng(1).random((7, 28, 28), dtype="f4")
numpy.save("mine.npy", images)
numpy.save("other_order.npy", numpy.asfortranarray(images))
numpy.save("double.npy", images.astype("f8"))
with open("version3.npy", "wb") as file:
    numpy.lib.format.write_array(file, images, version=(3, 0))
)");
    const Outcome compared = Process({RETORT_PYTHON, "compare.py"}, place.path(".")).wait();
    BOOST_TEST(compared.exit_code == 0, compared.err);
    const std::string mine = predict(place, {"tiny", "mine.npy", "--model", "student"}).out;
    BOOST_TEST(std::count(mine.begin(), mine.end(), '\n') == 8);
    BOOST_TEST(predict(place, {"tiny", "version3.npy", "--model", "student"}).out == mine);
    for (const auto &[file, message] : {std::pair{"other_order.npy", "is in Fortran order"}, {"double.npy", "<f8"}})
        BOOST_TEST(contains(predict(place, {"tiny", file, "--model", "student"}).err, message));
}

BOOST_AUTO_TEST_CASE(memory_does_not_grow_with_the_file) {
    const Place &place = tiny_place();
    write_file(place.path("few.npy"), npy_bytes("|u1", "(1000, 784)", std::string(std::size_t{1000} * 784, '\7')));
    write_file(place.path("many.npy"), npy_bytes("|u1", "(100000, 784)", std::string(std::size_t{100000} * 784, '\7')));
    for (const char *format : {"csv", "npy"}) {
        const long few = peak_of(place, {"tiny", "few.npy", "--model", "student", "--format", format});
        const long many = peak_of(place, {"tiny", "many.npy", "--model", "student", "--format", format});
        BOOST_TEST(many < few + 2048, few << " KiB for a thousand images, " << many << " for a hundred thousand");
    }
}

BOOST_AUTO_TEST_CASE(latency_is_told_in_a_line) {
    const Outcome outcome = predict(tiny_place(), {"tiny", images_file, "--model", "student", "--latency"});
    BOOST_TEST(outcome.exit_code == 0, outcome.err);
    BOOST_TEST(std::regex_match(outcome.out, std::regex("latency of one example: median [0-9.]+ ms, 99th percentile "
                                                        "[0-9.]+ ms \\([0-9]+ examples\\)\n")),
               outcome.out);
}

BOOST_AUTO_TEST_CASE(a_signal_ends_it_and_leaves_nothing) {
    const Place &place = tiny_place();
    write_file(place.path("head.npy"), npy_bytes("|u1", "(1000000000, 784)", {}));
    Process process({"/bin/bash", "-c",
                     "exec " RETORT_COMMAND " predict tiny --model student --output cancelled.csv "
                     "<(cat head.npy /dev/zero 2>/dev/null)"},
                    place.path("."));
    while (!fs::exists(place.path("cancelled.csv.partial")) || fs::file_size(place.path("cancelled.csv.partial")) == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    process.send(SIGINT);
    const Outcome outcome = process.wait();
    BOOST_TEST(outcome.exit_code == 130);
    BOOST_TEST(outcome.err == "cancelled: before all examples were predicted\n");
    BOOST_TEST(!fs::exists(place.path("cancelled.csv")));
    BOOST_TEST(!fs::exists(place.path("cancelled.csv.partial")));
}

BOOST_AUTO_TEST_CASE(mistakes_say_where_and_what_is_allowed) {
    const Place &place = tiny_place();
    write_file(place.path("narrow.npy"), npy_bytes("|u1", "(2, 3)", "123456"));
    const struct {
        Words words;
        int exit_code;
        std::string message;
    } cases[] = {
        {{"nowhere", "-"}, 5, "error: nowhere: there is no such file or folder\n"},
        {{"tiny", images_file},
         2,
         "error: tiny: there are weights of several models; say which with --model: teacher, labels_alone, student\n"},
        {{"tiny", images_file, "--model", "studnt"},
         5,
         "error: tiny: there are no weights of a model 'studnt' in this run directory\n"},
        {{"tiny", images_file, "--model", "student", "--weights", "best"},
         2,
         "error: tiny: there are no weights 'best' in this run directory; say which with --weights: last, selected\n"},
        {{"tiny", "none.npy", "--model", "student"},
         5,
         "error: none.npy: cannot be opened: No such file or directory\n"},
        {{"tiny", "narrow.npy", "--model", "student"},
         5,
         "error: narrow.npy: has the shape [2, 3]; an example of the model's dataset has 784 numbers, or 28 x 28\n"},
        {{"tiny", "-", "-", "--model", "student"}, 2, "error: - stands twice, and standard input can be read once\n"},
        {{"tiny", images_file, "--model", "student", "--output", "none/out.csv"},
         7,
         "error: none/out.csv: the file cannot be created: No such file or directory\n"},
        {{"tiny", images_file, "--model", "student", "--format", "parquet"},
         2,
         "error: --format: parquet not in {csv,jsonl,npy}\nRun with --help for more information.\n"},
        {{"tiny"}, 2, "error: inputs is required\nRun with --help for more information.\n"},
    };
    for (const auto &expected : cases)
        BOOST_TEST_CONTEXT(expected.message) {
            const Outcome outcome = predict(place, expected.words);
            BOOST_TEST(outcome.exit_code == expected.exit_code);
            BOOST_TEST(outcome.err == expected.message);
            BOOST_TEST(outcome.out.empty());
        }
    const Outcome full = shell(place, RETORT_COMMAND " predict tiny --model student " + images_file + " > /dev/full");
    BOOST_TEST(full.exit_code == 7);
    BOOST_TEST(full.err == "error: standard output: cannot be written\n");
}

BOOST_AUTO_TEST_SUITE_END()
