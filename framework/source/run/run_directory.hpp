// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace retort::framework {

/// Whether `name` leads to a place inside the folder that it is relative to: a list that was tampered with is no reason
/// to read or remove anything elsewhere.
[[nodiscard]] bool stays_inside(const std::filesystem::path &name);

/// The folder of one run. A hidden file `.retort-run.json` in it lists what Retort wrote, so that a later run may
/// replace exactly that, and what was there before. What appears while a run is unfinished counts as written by it.
/// The folder `checkpoints` in it is no matter of this list: see Checkpoints. With an empty path nothing is written,
/// and every call does nothing.
class RunDirectory {
  public:
    /// Touches nothing. Without `writes` it only knows the path.
    explicit RunDirectory(const std::filesystem::path &path, bool writes = true);
    ~RunDirectory();
    RunDirectory(const RunDirectory &) = delete;
    RunDirectory &operator=(const RunDirectory &) = delete;

    /// The folder must not exist, or be empty, or be an earlier run, and be writable. Changes nothing. Errors:
    /// ErrorCode::output.
    void check() const;

    /// Whether anything is written.
    [[nodiscard]] bool enabled() const { return writes_ && !path_.empty(); }

    /// Absolute; empty if there is none.
    [[nodiscard]] const std::filesystem::path &path() const { return path_; }

    /// Makes the folder and keeps other runs out of it until this object is gone. Errors: ErrorCode::output, also when
    /// another run has it.
    void lock();

    /// Whether an earlier run left something. After `lock`.
    [[nodiscard]] bool holds_run() const;

    /// After `lock`: the earlier run's files are removed save those in `keep`, which are this run's now; others are
    /// left alone. Returns what an unfinished run wrote and did not come to note, which is this run's too.
    std::vector<std::string> create(const std::vector<std::string> &keep = {});

    /// Absolute path for the file `name` ("weights/student.last.safetensors"), its folder made.
    [[nodiscard]] std::filesystem::path place(std::string_view name) const;

    /// Writes a whole text file, or none.
    void write(std::string_view name, std::string_view text);

    /// Takes files that have appeared since into the list, sorted, and saves the list.
    void collect();

    /// Relative to the folder, in the order in which they were collected.
    [[nodiscard]] const std::vector<std::string> &files() const { return files_; }

  private:
    void remove_earlier_run(const std::vector<std::string> &keep);
    void save_list() const;

    bool writes_;
    std::filesystem::path path_;
    int lock_ = -1;                ///< descriptor of the locked folder
    std::set<std::string> others_; ///< files that are not Retort's
    std::vector<std::string> files_;
};

} // namespace retort::framework
