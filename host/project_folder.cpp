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

} // namespace

void write_project(const fs::path &folder, const std::vector<ScaffoldFile> &files) {
    const fs::path target = full(folder);
    refuse_what_is_there(target);
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (error)
        fail(target.parent_path(), "the folder cannot be made: " + error.message());
    const Scratch scratch(target.parent_path());
    const fs::path whole = scratch.path() / "project";
    fs::create_directory(whole, error); // unlike the scratch folder, with the rights that a new folder has here
    for (const ScaffoldFile &file : files)
        write(whole, file);
    fs::rename(whole, target, error); // replaces an empty folder
    if (error)
        fail(target, "the folder cannot be made: " + error.message());
}

} // namespace retort::host
