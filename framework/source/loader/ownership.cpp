// SPDX-License-Identifier: Apache-2.0
#include "ownership.hpp"

#include "refused.hpp"

#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace retort::framework {

namespace fs = std::filesystem;

namespace {

void check_owner(const fs::path &path, const std::string &what) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        throw Refused(Refusal::unreadable, "it cannot be read: " + std::generic_category().message(errno));
    if ((status.st_mode & S_IWOTH) != 0)
        throw Refused(Refusal::unsafe, "it is not trusted: " + what + " can be written by everybody");
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        throw Refused(Refusal::unsafe, "it is not trusted: " + what + " belongs to user " +
                                           std::to_string(status.st_uid) + ", neither to you (" +
                                           std::to_string(::geteuid()) + ") nor to root");
}

void check_folder_owner(const fs::path &folder) {
    check_owner(folder, "its folder " + folder.string());
}

} // namespace

void check_ownership(const fs::path &file) {
    constexpr int most_links = 40; // as many as the system follows
    std::error_code failure;
    check_owner(file, "the file");
    fs::path here = file;
    for (int links = 0; links <= most_links; ++links) {
        check_folder_owner(here.parent_path());
        const fs::path target = fs::read_symlink(here, failure);
        if (failure) // it is no link
            return;
        here = here.parent_path() / target;
    }
}

} // namespace retort::framework
