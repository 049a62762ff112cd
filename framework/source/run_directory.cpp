// SPDX-License-Identifier: Apache-2.0
#include "run_directory.hpp"

#include "atomic_file.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/json_text.hpp>
#include <retort/framework/version.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <unistd.h>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view list_name = ".retort-run.json";

[[noreturn]] void refuse(const fs::path &path, const std::string &message) {
    throw Error(ErrorCode::output, path.string(), message);
}

/// Whether `name` leads to a place inside the folder: a list that was tampered with removes nothing elsewhere.
bool stays_inside(const fs::path &name) {
    return name.is_relative() && !name.empty() &&
           std::none_of(name.begin(), name.end(), [](const fs::path &part) { return part == ".."; });
}

/// The files that an earlier run wrote; nothing if the folder is no run of Retort.
std::optional<std::vector<std::string>> read_list(const fs::path &folder) {
    std::ifstream in(folder / list_name, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    boost::json::error_code error;
    const boost::json::value list = boost::json::parse(text, error);
    const boost::json::object *object = list.if_object();
    if (error || object == nullptr || !object->contains("retort"))
        return {};
    std::vector<std::string> files;
    const boost::json::value *names = object->if_contains("files");
    if (names != nullptr && names->is_array())
        for (const boost::json::value &name : names->get_array())
            if (name.is_string() && stays_inside(fs::path(std::string(name.get_string()))))
                files.emplace_back(name.get_string());
    return files;
}

/// The nearest folder at or above `path` that exists must be one in which we may write.
void check_writable(const fs::path &path) {
    fs::path existing = path;
    std::error_code error;
    while (!fs::exists(existing, error) && existing.has_relative_path())
        existing = existing.parent_path();
    if (!fs::is_directory(existing, error))
        refuse(path, "'" + existing.string() + "' is no folder");
    if (::access(existing.c_str(), W_OK | X_OK) != 0)
        refuse(path, "'" + existing.string() + "' is not writable");
}

void check_replaceable(const fs::path &path) {
    std::error_code error;
    if (!fs::exists(path, error))
        return;
    if (!fs::is_directory(path, error))
        refuse(path, "this is a file; the run directory must be new, empty, or an earlier run of Retort");
    if (!fs::is_empty(path, error) && !read_list(path))
        refuse(path, "the folder is neither empty nor an earlier run of Retort; nothing in it was touched");
}

std::vector<std::string> list_files(const fs::path &folder) {
    std::vector<std::string> names;
    try {
        for (const auto &entry : fs::recursive_directory_iterator(folder))
            if (!entry.is_directory() && entry.path().filename() != list_name)
                names.push_back(entry.path().lexically_relative(folder).generic_string());
    } catch (const fs::filesystem_error &error) {
        refuse(folder, "the folder cannot be listed: " + error.code().message());
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

RunDirectory::RunDirectory(const fs::path &path) {
    if (path.empty())
        return;
    path_ = fs::absolute(path).lexically_normal();
    if (!path_.has_filename()) // "runs/mnist/"
        path_ = path_.parent_path();
}

void RunDirectory::check() const {
    if (!enabled())
        return;
    check_writable(path_);
    check_replaceable(path_);
}

void RunDirectory::create() {
    if (!enabled())
        return;
    check(); // again: it may have been filled since
    std::error_code error;
    fs::create_directories(path_, error);
    if (error)
        refuse(path_, "the folder cannot be made: " + error.message());
    remove_earlier_run();
    const std::vector<std::string> foreign = list_files(path_);
    known_ = {foreign.begin(), foreign.end()};
    save_list();
}

void RunDirectory::remove_earlier_run() {
    std::error_code error;
    for (const std::string &name : read_list(path_).value_or(std::vector<std::string>{})) {
        fs::remove(path_ / name, error);
        if (error)
            refuse(path_ / name, "the earlier run's file cannot be removed: " + error.message());
        for (fs::path folder = (path_ / name).parent_path(); folder != path_; folder = folder.parent_path())
            if (!fs::remove(folder, error)) // holds something else
                break;
    }
}

fs::path RunDirectory::place(std::string_view name) const {
    fs::path file = path_ / name;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        refuse(file.parent_path(), "the folder cannot be made: " + error.message());
    return file;
}

void RunDirectory::write(std::string_view name, std::string_view text) {
    if (!enabled())
        return;
    AtomicFile file(place(name));
    file.write(text);
    file.commit();
}

void RunDirectory::collect() {
    if (!enabled())
        return;
    for (const std::string &name : list_files(path_))
        if (known_.insert(name).second)
            files_.push_back(name);
    save_list();
}

void RunDirectory::save_list() const {
    boost::json::array names(files_.begin(), files_.end());
    AtomicFile file(path_ / list_name);
    file.write(to_text(boost::json::object{{"retort", version()}, {"files", names}}, JsonLayout::pretty));
    file.commit();
}

} // namespace retort::framework
