// SPDX-License-Identifier: Apache-2.0
#include "raw.hpp"

namespace retort::objectives {

namespace {

/// Half the squared distance of a score from a target.
Term half_square(double a, double target) {
    return {0.5 * (a - target) * (a - target), a - target};
}

} // namespace

Term LeastSquares::at_teacher(double a) const {
    return half_square(a, 1.0);
}

Term LeastSquares::at_student(double a) const {
    return half_square(a, 0.0);
}

Term LeastSquares::for_student(double a) const {
    return half_square(a, 1.0);
}

// Written so that NaN stays NaN: a comparison with it is false.
Term Hinge::at_teacher(double a) const {
    return a >= 1.0 ? Term{0.0, 0.0} : Term{1.0 - a, -1.0};
}

Term Hinge::at_student(double a) const {
    return a <= -1.0 ? Term{0.0, 0.0} : Term{1.0 + a, 1.0};
}

Term Hinge::for_student(double a) const {
    return {-a, -1.0};
}

} // namespace retort::objectives
