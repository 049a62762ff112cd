// SPDX-License-Identifier: Apache-2.0
// A file in the IDX format of one or of three dimensions, plain or compressed by gzip.
#include "target.hpp"

#include <retort/sdk/error.hpp>

#include <zlib.h>

#include <functional>
#include <numeric>
#include <plugins/datasets/idx/idx_file.hpp>
#include <support/temporary_folder.hpp>
#include <vector>

using namespace retort;
using dataset_idx::IdxFile;
using fuzz::check;

namespace {

using Elements = std::vector<std::uint8_t>;

/// Nothing when the file is refused, for it has elements.
Elements read(const std::filesystem::path &path, std::size_t dimensions) {
    try {
        const IdxFile file(path, dimensions, "/setting");
        const std::vector<std::size_t> &extents = file.extents();
        Elements elements = file.read();
        check(extents.size() == dimensions, "another number of dimensions");
        check(elements.size() == std::accumulate(extents.begin(), extents.end(), std::size_t{1}, std::multiplies<>()),
              "another number of elements than the header claims");
        return elements;
    } catch (const sdk::Error &error) {
        check(error.kind() == sdk::ErrorKind::data, "an error of another kind");
        check(error.pointer() == "/setting", "an error that does not blame its setting");
        check(std::string_view(error.what()).starts_with(path.string() + ": "), "an error that does not name its file");
        return {};
    }
}

void write_packed(const std::filesystem::path &path, std::string_view bytes) {
    const gzFile file = gzopen(path.c_str(), "wb1");
    check(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) == static_cast<int>(bytes.size()),
          "gzip does not compress");
    check(gzclose(file) == Z_OK, "gzip does not compress");
}

/// The elements end a plain file, so that header and elements are the whole of it, and it reads the same compressed.
void check_plain(std::string_view bytes, std::size_t dimensions, const Elements &elements) {
    check(bytes.size() == 4 + 4 * dimensions + elements.size(), "a plain file with more than its elements");
    check(std::equal(elements.begin(), elements.end(), bytes.end() - static_cast<std::ptrdiff_t>(elements.size()),
                     [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }),
          "elements that are not those of the file");
    write_packed(fuzz::scratch("packed.gz"), bytes);
    check(read(fuzz::scratch("packed"), dimensions) == elements, "a file reads otherwise when it is compressed");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    constexpr std::size_t deflate_at_most = 1032; // so much larger than its compressed form
    const std::string_view bytes = fuzz::text_of(data, size);
    const std::filesystem::path path = fuzz::scratch("input");
    test::write_file(path, bytes);
    const fuzz::Allowance allowance(fuzz::in_proportion(size, deflate_at_most));
    const bool packed = bytes.starts_with("\x1f\x8b");
    for (const std::size_t dimensions : {1U, 3U}) {
        const Elements elements = read(path, dimensions);
        if (!elements.empty() && !packed)
            check_plain(bytes, dimensions, elements);
    }
    return 0;
}
