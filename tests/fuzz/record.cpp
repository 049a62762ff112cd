// SPDX-License-Identifier: Apache-2.0
// A file of recorded outputs in the NPY format.
#include "target.hpp"

#include <retort/sdk/error.hpp>

#include <algorithm>
#include <cstring>
#include <plugins/models/recorded/record.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

using namespace retort;
using fuzz::check;
using model_recorded::Record;

namespace {

/// The numbers end the file: those of a matrix are its last bytes, those of predictions the end of each record.
void check_numbers(std::string_view bytes, const Record &record, const std::vector<float> &numbers) {
    check(record.width() > 0, "rows without numbers");
    check(numbers.size() == record.rows() * record.width(), "another number of numbers than the header claims");
    if (numbers.empty())
        return;
    const std::size_t size = record.width() * sizeof(float);
    check(std::memcmp(bytes.data() + bytes.size() - size,
                      &*(numbers.end() - static_cast<std::ptrdiff_t>(record.width())), size) == 0,
          "numbers that are not those of the file");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes = fuzz::text_of(data, size);
    const std::filesystem::path path = fuzz::scratch("input.npy");
    test::write_file(path, bytes);
    const fuzz::Allowance allowance(fuzz::in_proportion(size, 2));
    try {
        const Record record(path, "/setting");
        check_numbers(bytes, record, record.read());
    } catch (const sdk::Error &error) {
        check(error.kind() == sdk::ErrorKind::data, "an error of another kind");
        check(error.pointer() == "/setting", "an error that does not blame its setting");
        check(std::string_view(error.what()).starts_with(path.string() + ": "), "an error that does not name its file");
    }
    return 0;
}
