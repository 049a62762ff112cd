// SPDX-License-Identifier: Apache-2.0
#include "loading.hpp"
#include "trial_answer.hpp"

#include <retort/framework/describe.hpp>
#include <retort/framework/trial.hpp>

#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace retort::framework {

namespace {

/// A crash here is expected: it leaves no file behind, and the process does not outlive who waits for it.
void prepare_process() {
    const struct rlimit none { 0, 0 };
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/// Stdout as it was, out of a plugin's reach; what it prints goes to stderr.
int take_stdout() {
    const int taken = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    return taken;
}

std::string answer_of(const std::filesystem::path &file) {
    LoadOptions options;
    options.allow_unsafe = true; // the parent has decided
    Candidate candidate = inspect(file, options);
    Registry registry;
    if (!candidate.refused())
        load(registry, candidate);
    if (candidate.refused())
        return refused_answer(candidate.found.refusal, candidate.found.reason);
    try {
        for (const Entry *entry : registry.entries())
            (void)describe(*entry);
    } catch (const Error &error) {
        return refused_answer(Refusal::registration,
                              "it threw while it described its settings: " + error.problems().front().message);
    }
    return std::string(trial_loaded);
}

} // namespace

int try_plugin(const std::filesystem::path &file) {
    prepare_process();
    const int parent = take_stdout();
    const std::string answer = answer_of(file);
    const bool told = ::write(parent, answer.data(), answer.size()) == static_cast<ssize_t>(answer.size());
    return told ? 0 : static_cast<int>(ErrorCode::internal);
}

} // namespace retort::framework
