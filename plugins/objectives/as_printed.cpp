// SPDX-License-Identifier: Apache-2.0
#include "as_printed.hpp"

#include "logistic.hpp"

#include <string>

namespace retort::objectives {

namespace {

constexpr std::string_view reason =
    "as_printed is the paper's game without the minus of the discriminator's loss. It is cooperative, not adversarial: "
    "discriminator and student both drive D(s) towards 1, the discriminator's loss is unbounded below, and the student "
    "is driven away from the teacher. \"expected_probability\" is the same game with the minus restored";

} // namespace

void AsPrinted::Settings::fields(sdk::Fields &fields) {
    fields("acknowledge", acknowledge,
           "Must be true: you know that the game as printed is cooperative and unbounded, and drives the student away "
           "from the teacher.");
}

AsPrinted::AsPrinted(const Settings &settings, const sdk::ObjectiveContext &context) {
    if (!settings.acknowledge)
        throw sdk::Error(sdk::ErrorKind::settings,
                         std::string(reason) + "; to run it nevertheless, set \"acknowledge\" to true", "/acknowledge");
    context.services.warn(reason);
}

Term AsPrinted::at_teacher(double a) const {
    return {-softplus(-a), sigmoid(-a)};
}

Term AsPrinted::at_student(double a) const {
    return {-softplus(a), -sigmoid(a)};
}

Term AsPrinted::for_student(double a) const {
    return minus_probability(a);
}

} // namespace retort::objectives
