// SPDX-License-Identifier: Apache-2.0
// A file of examples to predict: NPY or IDX, plain or compressed by gzip, of a dataset with two numbers an example.
#include "target.hpp"

#include <retort/sdk/arena.hpp>

#include <zlib.h>

#include <cmath>
#include <framework/source/components/services.hpp>
#include <framework/source/predict/example_stream.hpp>
#include <optional>
#include <support/fake_run.hpp>
#include <support/temporary_folder.hpp>

using namespace retort;
using fuzz::check;

namespace {

constexpr std::size_t width = 2;

/// A byte is its own input.
struct Bytes : test::FakeDataset {
    [[nodiscard]] bool from_bytes(std::span<const std::uint8_t> bytes, std::span<float> inputs) const override {
        std::copy(bytes.begin(), bytes.end(), inputs.begin());
        return true;
    }
};

/// The inputs of all examples, `rows` at a time; nothing where the file is refused.
std::optional<std::vector<float>> read(const std::filesystem::path &path, std::size_t rows) {
    const Bytes dataset;
    const framework::Origin origin;
    framework::RunLog log({});
    framework::RunServices services(1, log);
    std::vector<float> inputs;
    std::uint64_t claimed = 0;
    const bool accepted = fuzz::accepts({framework::ErrorCode::data}, [&] {
        framework::ExampleStream examples({path}, dataset, origin, services);
        claimed = examples.left();
        const sdk::MatrixBuffer batch(rows, width);
        while (const std::size_t count = examples.read(batch.view())) {
            examples.convert(batch.view());
            inputs.insert(inputs.end(), batch.view().data, batch.view().data + count * width);
        }
        check(examples.left() == 0, "a file that ends before its last example");
    });
    if (!accepted)
        return {};
    check(inputs.size() == claimed * width, "another number of examples than the header claims");
    for (const float input : inputs)
        check(std::isfinite(input), "an input that is no finite number");
    return inputs;
}

void write_packed(const std::filesystem::path &path, std::string_view bytes) {
    const gzFile file = gzopen(path.c_str(), "wb1");
    check(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) == static_cast<int>(bytes.size()),
          "gzip does not compress");
    check(gzclose(file) == Z_OK, "gzip does not compress");
}

/// The elements end a plain file: as float32, or a byte each.
void check_elements(std::string_view bytes, const std::vector<float> &inputs) {
    const bool floats = bytes.starts_with("\x93NUMPY") && bytes.find("<f4") != bytes.npos;
    const std::size_t size = inputs.size() * (floats ? sizeof(float) : 1);
    check(size < bytes.size(), "more elements than bytes");
    const char *begin = bytes.data() + bytes.size() - size;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        float element = static_cast<unsigned char>(begin[floats ? 0 : i]);
        if (floats)
            std::memcpy(&element, begin + i * sizeof(float), sizeof(float));
        check(element == inputs[i], "elements that are not those of the file");
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    constexpr std::size_t deflate_at_most = 1032; // so much larger than its compressed form
    const std::string_view bytes = fuzz::text_of(data, size);
    const std::filesystem::path path = fuzz::scratch("input");
    test::write_file(path, bytes);
    const bool packed = bytes.starts_with("\x1f\x8b");
    const fuzz::Allowance allowance(fuzz::in_proportion(size, 40 * (packed ? deflate_at_most : 1)));
    const auto inputs = read(path, 3);
    check(read(path, 64) == inputs, "a file reads otherwise in other pieces");
    if (packed)
        return 0;
    if (inputs)
        check_elements(bytes, *inputs);
    write_packed(fuzz::scratch("packed"), bytes);
    check(read(fuzz::scratch("packed"), 64) == inputs, "a file reads otherwise when it is compressed");
    return 0;
}
