// SPDX-License-Identifier: Apache-2.0
#include "../support/threads.hpp"
#include "../support/translate.hpp"
#include "run_implementation.hpp"

#include <retort/framework/run.hpp>

namespace retort::framework {

namespace {

/// What goes wrong here goes wrong for the other replicas, too.
template <class Call> decltype(auto) failing_together(Replicas *replicas, Call &&call) {
    try {
        return call();
    } catch (const Error &error) {
        if (replicas != nullptr)
            replicas->fail(error);
        throw;
    }
}

} // namespace

Run::Run(const Plan &plan, RunOptions options) {
    Replicas *replicas = options.replicas;
    failing_together(replicas, [&] {
        const ThreadScope scope(threads_of(plan, replicas));
        implementation_ = with_own_errors([&] { return std::make_unique<Implementation>(plan, std::move(options)); });
        if (replicas != nullptr)
            (void)replicas->any(false); // all are here
    });
}

Run::~Run() = default;

void Run::start() {
    const ThreadScope scope(implementation_->threads());
    with_own_errors([&] { implementation_->start(); });
}

bool Run::step() {
    const ThreadScope scope(implementation_->threads());
    return with_own_errors([&] { return implementation_->step(); });
}

void Run::execute() {
    while (step()) {
    }
}

void Run::cancel() {
    implementation_->cancel();
}

void Run::change(const std::vector<std::string> &assignments, const Registry &registry) {
    const ThreadScope scope(implementation_->threads());
    with_own_errors([&] { implementation_->change(assignments, registry); });
}

sdk::Model &Run::model(std::string_view name) {
    return implementation_->model(name);
}

const sdk::Dataset &Run::dataset(std::string_view name) {
    return implementation_->dataset(name);
}

sdk::MatrixBuffer Run::predict(std::string_view model, sdk::ConstMatrix inputs) {
    const ThreadScope scope(implementation_->threads());
    return with_own_errors([&] { return implementation_->predict(model, inputs); });
}

const std::vector<Report> &Run::reports() const {
    return implementation_->reports();
}

std::vector<ProfiledPhase> Run::profile() const {
    return implementation_->profile();
}

const std::vector<std::string> &Run::files() const {
    return implementation_->files();
}

} // namespace retort::framework
