// SPDX-License-Identifier: Apache-2.0
// Stands for libFuzzer where there is none: runs the target once on each file that is named, and on all files of each
// folder. Options, which begin with "-", are libFuzzer's and left alone.
#include "target.hpp"

#include <algorithm>
#include <cstdio>
#include <support/temporary_folder.hpp>
#include <vector>

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_at(const fs::path &path) {
    if (!fs::is_directory(path))
        return {path};
    std::vector<fs::path> files;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(path))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

void replay(const fs::path &file) {
    std::printf("%s\n", file.c_str());
    std::fflush(stdout); // the last line names the input of a crash
    const std::string bytes = retort::test::read_file(file);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
}

} // namespace

int main(int count, char **arguments) {
    std::size_t replayed = 0;
    for (const std::string &path : std::vector<std::string>(arguments + 1, arguments + count)) {
        if (path.starts_with("-"))
            continue;
        for (const fs::path &file : files_at(path)) {
            replay(file);
            ++replayed;
        }
    }
    std::printf("%zu inputs\n", replayed);
    return replayed == 0 ? 2 : 0;
}
