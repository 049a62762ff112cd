// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/framework/plugin_file.hpp>

#include <stdexcept>
#include <string>

namespace retort::framework {

/// Thrown within the loader where it finds why a file is refused.
class Refused : public std::runtime_error {
  public:
    /// `reason`: a sentence that begins with "it".
    Refused(Refusal refusal, const std::string &reason) : std::runtime_error(reason), refusal_(refusal) {}

    [[nodiscard]] Refusal refusal() const { return refusal_; }

  private:
    Refusal refusal_;
};

} // namespace retort::framework
