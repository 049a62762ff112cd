// SPDX-License-Identifier: Apache-2.0
#include "watch.hpp"

#include <retort/sdk/names.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>

#include <optional>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace retort::host {

namespace json = boost::json;

ManifestWatch::ManifestWatch(std::filesystem::path file, framework::Replicas *replicas)
    : file_(std::move(file)), replicas_(replicas), seen_(stamp()) {}

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
    try {
        take(run);
    } catch (const framework::Error &error) {
        const bool is_over = error.code() == framework::ErrorCode::cancelled ||
                             error.code() == framework::ErrorCode::internal; // not for what was edited
        if (is_over || (replicas_ != nullptr && replicas_->failed()))
            throw;
        for (const framework::Problem &problem : error.problems())
            warn_(file_.string() + " was edited, and the run goes on as it was: " +
                  (problem.where.empty() ? "" : problem.where + ": ") + problem.message);
    }
}

/// The assignments that were made in the file since the last look.
std::vector<std::string> ManifestWatch::edits() {
    const Stamp now = stamp();
    if (now == std::exchange(seen_, now))
        return {};
    edited_ = read_();
    return framework::edits(accepted_, edited_);
}

/// Of several replicas all need to know, also that the first cannot read them.
std::vector<std::string> ManifestWatch::edits_of_first() {
    std::optional<framework::Error> unreadable;
    std::vector<std::string> found;
    try {
        if (replicas_ == nullptr || replicas_->is_first())
            found = edits();
    } catch (const framework::Error &error) {
        unreadable = error;
    }
    if (replicas_ != nullptr) {
        const json::value first = json::parse(replicas_->of_first(json::serialize(json::value_from(found))));
        found = json::value_to<std::vector<std::string>>(first);
    }
    if (unreadable)
        throw framework::Error(*unreadable);
    return found;
}

void ManifestWatch::take(framework::Run &run) {
    const std::vector<std::string> changes = edits_of_first();
    if (changes.empty())
        return;
    run.change(changes, *registry_);
    accepted_ = std::move(edited_);
    say_(file_.string() + " was edited, and from here on the run has " + sdk::joined(changes));
}

ManifestWatch::Stamp ManifestWatch::stamp() const {
    struct stat status {};
    if (::stat(file_.c_str(), &status) != 0)
        return {};
    return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, static_cast<std::uint64_t>(status.st_size), status.st_ino};
}

} // namespace retort::host
