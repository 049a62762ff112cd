// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <support/temporary_folder.hpp>
#include <vector>

namespace retort::test {

/// Header of an IDX file of unsigned bytes.
inline std::string idx_header(std::initializer_list<std::uint32_t> extents) {
    std::string bytes{'\0', '\0', '\x08', static_cast<char>(extents.size())};
    for (const std::uint32_t extent : extents)
        for (unsigned shift = 32; shift > 0; shift -= 8)
            bytes.push_back(static_cast<char>(extent >> (shift - 8)));
    return bytes;
}

/// What gzip makes of `bytes`.
inline std::string gzipped(const std::string &bytes) {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "packed";
    gzFile file = gzopen(path.c_str(), "wb");
    const int written = gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    if (gzclose(file) != Z_OK || static_cast<std::size_t>(written) != bytes.size())
        throw std::runtime_error("cannot compress");
    return read_file(path);
}

/// `count` images of 2 x 3 whose six pixels count on from `first` per image.
inline std::string image_bytes(std::uint32_t count, unsigned first = 0) {
    std::string bytes = idx_header({count, 2, 3});
    for (unsigned i = 0; i < count * 6; ++i)
        bytes.push_back(static_cast<char>(first + i));
    return bytes;
}

/// Labels 0, 1, 2, ... modulo 10.
inline std::string label_bytes(std::uint32_t count) {
    std::string bytes = idx_header({count});
    for (unsigned i = 0; i < count; ++i)
        bytes.push_back(static_cast<char>(i % 10));
    return bytes;
}

} // namespace retort::test
