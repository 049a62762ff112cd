// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/options.hpp>
#include <retort/sdk/registrar.hpp>

#include <array>
#include <string>

namespace retort::host {

/// Watches the process for the conformance kit. The program that links this has its malloc, free and kin replaced by
/// ones that count on the calling thread while they are asked to, and call the C library's.
///
/// An allocation is the plugin's own when the nearest function on the stack outside the C and C++ libraries lies in the
/// plugin's file: what oneDNN allocates while it works for a plugin is oneDNN's.
class ProcessInstruments final : public sdk::conformance::Instruments {
  public:
    /// `factory`: of a component of the plugin whose allocations are its own.
    explicit ProcessInstruments(const sdk::AnyFactory &factory);
    ProcessInstruments(const ProcessInstruments &) = delete;
    ProcessInstruments &operator=(const ProcessInstruments &) = delete;
    ~ProcessInstruments();

    void start(bool own) override;
    Counts stop() override;
    [[nodiscard]] std::string blind() const override { return blindness(); }

    /// Why allocations are not counted in this build; empty if they are.
    [[nodiscard]] static std::string blindness();

    void catch_output() override;
    [[nodiscard]] std::string release_output() override;

  private:
    const void *plugin_ = nullptr; ///< where its file is mapped
    int file_ = -1;                ///< what is printed goes there
    std::array<int, 2> kept_{-1, -1};
};

} // namespace retort::host
