// SPDX-License-Identifier: Apache-2.0
// A plugin whose calls cost nothing but the call.
#include <retort/sdk/plugin.hpp>
#include <retort/sdk/roles/objective.hpp>

namespace {

class Toy final : public retort::sdk::Objective {
  public:
    explicit Toy(const retort::sdk::ObjectiveContext &) {}

    [[nodiscard]] Score score() const override { return Score::raw; }

    [[nodiscard]] double equilibrium() const override { return equilibrium_; }

    double discriminator_loss(std::span<const float>, std::span<const float>, std::span<float>, std::span<float>,
                              retort::sdk::Progress) override {
        return 0.0;
    }

    double student_loss(std::span<const float>, std::span<const float>, float, std::span<float>,
                        retort::sdk::Progress) override {
        return 0.0;
    }

  private:
    double equilibrium_ = 0.25;
};

} // namespace

RETORT_PLUGIN(registrar) {
    registrar.add<retort::sdk::Objective, Toy>("toy", "Nothing.");
}
