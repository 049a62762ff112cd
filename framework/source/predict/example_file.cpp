// SPDX-License-Identifier: Apache-2.0
#include "example_file.hpp"

#include "../files/npy.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace retort::framework {

namespace {

constexpr std::size_t magic_size = 4;
constexpr std::size_t longest_dictionary = 65535; // what version 1 can hold
constexpr std::size_t longest_shown = 100;

std::uint64_t big_endian(const unsigned char *bytes) {
    return std::uint64_t{bytes[0]} << 24U | std::uint64_t{bytes[1]} << 16U | std::uint64_t{bytes[2]} << 8U | bytes[3];
}

std::string hexadecimal(std::uint64_t value, int digits) {
    constexpr const char *digit = "0123456789abcdef";
    std::string text = "0x";
    for (int i = digits - 1; i >= 0; --i)
        text += digit[value >> (4U * static_cast<unsigned>(i)) & 15U];
    return text;
}

} // namespace

std::string extents_text(const std::vector<std::uint64_t> &extents) {
    std::string text = "[";
    for (const std::uint64_t extent : extents)
        text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + "]";
}

ExampleFile::ExampleFile(const std::filesystem::path &file) : source_(file) {
    std::array<unsigned char, magic_size> magic{};
    read_header_bytes(magic.data(), magic.size());
    if (std::memcmp(magic.data(), npy_magic.data(), magic.size()) == 0)
        read_npy_header();
    else if (magic[0] == 0 && magic[1] == 0)
        read_idx_header(magic.data());
    else
        fail("begins with " + hexadecimal(big_endian(magic.data()), 8) +
             "; allowed: IDX, which begins with 0x000008, or NPY, with 0x934e554d, plain or compressed by gzip" +
             (magic[0] == 'P' && magic[1] == 'K' ? " (it is a zip archive, as .npz: unpack it)" : ""));
    check_extents();
}

void ExampleFile::read_header_bytes(void *out, std::size_t size) {
    const std::size_t count = source_.read(out, size);
    header_ += count;
    if (count < size)
        fail("ends after " + std::to_string(header_) + " bytes, within its header");
}

void ExampleFile::read_idx_header(const unsigned char *magic) {
    if (magic[2] != 8)
        fail("is IDX with elements of type " + hexadecimal(magic[2], 2) + "; allowed: 0x08, unsigned bytes");
    if (magic[3] != 2 && magic[3] != 3)
        fail("is IDX of " + std::to_string(magic[3]) + (magic[3] == 1 ? " dimension, as labels are" : " dimensions") +
             "; allowed: 2, examples and numbers, or 3, images, rows and columns");
    for (unsigned i = 0; i < magic[3]; ++i) {
        std::array<unsigned char, 4> extent{};
        read_header_bytes(extent.data(), extent.size());
        extents_.push_back(big_endian(extent.data()));
    }
}

void ExampleFile::read_npy_header() {
    NpyHeader header;
    const std::string text = read_npy_dictionary();
    try {
        header = parse_npy_header(text);
    } catch (const std::invalid_argument &error) {
        fail(error.what());
    }
    if (header.type != "|u1" && header.type != "<f4")
        fail("has elements of type " + header.type.substr(0, longest_shown) +
             "; allowed: <f4 (float32) and |u1 (uint8)");
    if (header.columns_first)
        fail("is in Fortran order; allowed: C order, as numpy.ascontiguousarray makes it");
    if (header.shape.size() != 2 && header.shape.size() != 3)
        fail("has " + std::to_string(header.shape.size()) + (header.shape.size() == 1 ? " dimension" : " dimensions") +
             "; allowed: 2, examples and numbers, or 3, images, rows and columns");
    type_ = header.type == "<f4" ? ElementType::float32 : ElementType::uint8;
    extents_ = std::move(header.shape);
}

std::string ExampleFile::read_npy_dictionary() {
    std::array<unsigned char, 4> rest{}; // the last two letters of the magic, and the version
    read_header_bytes(rest.data(), rest.size());
    if (rest[0] != npy_magic[4] || rest[1] != npy_magic[5])
        fail("begins as NPY does, and does not go on so");
    if (rest[2] < 1 || rest[2] > 3)
        fail("is NPY of version " + std::to_string(rest[2]) + "; allowed: 1 to 3");
    std::array<unsigned char, 4> length{};
    read_header_bytes(length.data(), rest[2] == 1 ? 2 : 4);
    const std::size_t size = std::size_t{length[0]} | std::size_t{length[1]} << 8U | std::size_t{length[2]} << 16U |
                             std::size_t{length[3]} << 24U;
    if (size > longest_dictionary)
        fail("has a header of " + std::to_string(size) + " bytes; allowed: up to " +
             std::to_string(longest_dictionary));
    std::string text(size, '\0');
    read_header_bytes(text.data(), size);
    return text;
}

void ExampleFile::check_extents() {
    std::uint64_t bytes = size_of(type_);
    for (const std::uint64_t extent : extents_) {
        if (extent > 0 && bytes > std::numeric_limits<std::int64_t>::max() / extent)
            fail("its header claims more elements than any file can hold: " + extents_text(extents_));
        bytes *= extent > 0 ? extent : 1;
    }
    for (std::size_t i = 1; i < extents_.size(); ++i)
        width_ *= extents_[i];
    if (width_ == 0)
        fail("has the shape " + extents_text(extents_) + ": examples of no numbers");
    left_ = extents_[0];
    if (left_ == 0)
        bytes = 0;
    if (source_.size() && *source_.size() != header_ + bytes)
        fail("has " + std::to_string(*source_.size()) + " bytes; its header claims " + std::to_string(header_ + bytes));
    if (left_ == 0)
        check_end();
}

void ExampleFile::read(void *out, std::size_t examples) {
    const std::uint64_t size = width_ * size_of(type_);
    const std::uint64_t count = source_.read(out, examples * size);
    if (count < examples * size)
        fail("ends within example " + std::to_string(extents_[0] - left_ + count / size) + "; its header claims " +
             std::to_string(extents_[0]));
    left_ -= examples;
    if (left_ == 0 && examples > 0)
        check_end();
}

void ExampleFile::check_end() {
    char beyond = 0;
    if (source_.read(&beyond, 1) > 0)
        fail("goes on beyond its last element; its header claims " + std::to_string(extents_[0]) + " examples");
}

} // namespace retort::framework
