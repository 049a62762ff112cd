// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/services.hpp>

#include <string_view>

// How a component says what its time goes into: `retort run --profile` shows a row for each phase.
namespace retort::sdk {

/// From here to the end of the scope is a phase of the run, part of the phase around it:
///
///     const sdk::Phase phase(services_, "student forward");
///
/// Where the run is not profiled this is one virtual call. [training thread]
class Phase {
  public:
    Phase(const Services &services, std::string_view name) : profiler_(services.profiler()) {
        if (profiler_ != nullptr)
            profiler_->begin(name);
    }

    ~Phase() {
        if (profiler_ != nullptr)
            profiler_->end();
    }

    Phase(const Phase &) = delete;
    Phase &operator=(const Phase &) = delete;

  private:
    Profiler *profiler_;
};

/// `call()` as a phase of its own, where a scope would be too long. [training thread]
template <class Call> decltype(auto) in_phase(const Services &services, std::string_view name, Call &&call) {
    const Phase phase(services, name);
    return call();
}

} // namespace retort::sdk
