// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "penalised.hpp"

#include <span>
#include <string_view>

namespace retort::objectives {

/// What a score is compared with.
enum class Against { pairs, means };

inline std::span<const std::string_view> names_of(Against) {
    static constexpr std::string_view names[] = {"pairs", "means"};
    return names;
}

/// Relativistic games on raw scores (Jolicoeur-Martineau 2019), with f(x) = log(1 + e^-x):
///   pairs  D minimises E f(a(t) - a(s)), the student E f(a(s) - a(t)), t and s being the samples of one example;
///   means  with the means m_t and m_s of the scores, D minimises E f(a(t) - m_s) + E f(m_t - a(s)), the student
///          E f(a(s) - m_t) + E f(m_s - a(t)).
/// Their level means nothing, so that both means are equal, wherever they are, when the student has met the teacher.
class Relativistic final : public PenalisedObjective {
  public:
    struct Settings {
        Against against = Against::pairs;
        double r1 = 0.0;

        void fields(sdk::Fields &fields);
    };

    Relativistic(const Settings &settings, const sdk::ObjectiveContext &)
        : PenalisedObjective(r1_penalty(settings.r1)), against_(settings.against) {}

    [[nodiscard]] Score score() const override { return Score::raw; }

    [[nodiscard]] double equilibrium() const override { return 0.0; }

    [[nodiscard]] bool compares_scores() const override { return true; }

    double discriminator_loss(std::span<const float> t, std::span<const float> s, std::span<float> t_gradient,
                              std::span<float> s_gradient, sdk::Progress progress) override;

    double student_loss(std::span<const float> t, std::span<const float> s, float scale, std::span<float> s_gradient,
                        sdk::Progress progress) override;

  private:
    Against against_;
};

} // namespace retort::objectives
