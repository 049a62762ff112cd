// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "candidate.hpp"

#include <retort/framework/loader.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace retort::framework {

/// How the trial of a file ended.
struct TrialResult {
    Refusal refusal = Refusal::none;
    std::string reason; ///< a sentence that begins with "it"; empty if the file is sound
};

/// Tries each file by `PROGRAM probe --child FILE` in a process of its own, a few at once, and ends those that take
/// longer than the timeout, with whatever processes they started. What they write on stderr becomes part of the reason.
/// The program tells on stdout how it ended: see trial_answer.hpp.
[[nodiscard]] std::vector<TrialResult> try_files(std::span<const std::filesystem::path> files,
                                                 const LoadOptions &options);

/// Has those tried of which it is not known how that ends, if there is a prober, and refuses what is not sound.
/// Remembers what is, and what hangs.
void try_candidates(const std::vector<Candidate *> &candidates, const LoadOptions &options);

} // namespace retort::framework
