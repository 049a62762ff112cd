// SPDX-License-Identifier: Apache-2.0
#include "run_profiler.hpp"

#include <algorithm>
#include <limits>

namespace retort::framework {

namespace {

constexpr std::size_t uncounted = std::numeric_limits<std::size_t>::max(); ///< one phase too many

double in_seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

} // namespace

std::chrono::nanoseconds RunProfiler::steady_now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

RunProfiler::RunProfiler(Clock now) : now_(now), start_(now()), nodes_(1) {
    nodes_.reserve(64);
    open_.reserve(64);
}

void RunProfiler::begin(std::string_view phase) {
    if (!is_ours())
        return;
    const std::size_t node = child(open_.empty() ? 0 : open_.back().node, phase);
    open_.push_back({node, {}, operations_});
    open_.back().begin = now_(); // last: what this costs is not the phase's
}

void RunProfiler::end() noexcept {
    if (!is_ours() || open_.empty())
        return;
    close(open_.back(), now_(), nodes_);
    open_.pop_back();
}

void RunProfiler::count_operations(std::uint64_t operations) noexcept {
    if (is_ours())
        operations_ += operations;
}

std::size_t RunProfiler::child(std::size_t parent, std::string_view name) {
    if (parent == uncounted)
        return uncounted;
    for (const std::size_t child : nodes_[parent].children)
        if (nodes_[child].name == name)
            return child;
    if (nodes_.size() > most_phases)
        return uncounted;
    const std::size_t made = nodes_.size();
    Node &node = nodes_.emplace_back();
    node.name = name;
    node.depth = parent == 0 ? 0 : nodes_[parent].depth + 1;
    node.kept.reserve(kept_calls);
    nodes_[parent].children.push_back(made);
    return made;
}

/// `open` ends at `now`, in `nodes`.
void RunProfiler::close(const Open &open, std::chrono::nanoseconds now, std::vector<Node> &nodes) const {
    if (open.node == uncounted)
        return;
    Node &node = nodes[open.node];
    const Kept call{open.begin - start_, now - open.begin, operations_ - open.operations};
    ++node.calls;
    node.time += call.duration;
    node.operations += call.operations;
    if (node.kept.size() < kept_calls)
        node.kept.push_back(call);
}

/// As if all that is open ended now.
std::vector<RunProfiler::Node> RunProfiler::closed() const {
    const std::chrono::nanoseconds now = now_();
    std::vector<Node> nodes = nodes_;
    for (const Open &open : open_)
        close(open, now, nodes);
    return nodes;
}

std::vector<ProfiledPhase> RunProfiler::phases() const {
    std::vector<ProfiledPhase> phases;
    const std::vector<Node> nodes = closed();
    double whole = 0.0;
    for (const std::size_t outermost : nodes[0].children) {
        list(nodes, outermost, {}, phases);
        whole += in_seconds(nodes[outermost].time);
    }
    for (ProfiledPhase &phase : phases)
        phase.share = whole > 0.0 ? phase.seconds / whole : 0.0;
    return phases;
}

void RunProfiler::list(const std::vector<Node> &nodes, std::size_t index, const std::string &around,
                       std::vector<ProfiledPhase> &phases) {
    const Node &node = nodes[index];
    std::chrono::nanoseconds own = node.time;
    for (const std::size_t child : node.children)
        own -= nodes[child].time;
    const std::string path = around + node.name;
    phases.push_back(
        {path, node.name, node.depth, node.calls, in_seconds(node.time), in_seconds(own), 0.0, node.operations});
    for (const std::size_t child : node.children)
        list(nodes, child, path + "/", phases);
}

std::vector<PhaseCall> RunProfiler::calls() const {
    std::vector<PhaseCall> calls;
    const std::vector<Node> nodes = closed();
    for (std::size_t i = 1; i < nodes.size(); ++i)
        for (std::size_t call = 0; call < nodes[i].kept.size(); ++call) {
            const Kept &kept = nodes[i].kept[call];
            calls.push_back({nodes_[i].name, nodes[i].depth, call, kept.begin, kept.duration, kept.operations});
        }
    std::sort(calls.begin(), calls.end(), [](const PhaseCall &a, const PhaseCall &b) {
        return a.begin != b.begin ? a.begin < b.begin : a.depth < b.depth;
    });
    return calls;
}

} // namespace retort::framework
