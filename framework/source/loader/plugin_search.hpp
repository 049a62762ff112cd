// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "candidate.hpp"

#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace retort::framework {

/// Chooses among the files of several folders which become the plugins of their names, and loads them.
class PluginSearch {
  public:
    PluginSearch(Registry &registry, const LoadOptions &options) : registry_(registry), options_(options) {}

    /// Inspects the files of the next folder.
    void add_folder(const std::filesystem::path &folder);

    /// Loads what was found; returns all files, in order of folders and then of names.
    std::vector<PluginFile> load_all();

  private:
    /// What is in the registry already comes before all folders.
    void shadow_taken(std::size_t begin);

    /// Of two files in one folder nothing says which is meant.
    void refuse_duplicates(std::size_t begin);

    /// The next candidate of each name that is still open, by name.
    [[nodiscard]] std::vector<Candidate *> next_round() const;

    /// After its turn: who comes after it in later folders is shadowed, or comes next if it was refused.
    void settle(const Candidate &candidate);

    Registry &registry_;
    const LoadOptions &options_;
    std::deque<Candidate> candidates_;
    std::map<std::string, std::vector<Candidate *>> open_; ///< by plugin, in order of folders
};

} // namespace retort::framework
