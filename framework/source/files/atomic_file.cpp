// SPDX-License-Identifier: Apache-2.0
#include "atomic_file.hpp"

#include <retort/framework/error.hpp>

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace retort::framework {

AtomicFile::AtomicFile(std::filesystem::path file) : file_(std::move(file)), temporary_(file_) {
    temporary_ += ".partial";
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        fail("created");
}

AtomicFile::~AtomicFile() {
    if (descriptor_ < 0)
        return;
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
}

void AtomicFile::write(const void *data, std::size_t size) {
    const char *rest = static_cast<const char *>(data);
    while (size > 0) {
        const ssize_t written = ::write(descriptor_, rest, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("written");
        rest += written;
        size -= static_cast<std::size_t>(written);
    }
}

void AtomicFile::set_permissions(std::filesystem::perms permissions) {
    if (::fchmod(descriptor_, static_cast<mode_t>(permissions & std::filesystem::perms::mask)) != 0)
        fail("given its permissions");
}

void AtomicFile::commit() {
    if (::fsync(descriptor_) != 0)
        fail("flushed to the disk");
    if (::rename(temporary_.c_str(), file_.c_str()) != 0)
        fail("renamed");
    close();
    // The rename itself must reach the disk too; a file system that cannot do that is no reason to fail.
    const int folder = ::open(file_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

void AtomicFile::close() {
    ::close(std::exchange(descriptor_, -1));
}

void AtomicFile::fail(const char *action) const {
    const std::string cause = std::error_code(errno, std::generic_category()).message();
    throw Error(ErrorCode::output, file_.string(), std::string("the file cannot be ") + action + ": " + cause);
}

} // namespace retort::framework
