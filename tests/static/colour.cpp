// SPDX-License-Identifier: Apache-2.0
#include "colour.hpp"

#include <retort/sdk/finite.hpp>
#include <retort/sdk/plugin.hpp>
#include <retort/sdk/roles/observer.hpp>

#include <limits>

namespace {

class Painter final : public retort::sdk::Observer {
  public:
    explicit Painter(const retort::sdk::ObserverContext &context) : services_(context.services) {}

    /// Says its colour.
    void begin_run() override {
        const std::string mixed = mixed_colour(Mixture());
        services_.info(mixed + ", mixed " + std::to_string(times_mixed) + " times");
    }

    /// Fails in a function of the contract's headers, which every plugin brings along.
    void end_run() override {
        retort::sdk::check_loss("paint", std::numeric_limits<double>::infinity(), "model", "wall", {}, {}, {});
    }

  private:
    retort::sdk::Services &services_;
};

} // namespace

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Observer, Painter>(COLOUR, "Paints.");
}
