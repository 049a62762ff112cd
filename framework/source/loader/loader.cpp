// SPDX-License-Identifier: Apache-2.0
#include "../registry/stamp.hpp"
#include "candidate.hpp"
#include "loading.hpp"
#include "plugin_search.hpp"
#include "trial_processes.hpp"

#include <retort/framework/loader.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>
#include <system_error>

namespace retort::framework {

namespace fs = std::filesystem;

std::vector<SearchFolder> plugin_search_path(const std::vector<fs::path> &extra, const fs::path &executable) {
    std::vector<SearchFolder> result;
    for (const fs::path &folder : extra)
        result.push_back({folder, "--plugin-path", true});
    const char *variable = std::getenv("RETORT_PLUGIN_PATH");
    std::string_view rest = variable == nullptr ? "" : variable;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        if (end > 0)
            result.push_back({rest.substr(0, end), "RETORT_PLUGIN_PATH"});
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const fs::path beside = executable.parent_path() / "../lib/retort/plugins";
    result.push_back({beside.lexically_normal(), "beside the command"});
    return result;
}

fs::path executable_path() {
    return fs::read_symlink("/proc/self/exe");
}

PluginFile inspect_plugin(const fs::path &file, const LoadOptions &options) {
    return inspect(file, options).found;
}

std::vector<StampField> stamp_fields(const std::string &stamp) {
    return compare_stamps(own_stamp(), stamp, processor_level());
}

PluginFile load_file(Registry &registry, const fs::path &file, const LoadOptions &options) {
    Candidate candidate = inspect(file, options);
    if (!candidate.refused())
        try_candidates({&candidate}, options);
    if (!candidate.refused())
        load(registry, candidate);
    return candidate.found;
}

PluginFile load_plugin(Registry &registry, const fs::path &file, const LoadOptions &options) {
    const PluginFile found = load_file(registry, file, options);
    const bool blamed = found.refusal == Refusal::registration;
    if (!found.loaded())
        throw Error(ErrorCode::plugin, {{found.file.string(), found.reason, blamed ? found.plugin : std::string()}});
    return found;
}

static void check_there(const fs::path &folder) {
    std::error_code failure;
    if (!fs::is_directory(folder, failure))
        throw Error(ErrorCode::plugin, folder.string(), "there is no such folder of plugins");
}

std::vector<PluginFile> load_search_path(Registry &registry, std::span<const SearchFolder> path,
                                         const LoadOptions &options) {
    for (const SearchFolder &folder : path)
        if (folder.required)
            check_there(folder.folder);
    PluginSearch search(registry, options);
    std::error_code failure;
    std::set<fs::path> seen; // a folder named twice is no duplicate
    for (const SearchFolder &folder : path) {
        const fs::path place = fs::canonical(folder.folder, failure);
        if (!failure && fs::is_directory(place, failure) && seen.insert(place).second)
            search.add_folder(folder.folder);
    }
    return search.load_all();
}

std::vector<PluginFile> load_plugins(Registry &registry, const std::vector<fs::path> &folders,
                                     const std::vector<fs::path> &required) {
    for (const fs::path &folder : required)
        check_there(folder);
    std::vector<SearchFolder> path;
    for (const fs::path &folder : folders)
        path.push_back({folder});
    std::vector<PluginFile> files = load_search_path(registry, path);
    std::erase_if(files, [](const PluginFile &file) { return !file.refused(); });
    return files;
}

} // namespace retort::framework
