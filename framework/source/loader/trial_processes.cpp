// SPDX-License-Identifier: Apache-2.0
#include "trial_processes.hpp"

#include "child_process.hpp"
#include "known_plugins.hpp"
#include "trial_answer.hpp"

#include <retort/framework/printable.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <poll.h>
#include <sys/wait.h>
#include <system_error>
#include <utility>

namespace retort::framework {

namespace {

constexpr int wait_at_most = 20; // milliseconds until the children are looked at again, though none wrote anything

std::string wrote(const ChildProcess &child) {
    const std::string text = one_line(child.err.text());
    return text.empty() ? "; it wrote nothing on stderr" : "; on stderr: " + text;
}

std::string signal_name(int signal) {
    const char *name = ::sigabbrev_np(signal);
    return "signal " + std::to_string(signal) + (name == nullptr ? "" : std::string(" (SIG") + name + ")");
}

TrialResult refusal_of(const std::string &answer) {
    const std::size_t end = std::min(answer.find(": "), answer.size());
    const std::string word = answer.substr(trial_refused.size(), end - trial_refused.size());
    const Refusal refusal = refusal_named(word);
    return {refusal == Refusal::none ? Refusal::registration : refusal,
            answer.substr(std::min(end + 2, answer.size()))};
}

TrialResult trial_result(const ChildProcess &child, std::chrono::milliseconds timeout) {
    const std::string &answer = child.out.text();
    const std::string when = answer == trial_loaded ? " when the process that had tried it ended"
                                                    : " when it was tried in a process of its own";
    if (child.timed_out())
        return {Refusal::hung,
                "it was not done after " + std::to_string(timeout.count()) + " ms" + when + wrote(child)};
    const int status = child.status().value_or(0);
    if (WIFSIGNALED(status))
        return {Refusal::crashed, "it crashed" + when + ": " + signal_name(WTERMSIG(status)) + wrote(child)};
    if (answer.starts_with(trial_refused))
        return refusal_of(answer);
    if (answer == trial_loaded && WEXITSTATUS(status) == 0)
        return {};
    return {Refusal::exited,
            "it ended the process that tried it, with exit code " + std::to_string(WEXITSTATUS(status)) + wrote(child)};
}

/// Sleeps until one of them has something to say, or ended.
void wait_for_any(const std::vector<std::pair<std::size_t, std::unique_ptr<ChildProcess>>> &running) {
    std::vector<pollfd> descriptors;
    for (const auto &[index, child] : running)
        for (const CaughtOutput *caught : {&child->out, &child->err})
            descriptors.push_back({caught->descriptor(), POLLIN, 0}); // negative ones are skipped
    ::poll(descriptors.data(), descriptors.size(), wait_at_most);
}

} // namespace

std::vector<TrialResult> try_files(std::span<const std::filesystem::path> files, const LoadOptions &options) {
    std::vector<TrialResult> results(files.size());
    std::vector<std::pair<std::size_t, std::unique_ptr<ChildProcess>>> running;
    std::size_t next = 0;
    while (next < files.size() || !running.empty()) {
        for (; next < files.size() && running.size() < std::max<std::size_t>(options.trials_at_once, 1); ++next) {
            const std::vector<std::string> command{options.prober.string(), "probe", "--child", files[next].string()};
            try {
                running.emplace_back(next, std::make_unique<ChildProcess>(command, options.timeout));
            } catch (const std::system_error &error) {
                results[next] = {Refusal::not_tried,
                                 std::string("it could not be tried in a process of its own: ") + error.what()};
            }
        }
        wait_for_any(running);
        std::erase_if(running, [&](const auto &entry) {
            const auto &[index, child] = entry;
            if (!child->poll())
                return false;
            results[index] = trial_result(*child, options.timeout);
            return true;
        });
    }
    return results;
}

/// Whether it has to be tried. Refuses what hung before with as much time.
static bool is_unknown(Candidate &candidate, const KnownPlugins &known, const LoadOptions &options) {
    const std::string &sha256 = candidate.found.sha256;
    if (options.try_again)
        return true;
    if (known.is_sound(sha256))
        return false;
    const std::optional<KnownHang> hang = known.hang(sha256);
    if (!hang || hang->timeout < options.timeout)
        return true;
    candidate.refuse(Refusal::hung,
                     hang->reason + "; this is remembered for a day, unless `retort probe` finds it well");
    return false;
}

static void remember_result(const KnownPlugins &known, const Candidate &candidate, const TrialResult &result,
                            const LoadOptions &options) {
    if (identity_of(candidate.found.file) != candidate.identity)
        return;
    if (result.refusal == Refusal::none)
        known.add_sound(candidate.found.sha256);
    else if (result.refusal == Refusal::hung)
        known.add_hang(candidate.found.sha256, {options.timeout, result.reason});
}

void try_candidates(const std::vector<Candidate *> &candidates, const LoadOptions &options) {
    if (options.prober.empty())
        return;
    const KnownPlugins known(options.known);
    std::vector<Candidate *> unknown;
    std::vector<std::filesystem::path> files;
    for (Candidate *candidate : candidates)
        if (is_unknown(*candidate, known, options)) {
            unknown.push_back(candidate);
            files.push_back(candidate->found.file);
        }
    const std::vector<TrialResult> results = try_files(files, options);
    for (std::size_t i = 0; i < results.size(); ++i) {
        remember_result(known, *unknown[i], results[i], options);
        if (results[i].refusal != Refusal::none)
            unknown[i]->refuse(results[i].refusal, results[i].reason);
    }
}

} // namespace retort::framework
