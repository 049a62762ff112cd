// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/settings.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace retort::trainer_adversarial_distillation {

enum class OnAlarm {
    log, ///< a line and an event, and training goes on
    stop ///< it ends with an error, and the student has its last good weights again
};

inline std::span<const std::string_view> names_of(OnAlarm) {
    static constexpr std::string_view names[] = {"log", "stop"};
    return names;
}

struct AlarmSettings {
    std::uint64_t window = 200;
    double won_accuracy = 0.99;
    double won_loss = 0.05;
    double blind_accuracy = 0.02;
    double blind_spread = 0.01;
    double blind_difference = 0.1;
    double vanished_ratio = 0.001;
    double collapsed_spread = 0.01;
    double collapsed_classes = 0.1;

    void fields(sdk::Fields &field) {
        field(
            "window", window,
            "Steps that are judged together, at the last of them, by their means; what is left at the end of the stage "
            "is not judged. 0: there are no alarms.",
            {0, 1e9});
        field("won_accuracy", won_accuracy,
              "A discriminator has won when its accuracy is more than this and its loss within won_loss of the "
              "least that the objective has, which is 0 without smoothing.",
              {0.0, 1.0});
        field("won_loss", won_loss, "See won_accuracy. 0: never.", {0.0, 1e6});
        field("blind_accuracy", blind_accuracy,
              "A discriminator is blind when its accuracy is within this of 0.5, the standard deviation of its scores "
              "less than blind_spread, and the samples of both sides differ by more than blind_difference.",
              {0.0, 0.5});
        field("blind_spread", blind_spread, "See blind_accuracy. 0: never.", {0.0, 1e6});
        field("blind_difference", blind_difference,
              "See blind_accuracy. From 0, where the samples of both sides have the same means and standard "
              "deviations, to "
              "1, where each dimension tells them apart.",
              {0.0, 1.0});
        field(
            "vanished_ratio", vanished_ratio,
            "An adversary's gradient has vanished when its norm with respect to the student's weights, without lambda, "
            "is less than so many times that of the losses on labels (or of all losses where none on labels has a "
            "weight), by the measurements of telemetry_every. 0: never.",
            {0.0, 1e6});
        field("collapsed_spread", collapsed_spread,
              "The student's logits have collapsed when their standard deviation over a batch is less than this. 0: "
              "never.",
              {0.0, 1e6});
        field("collapsed_classes", collapsed_classes,
              "They have collapsed, too, when the number of predicted classes less one is less than so many times that "
              "of "
              "the labels less one, each number being e to the entropy of the classes' shares. 0: never.",
              {0.0, 1.0});
    }
};

} // namespace retort::trainer_adversarial_distillation
