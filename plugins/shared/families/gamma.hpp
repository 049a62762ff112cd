// SPDX-License-Identifier: Apache-2.0
#pragma once

// The gamma function's logarithm and its derivatives, and gamma distributions. [any thread]
namespace retort::plugin_support {

/// log Gamma(x), x > 0.
[[nodiscard]] double log_gamma(double x);

/// Its derivative, and the derivative of that; x > 0.
[[nodiscard]] double digamma(double x);
[[nodiscard]] double trigamma(double x);

/// A number of the gamma distribution of shape a > 0 and scale 1, as its logarithm: of the number itself nothing would
/// be left for a small a.
struct LogGammaNumber {
    double log = 0.0;   ///< log x
    double slope = 0.0; ///< d log x / d a, with `normal` held
};

/// The x below which the gamma distribution has as much as the standard normal distribution has below `normal`: a
/// number of the former, if `normal` is one of the latter. A smooth function of `shape`. For shapes from 1e-3 on log x
/// is off by less than 1e-6 + 1e-9 |log x| for normal numbers from -6 to 4.5, and by less than 1e-5 up to 6.
///
/// Below shape 100, with the distribution function's series (Abramowitz and Stegun 1964, 6.5.29)
///   P(a, x) = x^a e^-x / Gamma(a + 1) * S,   S = sum_k x^k / ((a + 1) ... (a + k)),
/// inverted by Newton steps; its slope is -(dP/da) / (dP/dx), implicit reparameterisation (Figurnov et al. 2018). From
/// there on by Temme's uniform asymptotic inversion (Gil, Segura and Temme 2007, chapter 10), and its own derivative.
[[nodiscard]] LogGammaNumber gamma_number(double shape, double normal);

} // namespace retort::plugin_support
