// SPDX-License-Identifier: Apache-2.0
#include "replicas.hpp"

#include <retort/framework/loader.hpp>

#include <charconv>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

namespace retort::host {

namespace fs = std::filesystem;

namespace {

constexpr const char *entry = "retort_replica_link_1";

/// By mpirun of Open MPI.
constexpr const char *size_variable = "OMPI_COMM_WORLD_SIZE";

/// 1 without mpirun.
std::size_t started_together() {
    const char *text = std::getenv(size_variable);
    const std::string_view digits = text == nullptr ? "" : text;
    std::size_t size = 1;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), size);
    return size;
}

[[noreturn]] void refuse(const fs::path &file, const std::string &why) {
    throw framework::Error(framework::ErrorCode::usage, file.string(),
                           "mpirun started " + std::to_string(started_together()) +
                               " processes, and what joins them cannot be opened: " + why +
                               "; allowed: one process, or a Retort that was built with Boost.MPI");
}

/// Stays open: MPI is in it.
std::unique_ptr<framework::ReplicaLink> open_link(const fs::path &file) {
    if (!fs::exists(file))
        refuse(file, "there is no such file");
    void *library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        refuse(file, ::dlerror());
    using Make = framework::ReplicaLink *();
    auto *make = reinterpret_cast<Make *>(::dlsym(library, entry));
    if (make == nullptr)
        refuse(file, "it is of another Retort");
    return std::unique_ptr<framework::ReplicaLink>(make());
}

void mute() {
    std::cout.rdbuf(nullptr);
    std::cerr.rdbuf(nullptr);
}

} // namespace

bool started_by_mpirun() {
    return std::getenv(size_variable) != nullptr;
}

std::unique_ptr<framework::Replicas> join_replicas() {
    if (started_together() < 2)
        return nullptr;
    const fs::path file = framework::executable_path().parent_path().parent_path() / "lib/retort/retort_mpi.so";
    auto replicas = std::make_unique<framework::Replicas>(open_link(file));
    if (!replicas->is_first())
        mute();
    return replicas;
}

} // namespace retort::host
