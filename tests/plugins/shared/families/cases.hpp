// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <memory>
#include <ostream>
#include <plugins/shared/families/categorical.hpp>
#include <plugins/shared/families/families.hpp>
#include <string>
#include <vector>

namespace retort::test {

using plugin_support::Family;
using plugin_support::FamilyGradient;
using plugin_support::FamilyRow;

/// The parameters of one row, which may be written.
struct Parameters {
    std::vector<float> first;
    std::vector<float> second = {};

    [[nodiscard]] FamilyRow row() const { return {first, second}; }

    [[nodiscard]] FamilyGradient gradient() { return {first, second}; }

    /// As many numbers, all zero.
    [[nodiscard]] Parameters zeros() const {
        return {std::vector<float>(first.size()), std::vector<float>(second.size())};
    }

    friend std::ostream &operator<<(std::ostream &out, const Parameters &parameters) {
        for (const std::vector<float> *values : {&parameters.first, &parameters.second}) {
            out << "[";
            for (const float value : *values)
                out << " " << value;
            out << " ]";
        }
        return out;
    }
};

/// Two distributions of one family, the second as far from the first as one meets in training, or further.
struct Case {
    const char *family;
    Parameters p;
    Parameters q;
};

inline const std::vector<Case> &cases() {
    static const std::vector<Case> all{
        {"diagonal_gaussian", {{0.0F}, {1.0F}}, {{0.5F}, {2.0F}}},
        {"diagonal_gaussian", {{3.0F, -2.0F, 0.1F}, {0.01F, 5.0F, 1.0F}}, {{2.9F, 1.0F, 0.1F}, {0.02F, 4.0F, 0.5F}}},
        {"laplace", {{0.0F}, {1.0F}}, {{0.5F}, {2.0F}}},
        {"laplace", {{3.0F, -2.0F, 0.1F}, {0.01F, 5.0F, 1.0F}}, {{2.9F, 1.0F, 0.1F}, {0.02F, 4.0F, 0.5F}}},
        {"categorical", {{0.3F, -0.4F}, {}}, {{-1.0F, 0.2F}, {}}},
        {"categorical", {{0.0F, 2.0F, -1.0F}, {}}, {{0.5F, 0.1F, -0.2F}, {}}},
        {"categorical", {{9.0F, 0.0F, -6.0F, 4.0F}, {}}, {{5.0F, 1.0F, -7.0F, 6.0F}, {}}},
        {"dirichlet", {{1.0F, 1.0F}, {}}, {{2.0F, 0.7F}, {}}},
        {"dirichlet", {{0.4F, 3.0F, 1.2F}, {}}, {{0.9F, 2.0F, 5.0F}, {}}},
        {"dirichlet", {{150.0F, 0.3F, 40.0F, 2.0F}, {}}, {{80.0F, 0.5F, 60.0F, 3.0F}, {}}},
        {"logistic_normal", {{0.0F, 0.0F}, {1.0F, 1.0F}}, {{1.0F, 0.0F}, {0.5F, 0.7F}}},
        {"logistic_normal", {{0.5F, -1.0F, 0.2F}, {0.3F, 1.0F, 2.0F}}, {{0.0F, 0.1F, 0.4F}, {0.6F, 0.5F, 1.5F}}},
        {"logistic_normal",
         {{6.0F, 0.0F, -3.0F, 2.0F}, {0.05F, 1.0F, 3.0F, 0.2F}},
         {{5.5F, 1.0F, -2.0F, 2.0F}, {0.3F, 0.8F, 2.0F, 0.4F}}},
    };
    return all;
}

/// Runs `body(family, case)` for all of them, or all of one family. Relaxed samples are those of the temperature 0.6:
/// at 1 some factors would not be seen.
template <class Body> void for_cases(Body &&body, const std::string &only = {}) {
    for (const Case &entry : cases())
        if (only.empty() || only == entry.family)
            BOOST_TEST_CONTEXT(entry.family << ", p " << entry.p << ", q " << entry.q) {
                const std::unique_ptr<Family> family = plugin_support::make_family(entry.family);
                if (auto *const relaxed = dynamic_cast<plugin_support::Categorical *>(family.get()))
                    relaxed->set_relaxation(0.6);
                body(*family, entry);
            }
}

[[nodiscard]] inline bool over_simplex(const Family &family) {
    return family.name() != "diagonal_gaussian" && family.name() != "laplace";
}

/// What Monte Carlo is allowed. Of many comparisons of true samples one in 370 fails: tests make few, and their seeds
/// are fixed.
constexpr double standard_errors = 3.0;

/// Mean of numbers and its standard error.
class Estimate {
  public:
    void add(double value) {
        ++count_;
        const double step = value - mean_;
        mean_ += step / count_;
        squares_ += step * (value - mean_);
    }

    [[nodiscard]] double mean() const { return mean_; }

    [[nodiscard]] double error() const { return std::sqrt(squares_) / count_; }

    /// Whether the mean is `expected`.
    void check(double expected) const {
        BOOST_TEST(std::abs(mean_ - expected) <= standard_errors * error() + 1e-6 * std::max(1.0, std::abs(expected)),
                   "closed form " << expected << ", Monte Carlo " << mean_ << " +- " << error());
    }

  private:
    double count_ = 0.0;
    double mean_ = 0.0;
    double squares_ = 0.0;
};

} // namespace retort::test
