// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace retort::framework {

/// What went wrong, as the exit code of the `retort` command.
enum class ErrorCode : int {
    internal = 1,   ///< a defect of Retort itself
    usage = 2,      ///< a call that makes no sense: unknown option, malformed --set
    manifest = 3,   ///< the manifest asks for something that cannot be
    plugin = 4,     ///< a plugin is missing, was refused, or broke its contract
    data = 5,       ///< a file of data or weights is missing, damaged, or does not fit
    training = 6,   ///< NaN, infinity, or an alarm
    output = 7,     ///< a result could not be written
    cancelled = 130 ///< the run was asked to stop
};

/// One mistake: where it is, and a sentence that says what was found and what is allowed.
struct Problem {
    std::string where; ///< JSON pointer into the manifest, "file:line:column", or a path; may be empty
    std::string message;
    std::string plugin = {}; ///< that reported it; empty if none did
    std::string stage = {};  ///< that was running; empty before the first
};

/// The one exception type that leaves the framework. It owns all of its text: no plugin needs to be there to read it.
class Error : public std::runtime_error {
  public:
    Error(ErrorCode code, std::vector<Problem> problems);
    Error(ErrorCode code, std::string where, std::string message);

    [[nodiscard]] ErrorCode code() const { return code_; }

    /// At least one. `what()` is all of them, a line each: "where: message [plugin X, stage Y]", without what is
    /// not known, and with "?" for control characters and what is no UTF-8, so that it is safe to print.
    [[nodiscard]] const std::vector<Problem> &problems() const { return problems_; }

  private:
    ErrorCode code_;
    std::vector<Problem> problems_;
};

} // namespace retort::framework
