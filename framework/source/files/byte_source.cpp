// SPDX-License-Identifier: Apache-2.0
#include "byte_source.hpp"

#include <retort/framework/error.hpp>

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

std::string text_of(int error) {
    return std::generic_category().message(error);
}

} // namespace

std::string source_name(const fs::path &file) {
    return file == "-" ? "standard input" : file.string();
}

ByteSource::ByteSource(const fs::path &file) : name_(source_name(file)) {
    std::error_code ignored;
    if (file != "-" && fs::is_directory(file, ignored))
        fail("is a folder; allowed: an IDX or NPY file, or - for standard input");
    const int descriptor = file == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) // which stays open
                                       : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail("cannot be opened: " + text_of(errno));
    stream_.reset(gzdopen(descriptor, "rb")); // zlib reads plain files through the same calls
    if (!stream_) {
        ::close(descriptor);
        throw std::bad_alloc();
    }
    gzbuffer(stream_.get(), 1U << 16U);
    if (gzdirect(stream_.get()) != 0 && fs::is_regular_file(file, ignored))
        size_ = fs::file_size(file, ignored);
}

std::size_t ByteSource::read(void *out, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
        const auto part = static_cast<unsigned>(std::min<std::size_t>(size - done, 1U << 30U));
        const int count = gzread(stream_.get(), static_cast<char *>(out) + done, part);
        if (count < 0)
            fail("cannot be read: " + last_error());
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

void ByteSource::fail(const std::string &what) const {
    throw Error(ErrorCode::data, name_, what);
}

void ByteSource::Close::operator()(gzFile_s *file) const {
    gzclose(file);
}

/// What zlib says, without the name "<fd:3>: " that it begins with.
std::string ByteSource::last_error() const {
    int code = Z_OK;
    const std::string text = gzerror(stream_.get(), &code);
    if (code == Z_ERRNO)
        return text_of(errno);
    const std::size_t name = text.starts_with("<fd:") ? text.find(">: ") : text.npos;
    return name == text.npos ? text : text.substr(name + 3);
}

} // namespace retort::framework
