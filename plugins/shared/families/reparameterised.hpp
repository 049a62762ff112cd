// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <plugins/shared/families/family.hpp>
#include <span>

namespace retort::plugin_support {

/// A family of independent dimensions with a location and a scale each: a sample is location + scale * e with e of the
/// standard distribution, which is kept.
class Reparameterised : public Family {
  public:
    [[nodiscard]] bool has_second() const final { return true; }

    [[nodiscard]] std::size_t kept(std::size_t width) const final { return width; }

    void sample(FamilyRow q, sdk::Random random, std::span<float> z, std::span<float> kept) const final {
        draw_standard(random, kept);
        for (std::size_t c = 0; c < z.size(); ++c)
            z[c] = q.first[c] + q.second[c] * kept[c];
    }

    void sample_gradient(FamilyRow, std::span<const float> kept, std::span<const float> gradient,
                         FamilyGradient result) const final {
        for (std::size_t c = 0; c < gradient.size(); ++c) {
            result.first[c] += gradient[c];
            result.second[c] += gradient[c] * kept[c];
        }
    }

  private:
    /// Numbers of location 0 and scale 1.
    virtual void draw_standard(sdk::Random random, std::span<float> result) const = 0;
};

} // namespace retort::plugin_support
