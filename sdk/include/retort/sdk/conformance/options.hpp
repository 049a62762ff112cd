// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/registrar.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace retort::sdk::conformance {

/// What the C++ standard library cannot see, by whoever can: `retort check` watches the process it is. Of the calling
/// thread only. Without instruments the checks that need them are skipped.
class Instruments {
  public:
    /// From now on allocations are counted, until `stop`. `own`: those of the plugin too, which takes longer.
    virtual void start(bool own) = 0;

    struct Counts {
        std::size_t own = 0; ///< allocations that the plugin's code asked for, itself or through the standard library
        std::ptrdiff_t alive = 0; ///< blocks allocated and not freed, by whomever
    };

    virtual Counts stop() = 0;

    /// Whether `start` and `stop` can tell at all; if not, why.
    [[nodiscard]] virtual std::string blind() const { return {}; }

    /// From now on stdout and stderr are caught, until `release`, which returns what was written.
    virtual void catch_output() = 0;
    [[nodiscard]] virtual std::string release_output() = 0;

  protected:
    Instruments() = default;
    ~Instruments() = default;
    Instruments(const Instruments &) = default;
    Instruments &operator=(const Instruments &) = default;
};

/// How a component is checked. The same options give the same findings.
struct Options {
    std::uint64_t seed = 1;
    std::size_t draws = 4; ///< random draws of all settings at once

    /// Text settings by pointer, such as {"/directory", "data"}: those that have no default.
    std::map<std::string, std::string> texts = {};

    /// Settings to start from, those that have no default given. Null: the factory's own.
    std::function<std::unique_ptr<AnySettings>()> settings = {};

    /// Whether a reader of manifests refuses `value` for the setting at `pointer`. Null: what it refuses is not asked.
    std::function<bool(const std::string &pointer, double value)> refuses = {};

    Instruments *instruments = nullptr;

    /// Called before each check, for a display.
    std::function<void(std::string_view component, std::string_view check)> progress = {};
};

} // namespace retort::sdk::conformance
