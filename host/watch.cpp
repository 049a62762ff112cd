// SPDX-License-Identifier: Apache-2.0
#include "watch.hpp"

#include <retort/sdk/names.hpp>

#include <sys/stat.h>
#include <utility>
#include <vector>

namespace retort::host {

ManifestWatch::ManifestWatch(std::filesystem::path file) : file_(std::move(file)), seen_(stamp()) {}

framework::Plan ManifestWatch::begin(framework::Plan plan, const framework::Registry &registry, Read read, Say warn,
                                     Say say) {
    accepted_ = std::move(plan);
    registry_ = &registry;
    read_ = std::move(read);
    warn_ = std::move(warn);
    say_ = std::move(say);
    return framework::read_plan(framework::Manifest::from_json(accepted_.resolved, file_.string(), accepted_.directory),
                                registry);
}

void ManifestWatch::look(framework::Run &run) {
    if (!std::exchange(is_due_, false))
        return;
    const Stamp now = stamp();
    if (now == std::exchange(seen_, now))
        return;
    try {
        take(run);
    } catch (const framework::Error &error) {
        for (const framework::Problem &problem : error.problems())
            warn_(file_.string() + " was edited, and the run goes on as it was: " +
                  (problem.where.empty() ? "" : problem.where + ": ") + problem.message);
    }
}

void ManifestWatch::take(framework::Run &run) {
    framework::Plan edited = read_();
    const std::vector<std::string> changes = framework::edits(accepted_, edited);
    if (changes.empty())
        return;
    run.change(changes, *registry_);
    accepted_ = std::move(edited);
    say_(file_.string() + " was edited, and from here on the run has " + sdk::joined(changes));
}

ManifestWatch::Stamp ManifestWatch::stamp() const {
    struct stat status {};
    if (::stat(file_.c_str(), &status) != 0)
        return {};
    return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, static_cast<std::uint64_t>(status.st_size), status.st_ino};
}

} // namespace retort::host
