// SPDX-License-Identifier: Apache-2.0
#include "idx_file.hpp"

#include <retort/sdk/error.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

namespace retort::dataset_idx {

namespace {

constexpr std::uint8_t unsigned_byte = 0x08;

/// No deflate stream unpacks to more than 1032 times its size: a bound on what a header may claim.
constexpr std::uint64_t largest_compression = 1032;

struct Close {
    void operator()(gzFile file) const { gzclose(file); }
};

using Stream = std::unique_ptr<gzFile_s, Close>;

/// zlib reads plain files through the same calls.
Stream open(const IdxFile &file) {
    Stream stream(gzopen(file.path().c_str(), "rb"));
    if (!stream)
        file.fail("cannot be opened: " + std::generic_category().message(errno));
    gzbuffer(stream.get(), 1U << 17U);
    return stream;
}

/// What zlib says, without the path that it begins with.
std::string last_error(const IdxFile &file, const Stream &stream) {
    int code = Z_OK;
    std::string text = gzerror(stream.get(), &code);
    const std::string path = file.path().string() + ": ";
    if (code == Z_ERRNO)
        return std::generic_category().message(errno);
    return text.rfind(path, 0) == 0 ? text.substr(path.size()) : text;
}

/// Bytes read: fewer than `size` only where the file ends.
std::size_t read_bytes(const IdxFile &file, const Stream &stream, std::uint8_t *out, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
        const auto part = static_cast<unsigned>(std::min<std::size_t>(size - done, 1U << 30U));
        const int count = gzread(stream.get(), out + done, part);
        if (count < 0)
            file.fail("is damaged: " + last_error(file, stream));
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

std::uint32_t big_endian(const std::uint8_t *bytes) {
    return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3];
}

std::string hexadecimal(std::uint32_t value) {
    std::array<char, 11> text{};
    std::snprintf(text.data(), text.size(), "0x%08x", value);
    return text.data();
}

std::string counted(std::size_t dimensions) {
    return std::to_string(dimensions) + (dimensions == 1 ? " dimension" : " dimensions");
}

} // namespace

IdxFile::IdxFile(std::filesystem::path path, std::size_t dimensions, std::string setting)
    : path_(std::move(path)), setting_(std::move(setting)) {
    find();
    read_header(dimensions);
    compressed_ ? check_compressed_size() : check_plain_size();
}

void IdxFile::fail(const std::string &what) const {
    throw sdk::Error(sdk::ErrorKind::data, path_.string() + ": " + what, setting_);
}

void IdxFile::find() {
    std::error_code ignored;
    std::filesystem::path packed = path_;
    packed += ".gz";
    if (!std::filesystem::exists(path_, ignored)) {
        if (!std::filesystem::exists(packed, ignored))
            fail("there is no such file, and none with .gz after its name");
        path_ = std::move(packed);
    }
    if (!std::filesystem::is_regular_file(path_, ignored))
        fail("is no regular file");
    file_size_ = std::filesystem::file_size(path_, ignored);
}

void IdxFile::read_header(std::size_t dimensions) {
    const Stream stream = open(*this);
    header_ = 4 + 4 * dimensions;
    std::vector<std::uint8_t> header(header_);
    const std::size_t count = read_bytes(*this, stream, header.data(), header.size());
    compressed_ = gzdirect(stream.get()) == 0;
    if (count >= 4)
        check_magic(header.data(), dimensions);
    if (count < header.size())
        fail("ends after " + std::to_string(count) + " bytes; an IDX header of " + counted(dimensions) + " has " +
             std::to_string(header.size()));
    for (std::size_t d = 0; d < dimensions; ++d) {
        extents_.push_back(big_endian(&header[4 + 4 * d]));
        if (extents_[d] == 0)
            fail("dimension " + std::to_string(d) + " is empty; allowed: at least 1");
        if (elements_ > std::numeric_limits<std::uint64_t>::max() / 2 / extents_[d])
            fail("its header claims more elements than any file can hold");
        elements_ *= extents_[d];
    }
}

void IdxFile::check_magic(const std::uint8_t *magic, std::size_t dimensions) const {
    const std::uint32_t expected = std::uint32_t{unsigned_byte} << 8U | static_cast<std::uint32_t>(dimensions);
    if (big_endian(magic) != expected)
        fail("begins with " + hexadecimal(big_endian(magic)) + "; an IDX file of unsigned bytes in " +
             counted(dimensions) + " begins with " + hexadecimal(expected));
}

void IdxFile::check_plain_size() const {
    if (file_size_ != header_ + elements_)
        fail("has " + std::to_string(file_size_) + " bytes; its header claims " + std::to_string(header_ + elements_));
}

void IdxFile::check_compressed_size() const {
    std::array<char, 4> tail{};
    std::ifstream file(path_, std::ios::binary);
    file.seekg(-4, std::ios::end);
    if (!file.read(tail.data(), tail.size()))
        fail("the end of the file cannot be read");
    std::uint32_t unpacked = 0;
    for (std::size_t i = 0; i < 4; ++i)
        unpacked |= std::uint32_t{static_cast<std::uint8_t>(tail[i])} << (8 * i);
    const std::uint64_t claimed = header_ + elements_;
    if (claimed / largest_compression > file_size_ || unpacked != static_cast<std::uint32_t>(claimed))
        fail("is cut off or damaged: it unpacks to " + std::to_string(unpacked) +
             " bytes by its gzip trailer; its header claims " + std::to_string(claimed));
}

std::vector<std::uint8_t> IdxFile::read() const {
    const Stream stream = open(*this);
    std::vector<std::uint8_t> header(header_);
    std::vector<std::uint8_t> elements(elements_);
    std::uint64_t count = read_bytes(*this, stream, header.data(), header.size());
    count += read_bytes(*this, stream, elements.data(), elements.size());
    std::uint8_t beyond = 0;
    count += read_bytes(*this, stream, &beyond, 1); // the checksum is compared where the end is met
    if (count != header_ + elements_)
        fail((count < header_ + elements_ ? "ends after " + std::to_string(count) + " bytes"
                                          : std::string("goes on beyond its last element")) +
             "; its header claims " + std::to_string(header_ + elements_) + " bytes");
    return elements;
}

} // namespace retort::dataset_idx
