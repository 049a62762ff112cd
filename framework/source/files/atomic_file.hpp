// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace retort::framework {

/// A file that is there whole or not at all: written under a temporary name beside its place, flushed to the disk, and
/// renamed by `commit`. Without `commit` nothing remains. Errors: ErrorCode::output, naming the file and the cause.
class AtomicFile {
  public:
    explicit AtomicFile(std::filesystem::path file);
    ~AtomicFile();
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;

    void write(const void *data, std::size_t size);

    void write(std::string_view text) { write(text.data(), text.size()); }

    /// Who may read and write it; before `commit`. Default: as the process makes files.
    void set_permissions(std::filesystem::perms permissions);

    void commit();

  private:
    [[noreturn]] void fail(const char *action) const;
    void close();

    std::filesystem::path file_;
    std::filesystem::path temporary_;
    int descriptor_ = -1;
};

} // namespace retort::framework
