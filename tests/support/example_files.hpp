// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <support/temporary_folder.hpp>
#include <vector>

namespace retort::test {

/// Files of examples, written as anybody would who has only their specifications at hand.
inline std::string idx_bytes(const std::vector<std::uint32_t> &extents, const std::string &elements,
                             char element_type = 8) {
    std::string bytes{'\0', '\0', element_type, static_cast<char>(extents.size())};
    for (const std::uint32_t extent : extents)
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            bytes.push_back(static_cast<char>(extent >> shift));
    return bytes + elements;
}

/// `version`: 1, or later ones, whose length has four bytes.
inline std::string npy_with(const std::string &dictionary, const std::string &elements, char version = 1) {
    std::string bytes = "\x93NUMPY";
    bytes += {version, '\0'};
    for (unsigned i = 0; i < (version == 1 ? 2U : 4U); ++i)
        bytes.push_back(static_cast<char>(dictionary.size() >> (8 * i)));
    return bytes + dictionary + elements;
}

inline std::string npy_bytes(const std::string &type, const std::string &shape, const std::string &elements,
                             char version = 1) {
    return npy_with("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n", elements, version);
}

inline std::string bytes_of(const std::vector<float> &values) {
    std::string bytes(values.size() * sizeof(float), '\0');
    if (!values.empty())
        std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

inline void write_gzip(const std::filesystem::path &path, const std::string &bytes) {
    gzFile file = gzopen(path.c_str(), "wb");
    const int written = gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    if (gzclose(file) != Z_OK || static_cast<std::size_t>(written) != bytes.size())
        throw std::runtime_error("cannot compress");
}

} // namespace retort::test
