// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/services.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace retort::framework {

/// Puts the component's place before the pointers that it reports, and names its plugin.
class PlacedProblems final : public sdk::Problems {
  public:
    PlacedProblems(sdk::Problems &target, std::string place, std::string plugin)
        : target_(target), place_(std::move(place)), plugin_(std::move(plugin)) {}

    void report(std::string_view pointer, std::string_view message, std::string_view plugin) override {
        target_.report(place_ + std::string(pointer), message, plugin.empty() ? plugin_ : plugin);
    }

  private:
    sdk::Problems &target_;
    std::string place_;
    std::string plugin_;
};

} // namespace retort::framework
