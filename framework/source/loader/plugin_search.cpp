// SPDX-License-Identifier: Apache-2.0
#include "plugin_search.hpp"

#include "loading.hpp"
#include "trial_processes.hpp"

#include <algorithm>
#include <set>
#include <system_error>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

/// The files `*.so` of a folder, sorted: the order in which a folder lists them is not reproducible. Several names of
/// one file are one file; it goes by that which is no link.
std::vector<fs::path> libraries_in(const fs::path &folder) {
    std::vector<fs::path> files;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".so")
            files.push_back(entry.path());
    std::error_code ignored;
    const auto by_links = [&](const fs::path &a, const fs::path &b) {
        const bool a_links = fs::is_symlink(a, ignored);
        const bool b_links = fs::is_symlink(b, ignored);
        return a_links != b_links ? b_links : a < b;
    };
    std::sort(files.begin(), files.end(), by_links);
    std::set<fs::path> targets;
    std::erase_if(files, [&](const fs::path &file) {
        const fs::path target = fs::canonical(file, ignored);
        return !ignored && !targets.insert(target).second;
    });
    std::sort(files.begin(), files.end());
    return files;
}

/// Why the plugin of that file cannot become one of the registry; empty if its name is free there.
std::string taken(const Registry &registry, const PluginFile &found) {
    const std::vector<const Entry *> entries = registry.entries();
    const auto same =
        std::find_if(entries.begin(), entries.end(), [&](const Entry *entry) { return entry->plugin == found.plugin; });
    if (same == entries.end())
        return {};
    const std::string &file = (*same)->file;
    if (file.empty())
        return "it is shadowed by the plugin of its name that is part of the program";
    return file == found.file ? "it is loaded already"
                              : "it is shadowed by " + file + ", the plugin of its name that was loaded before";
}

} // namespace

void PluginSearch::add_folder(const fs::path &folder) {
    const std::size_t begin = candidates_.size();
    try {
        for (const fs::path &file : libraries_in(folder))
            candidates_.push_back(inspect(file, options_));
    } catch (const fs::filesystem_error &error) {
        candidates_.emplace_back().found.file = folder;
        candidates_.back().refuse(Refusal::unreadable, "the folder cannot be read: " + error.code().message());
    }
    shadow_taken(begin);
    refuse_duplicates(begin);
    for (std::size_t i = begin; i < candidates_.size(); ++i)
        if (!candidates_[i].refused())
            open_[candidates_[i].found.plugin].push_back(&candidates_[i]);
}

void PluginSearch::shadow_taken(std::size_t begin) {
    for (std::size_t i = begin; i < candidates_.size(); ++i)
        if (!candidates_[i].refused())
            if (const std::string reason = taken(registry_, candidates_[i].found); !reason.empty())
                candidates_[i].refuse(Refusal::shadowed, reason);
}

void PluginSearch::refuse_duplicates(std::size_t begin) {
    std::map<std::string, std::vector<Candidate *>> by_name;
    for (std::size_t i = begin; i < candidates_.size(); ++i)
        if (!candidates_[i].refused())
            by_name[candidates_[i].found.plugin].push_back(&candidates_[i]);
    for (const auto &[name, same] : by_name)
        for (Candidate *candidate : same)
            if (same.size() > 1) {
                const Candidate *other = same[candidate == same[0] ? 1 : 0];
                candidate->refuse(Refusal::duplicate, "its folder has the plugin \"" + name +
                                                          "\" twice; the other is " +
                                                          other->found.file.filename().string());
            }
}

std::vector<PluginFile> PluginSearch::load_all() {
    while (!open_.empty()) {
        const std::vector<Candidate *> round = next_round();
        try_candidates(round, options_);
        for (Candidate *candidate : round) {
            if (!candidate->refused())
                load(registry_, *candidate);
            settle(*candidate);
        }
        std::erase_if(open_, [](const auto &entry) { return entry.second.empty(); });
    }
    std::vector<PluginFile> result;
    for (const Candidate &candidate : candidates_)
        result.push_back(candidate.found);
    return result;
}

void PluginSearch::settle(const Candidate &candidate) {
    std::vector<Candidate *> &rest = open_.at(candidate.found.plugin);
    rest.erase(rest.begin());
    if (candidate.refused())
        return; // the next folder's turn
    for (Candidate *shadowed : rest)
        shadowed->refuse(Refusal::shadowed, "it is shadowed by " + candidate.found.file.string() +
                                                ", the plugin of its name in an earlier folder");
    rest.clear();
}

std::vector<Candidate *> PluginSearch::next_round() const {
    std::vector<Candidate *> round;
    for (const auto &[name, candidates] : open_)
        round.push_back(candidates.front());
    return round;
}

} // namespace retort::framework
