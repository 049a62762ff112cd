// SPDX-License-Identifier: Apache-2.0
#include "run_directory.hpp"

#include "../files/atomic_file.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/json_text.hpp>
#include <retort/framework/version.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view list_name = ".retort-run.json";
constexpr std::string_view checkpoint_folder = "checkpoints";
constexpr std::string_view result_name = "result.json"; ///< the last file of a run

[[noreturn]] void refuse(const fs::path &path, const std::string &message) {
    throw Error(ErrorCode::output, path.string(), message);
}

bool contains(const std::vector<std::string> &names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// What an earlier run noted of its folder.
struct Noted {
    std::vector<std::string> files;
    std::vector<std::string> others;
};

std::vector<std::string> names_at(const boost::json::object &list, std::string_view key) {
    std::vector<std::string> result;
    const boost::json::value *names = list.if_contains({key.data(), key.size()});
    if (names != nullptr && names->is_array())
        for (const boost::json::value &name : names->get_array())
            if (name.is_string() && stays_inside(fs::path(std::string(name.get_string()))))
                result.emplace_back(name.get_string());
    return result;
}

/// Nothing if the folder is no run of Retort.
std::optional<Noted> read_list(const fs::path &folder) {
    std::ifstream in(folder / list_name, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    boost::json::error_code error;
    const boost::json::value list = boost::json::parse(text, error);
    const boost::json::object *object = list.if_object();
    if (error || object == nullptr || !object->contains("retort"))
        return {};
    return Noted{names_at(*object, "files"), names_at(*object, "others")};
}

/// A run that is killed while it begins leaves its list half written, and nothing else.
bool is_list(const fs::path &file) {
    return file.filename() == list_name || file.filename() == std::string(list_name) + ".partial";
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
    const fs::directory_iterator entries(path, error);
    const bool fresh =
        !error && std::all_of(begin(entries), end(entries), [](const auto &entry) { return is_list(entry.path()); });
    if (!fresh && !read_list(path))
        refuse(path, "the folder is neither empty nor an earlier run of Retort; nothing in it was touched");
}

std::vector<std::string> list_files(const fs::path &folder) {
    std::vector<std::string> names;
    try {
        for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::end(entry); ++entry) {
            const std::string name = entry->path().lexically_relative(folder).generic_string();
            if (entry->is_directory() && name == checkpoint_folder)
                entry.disable_recursion_pending();
            else if (!entry->is_directory() && !is_list(entry->path()))
                names.push_back(name);
        }
    } catch (const fs::filesystem_error &error) {
        refuse(folder, "the folder cannot be listed: " + error.code().message());
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

bool stays_inside(const fs::path &name) {
    return name.is_relative() && !name.empty() &&
           std::none_of(name.begin(), name.end(), [](const fs::path &part) { return part == ".."; });
}

RunDirectory::RunDirectory(const fs::path &path, bool writes) : writes_(writes) {
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

RunDirectory::~RunDirectory() {
    if (lock_ >= 0)
        ::close(lock_); // and with it the lock
}

void RunDirectory::lock() {
    if (!enabled())
        return;
    check(); // again: it may have been filled since
    std::error_code error;
    fs::create_directories(path_, error);
    if (error)
        refuse(path_, "the folder cannot be made: " + error.message());
    lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0)
        refuse(path_, "the folder cannot be opened: " + std::generic_category().message(errno));
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
        refuse(path_, errno == EWOULDBLOCK ? "another run is writing into this folder"
                                           : "it cannot be locked: " + std::generic_category().message(errno));
}

bool RunDirectory::holds_run() const {
    return enabled() && read_list(path_).has_value();
}

std::vector<std::string> RunDirectory::create(const std::vector<std::string> &keep) {
    if (!enabled())
        return {};
    const std::optional<Noted> noted = read_list(path_);
    remove_earlier_run(keep);
    const bool unfinished = noted && !contains(noted->files, result_name);
    files_.clear();
    std::vector<std::string> strays;
    for (const std::string &name : list_files(path_)) {
        if (contains(keep, name))
            files_.push_back(name);
        else if (unfinished && !contains(noted->others, name))
            strays.push_back(name);
        else
            others_.insert(name);
    }
    files_.insert(files_.end(), strays.begin(), strays.end());
    save_list();
    return strays;
}

void RunDirectory::remove_earlier_run(const std::vector<std::string> &keep) {
    std::error_code error;
    for (const std::string &name : read_list(path_).value_or(Noted{}).files) {
        if (contains(keep, name))
            continue;
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
        if (others_.count(name) == 0 && !contains(files_, name))
            files_.push_back(name);
    save_list();
}

void RunDirectory::save_list() const {
    const boost::json::object list{{"retort", version()},
                                   {"files", boost::json::array(files_.begin(), files_.end())},
                                   {"others", boost::json::array(others_.begin(), others_.end())}};
    AtomicFile file(path_ / list_name);
    file.write(to_text(list, JsonLayout::pretty));
    file.commit();
}

} // namespace retort::framework
