// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/batch.hpp>
#include <retort/sdk/component.hpp>
#include <retort/sdk/distribution.hpp>
#include <retort/sdk/matrix.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/services.hpp>

#include <array>
#include <span>
#include <string_view>

namespace retort::sdk {

/// What a loss may look at. What `Loss::on` does not ask for may be empty.
struct LossInput {
    std::span<const std::int32_t> labels = {};
    ConstMatrix student = {};    ///< logits [rows, classes]
    ConstMatrix teacher = {};    ///< logits [rows, classes]
    Distribution q_student = {}; ///< of the pair that the loss is on
    Distribution q_teacher = {};
};

/// Where gradients are ADDED, times the scale given to `evaluate`.
struct LossGradient {
    Matrix student = {};
    std::array<Matrix, 2> q_student = {}; ///< with respect to the parameters of q_student
};

struct LossContext : Context {
    std::size_t classes = 0;
    std::string_view student_family = {}; ///< of the pair's heads, for a loss on distributions; else empty
    std::string_view teacher_family = {};
};

/// A term of the student's objective. Always minimised, in nats where it is a likelihood.
class RETORT_VISIBLE Loss : public Component {
  public:
    static constexpr std::string_view role = "loss";
    using Context = LossContext;

    enum class On {
        labels,       ///< the student's logits and the labels
        logits,       ///< the student's and the teacher's logits
        distributions ///< q_student and q_teacher of one pair
    };

    [[nodiscard]] virtual On on() const = 0;

    /// Mean over the rows that count (a loss on labels skips `unlabelled` ones), not scaled; 0 where none counts. A
    /// gradient that is empty is not wanted. [training thread]
    virtual double evaluate(const LossInput &input, float scale, const LossGradient &gradient, Progress progress) = 0;
};

} // namespace retort::sdk
