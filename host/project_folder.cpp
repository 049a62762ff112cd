// SPDX-License-Identifier: Apache-2.0
#include "scaffold.hpp"

#include <retort/framework/error.hpp>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace retort::host {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path &where, const std::string &message) {
    throw framework::Error(framework::ErrorCode::output, where.string(), message);
}

/// The folder as an absolute path that ends with its name.
fs::path full(const fs::path &folder) {
    const fs::path path = fs::absolute(folder).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

void refuse_what_is_there(const fs::path &folder) {
    std::error_code error;
    const fs::file_status status = fs::status(folder, error);
    if (!fs::exists(status))
        return;
    if (!fs::is_directory(status))
        fail(folder, "is no folder; allowed: a new folder, or an empty one");
    if (!fs::is_empty(folder, error) || error)
        fail(folder, "the folder is not empty; allowed: a new folder, or an empty one");
}

/// A folder inside `parent` that is gone with this.
class Scratch {
  public:
    explicit Scratch(const fs::path &parent) {
        std::string pattern = (parent / ".retort_new_XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            fail(parent, "the folder cannot be written in: " + std::generic_category().message(errno));
        path_ = pattern;
    }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    [[nodiscard]] const fs::path &path() const { return path_; }

  private:
    fs::path path_;
};

void write(const fs::path &folder, const ScaffoldFile &file) {
    const fs::path path = folder / file.path;
    std::ofstream out(path, std::ios::binary);
    if (!(out << file.text) || !out.flush())
        fail(path, "cannot be written: " + std::generic_category().message(errno));
}

/// A folder that was empty stays the one that it was, for somebody may be working in it.
void fill(const fs::path &folder, const std::vector<ScaffoldFile> &files) {
    const Scratch scratch(folder);
    for (const ScaffoldFile &file : files)
        write(scratch.path(), file);
    for (const ScaffoldFile &file : files) {
        std::error_code error;
        fs::rename(scratch.path() / file.path, folder / file.path, error);
        if (error)
            fail(folder / file.path, "cannot be written: " + error.message());
    }
}

/// After a failure: takes out what was written, and the folder if it was made for it.
void undo(const fs::path &folder, const std::vector<ScaffoldFile> &files, bool is_new) {
    std::error_code ignored;
    for (const ScaffoldFile &file : files)
        fs::remove(folder / file.path, ignored);
    if (is_new)
        fs::remove(folder, ignored);
}

} // namespace

void write_project(const fs::path &folder, const std::vector<ScaffoldFile> &files) {
    const fs::path target = full(folder);
    refuse_what_is_there(target);
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (error)
        fail(target.parent_path(), "the folder cannot be made: " + error.message());
    const bool is_new = fs::create_directory(target, error);
    if (error)
        fail(target, "the folder cannot be made: " + error.message());
    try {
        fill(target, files);
    } catch (...) {
        undo(target, files, is_new);
        throw;
    }
}

} // namespace retort::host
