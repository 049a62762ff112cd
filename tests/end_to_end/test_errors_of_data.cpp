// SPDX-License-Identifier: Apache-2.0
#include "workbench.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(test_errors_of_data)

using namespace retort::test;

namespace {

const std::string train_images = "data/train-images-idx3-ubyte";
const std::string train_labels = "data/train-labels-idx1-ubyte";
const std::string test_images = "data/t10k-images-idx3-ubyte";

/// An IDX file without compression, as its format says.
std::string idx(const std::vector<std::uint32_t> &extents, const std::string &elements) {
    std::string bytes{0, 0, 8, static_cast<char>(extents.size())};
    for (const std::uint32_t extent : extents)
        for (const int shift : {24, 16, 8, 0})
            bytes += static_cast<char>(extent >> shift & 0xFFU);
    return bytes + elements;
}

/// A run in which the file `name` has that content; without compression, it stands before the one with.
std::pair<std::string, std::function<Outcome(Workbench &)>> file(const std::string &cause, const std::string &name,
                                                                 const std::string &bytes) {
    return {cause, [=](Workbench &bench) {
                write_file(bench.path(name), bytes);
                return bench.run({});
            }};
}

/// A run in which the real file `name` was changed by `spoil`.
std::pair<std::string, std::function<Outcome(Workbench &)>> spoilt(const std::string &cause, const std::string &name,
                                                                   const std::function<void(std::string &)> &spoil) {
    return {cause, [=](Workbench &bench) {
                std::string bytes = read_file(bench.path(name));
                spoil(bytes);
                write_file(bench.path(name), bytes);
                return bench.run({});
            }};
}

void flip(std::string &bytes, std::size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
}

/// A run that loads a teacher which an earlier one trained, its file changed by `spoil`.
std::pair<std::string, std::function<Outcome(Workbench &)>> weights(const std::string &cause,
                                                                    const std::function<void(std::string &)> &spoil) {
    return {cause, [=](Workbench &bench) {
                std::string bytes = tiny_place().weights("tiny", "teacher");
                spoil(bytes);
                write_file(bench.path("teacher.safetensors"), bytes);
                return bench.run({"/models/teacher/weights=teacher.safetensors"});
            }};
}

const Cases data{
    spoilt("images: labels in their place", train_images + ".gz",
           [](std::string &bytes) { bytes = read_file(example / (train_labels + ".gz")); }),
    spoilt("labels: images in their place", train_labels + ".gz",
           [](std::string &bytes) { bytes = read_file(example / (train_images + ".gz")); }),
    file("images: a web page in their place", train_images, "<!DOCTYPE html><html>404</html>"),
    file("labels: integers of 32 bits", train_labels, std::string("\0\0\x0c\1\0\0\0\1\0\0\0\7", 12)),
    file("images: an empty file", train_images, ""),
    file("images: shorter than their header", train_images, idx({4000}, "").insert(3, "").replace(3, 1, "\3")),
    file("images: one is missing at the end", train_images, idx({4000, 28, 28}, std::string(3999 * 28 * 28, '\0'))),
    file("images: a byte too many", train_images, idx({4000, 28, 28}, std::string(4000 * 28 * 28 + 1, '\0'))),
    file("images: none", train_images, idx({0, 28, 28}, "")),
    file("images: as many as no disk holds", train_images, idx({0xFFFFFFFF, 0xFFFFFFFF, 28}, "")),
    file("images of 27 columns, and too few", test_images, idx({1000, 28, 27}, std::string(1000 * 28 * 28, '\0'))),
    file("test images of another size", test_images, idx({1000, 14, 14}, std::string(1000 * 14 * 14, '\0'))),
    file("labels: one is missing", train_labels, idx({3999}, std::string(3999, '\0'))),
    file("labels: 10 with ten classes", train_labels, idx({4000}, std::string(3999, '\0') + '\x0a')),
    spoilt("gzip: cut off", train_images + ".gz", [](std::string &bytes) { bytes.resize(100'000); }),
    spoilt("gzip: cut off within its header", train_images + ".gz", [](std::string &bytes) { bytes.resize(5); }),
    spoilt("gzip: a piece in the middle is missing", train_images + ".gz",
           [](std::string &bytes) { bytes.erase(300'000, 1000); }),
    spoilt("gzip: another byte in the middle", train_images + ".gz",
           [](std::string &bytes) { flip(bytes, bytes.size() / 2); }),
    spoilt("gzip: another checksum", train_images + ".gz", [](std::string &bytes) { flip(bytes, bytes.size() - 6); }),
    spoilt("gzip: another size at its end", train_images + ".gz",
           [](std::string &bytes) { flip(bytes, bytes.size() - 1); }),
    {"a file is missing",
     [](Workbench &bench) {
         fs::remove(bench.path("data/t10k-labels-idx1-ubyte.gz"));
         return bench.run({});
     }},
    {"a folder in place of a file",
     [](Workbench &bench) {
         fs::create_directory(bench.path(train_images));
         return bench.run({});
     }},
    weights("weights: cut off", [](std::string &bytes) { bytes.resize(bytes.size() - 4); }),
    weights("weights: bytes too many", [](std::string &bytes) { bytes += "more"; }),
    weights("weights: cut off within their header", [](std::string &bytes) { bytes.resize(20); }),
    weights("weights: of another model", [](std::string &bytes) { bytes = tiny_place().weights("tiny", "student"); }),
    weights("weights: another kind of file", [](std::string &bytes) { bytes = "PK\3\4 this is a .zip file"; }),
    weights("weights: a number that is none",
            [](std::string &bytes) { bytes.replace(bytes.size() - 4, 4, 4, '\xff'); }),
};

} // namespace

BOOST_AUTO_TEST_CASE(files_of_data_and_weights) {
    check_cases("Data and weights", data, check_nothing_written);
}

BOOST_AUTO_TEST_SUITE_END()
