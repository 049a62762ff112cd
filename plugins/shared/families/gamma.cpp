// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <plugins/shared/families/gamma.hpp>
#include <span>

namespace retort::plugin_support {

namespace {

constexpr double asymptotic_from = 100.0; ///< shape
constexpr double root_half = 0.70710678118654752440;

/// S of P(a, x), and its derivative with respect to a.
struct Series {
    Series(double a, double x) {
        double term = 1.0;
        double harmonic = 0.0;
        for (double k = 1.0; term > 1e-17 * sum; ++k) {
            term *= x / (a + k);
            harmonic += 1.0 / (a + k);
            sum += term;
            slope -= term * harmonic;
        }
    }

    double sum = 1.0;
    double slope = 0.0;
};

/// One gamma distribution, and the place in it that is sought.
struct Inversion {
    Inversion(double shape, double normal)
        : a(shape), log_gamma_next(log_gamma(shape + 1.0)), below(0.5 * std::erfc(-normal * root_half)),
          above(0.5 * std::erfc(normal * root_half)) {}

    [[nodiscard]] double log_probability(double log_x, const Series &series) const {
        return a * log_x - std::exp(log_x) - log_gamma_next + std::log(series.sum);
    }

    /// Newton's step of log x. On log P as a function of log x, which is concave; far up, where P is flat, on
    /// log (1 - P) as a function of x, which is nearly straight.
    [[nodiscard]] double step(double log_x, const Series &series) const {
        const double log_p = log_probability(log_x, series);
        if (above > 0.1)
            return (std::log(below) - log_p) * series.sum / a;
        const double rest = std::max(-std::expm1(log_p), 1e-17);
        const double density = a / series.sum * std::exp(log_p); // times x
        return std::log1p(std::max((std::log(rest) - std::log(above)) * rest / density, -0.75));
    }

    double a;
    double log_gamma_next; ///< log Gamma(a + 1)
    double below;          ///< the probability of less
    double above;
};

/// Where Newton's steps begin: x^a / Gamma(a + 1) is more than P and near it for small x; elsewhere the cube of Wilson
/// and Hilferty (1931).
double first_guess(const Inversion &sought, double normal) {
    const double a = sought.a;
    const double small = (std::log(sought.below) + sought.log_gamma_next) / a;
    const double root = 1.0 - 1.0 / (9.0 * a) + normal / (3.0 * std::sqrt(a));
    return root > 0.1 ? std::max(small, std::log(a) + 3.0 * std::log(root)) : small;
}

LogGammaNumber invert(double a, double normal) {
    const Inversion sought(a, normal);
    const double largest = std::log(2.0 * a + 60.0); // more than any number that is sought
    double log_x = std::min(first_guess(sought, normal), largest);
    for (int i = 0; i < 50; ++i) {
        const double step = sought.step(log_x, Series(a, std::exp(log_x)));
        log_x = std::min(log_x + step, largest);
        if (std::abs(step) < 1e-12 * std::max(1.0, std::abs(log_x)))
            break;
    }
    const Series series(a, std::exp(log_x));
    return {log_x, -(log_x - digamma(a + 1.0) + series.slope / series.sum) * series.sum / a};
}

double polynomial(std::span<const double> coefficients, double x) {
    double result = 0.0;
    for (std::size_t i = coefficients.size(); i-- > 0;)
        result = result * x + coefficients[i];
    return result;
}

/// With x = a l and eta^2 / 2 = l - 1 - log l: l as a series in eta, and eta as one in 1 / a around normal / sqrt(a).
LogGammaNumber invert_asymptotically(double a, double normal) {
    constexpr double ratio[] = {1.0,          1.0 / 3.0,     1.0 / 36.0,         -1.0 / 270.0,
                                1.0 / 4320.0, 1.0 / 17010.0, -139.0 / 5443200.0, 1.0 / 204120.0}; // (l - 1) / eta
    constexpr double first[] = {-1.0 / 3.0, 1.0 / 36.0, 1.0 / 1620.0, -7.0 / 6480.0, 5.0 / 18144.0};
    constexpr double first_slope[] = {1.0 / 36.0, 2.0 / 1620.0, -21.0 / 6480.0, 20.0 / 18144.0};
    constexpr double second[] = {-7.0 / 405.0, -7.0 / 2592.0};
    const double start = normal / std::sqrt(a);
    const double eta = start + (polynomial(first, start) + polynomial(second, start) / a) / a;
    const double start_slope = -start / (2.0 * a);
    const double eta_slope = start_slope * (1.0 + (polynomial(first_slope, start) + second[1] / a) / a) -
                             (polynomial(first, start) + 2.0 * polynomial(second, start) / a) / (a * a);
    const double quotient = polynomial(ratio, eta);
    return {std::log(a) + std::log1p(eta * quotient), 1.0 / a + eta_slope / quotient};
}

} // namespace

double log_gamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign); // std::lgamma writes to a global variable
}

double digamma(double x) {
    double result = 0.0;
    for (; x < 10.0; x += 1.0)
        result -= 1.0 / x;
    constexpr double terms[] = {1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32760.0};
    const double square = 1.0 / (x * x);
    return result + std::log(x) - 0.5 / x - square * polynomial(terms, square);
}

double trigamma(double x) {
    double result = 0.0;
    for (; x < 10.0; x += 1.0)
        result += 1.0 / (x * x);
    constexpr double terms[] = {1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0};
    const double square = 1.0 / (x * x);
    return result + (1.0 + 0.5 / x + square * polynomial(terms, square)) / x;
}

LogGammaNumber gamma_number(double shape, double normal) {
    return shape < asymptotic_from ? invert(shape, normal) : invert_asymptotically(shape, normal);
}

} // namespace retort::plugin_support
