// SPDX-License-Identifier: Apache-2.0
// Densities of all families: they integrate to one, and their gradients are those of finite differences.
#include "cases.hpp"

#include <plugins/shared/families/categorical.hpp>
#include <support/numeric.hpp>

BOOST_AUTO_TEST_SUITE(test_densities)

using namespace retort;
using namespace retort::test;

namespace {

/// A place in the plane, and how much of the space is around it. On a simplex of two or three, coordinates are the
/// log-ratios with the last entry, of which log z = v - log(1 + sum e^v) knows small entries exactly.
struct Cell {
    std::vector<float> z;
    double volume;
};

Cell simplex_cell(const std::vector<double> &v, double area) {
    double sum = 1.0;
    for (const double value : v)
        sum += std::exp(value);
    Cell cell{{}, area};
    for (const double value : v) {
        cell.z.push_back(static_cast<float>(std::exp(value) / sum));
        cell.volume *= std::exp(value) / sum;
    }
    cell.z.push_back(static_cast<float>(1.0 / sum));
    cell.volume /= sum; // the determinant is the product of all entries
    return cell;
}

double on_simplex(const Family &family, const Parameters &q) {
    const bool plane = q.first.size() == 3;
    const double step = plane ? 0.2 : 0.02;
    const int reach = static_cast<int>((plane ? 24.0 : 40.0) / step);
    double sum = 0.0;
    for (int i = -reach; i <= reach; ++i)
        for (int j = plane ? -reach : 0; j <= (plane ? reach : 0); ++j) {
            std::vector<double> v{step * i};
            if (plane)
                v.push_back(step * j);
            const Cell cell = simplex_cell(v, plane ? step * step : step);
            sum += cell.volume * std::exp(family.log_density(q.row(), cell.z));
        }
    return sum;
}

/// In one dimension.
double on_line(const Family &family, const Parameters &q) {
    const double step = static_cast<double>(q.second[0]) * 1e-3;
    double sum = 0.0;
    for (int i = -30000; i <= 30000; ++i) {
        const std::vector<float> z{q.first[0] + static_cast<float>(step * i)};
        sum += step * std::exp(family.log_density(q.row(), z));
    }
    return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(they_integrate_to_one) {
    std::size_t tried = 0;
    for_cases([&](Family &family, const Case &entry) {
        if (entry.p.first.size() > (over_simplex(family) ? 3U : 1U))
            return;
        ++tried;
        for (const Parameters &parameters : {entry.p, entry.q}) {
            const double found = over_simplex(family) ? on_simplex(family, parameters) : on_line(family, parameters);
            BOOST_TEST(std::abs(found - 1.0) <= 2e-3, found);
        }
    });
    BOOST_TEST(tried == 8U);
}

BOOST_AUTO_TEST_CASE(relaxed_ones_integrate_to_one_at_every_temperature) {
    for (const double temperature : {0.5, 1.0, 3.0}) {
        plugin_support::Categorical family;
        family.set_relaxation(temperature);
        for (const Parameters &q : {Parameters{{0.3F, -0.4F}}, Parameters{{0.0F, 1.0F, -1.0F}}})
            BOOST_TEST(std::abs(on_simplex(family, q) - 1.0) <= 2e-3, temperature);
    }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for_cases([](Family &family, const Case &entry) {
        for (std::uint64_t draw = 0; draw < 5; ++draw) {
            Parameters q = entry.q;
            std::vector<float> z(q.first.size());
            std::vector<float> kept(family.kept(z.size()));
            family.sample(entry.p.row(), sdk::Random{10}.at(draw), z, kept);
            Parameters slopes = q.zeros();
            family.log_density_gradient(q.row(), z, 1.5, slopes.gradient());
            const auto value = [&] { return 1.5 * family.log_density(q.row(), z); };
            for (const auto &[values, found] : {std::pair{&q.first, &slopes.first}, {&q.second, &slopes.second}})
                for (std::size_t i = 0; i < values->size(); ++i) {
                    const float step = 1e-3F * std::max(0.02F, std::abs((*values)[i]));
                    const double expected = finite_difference(value, (*values)[i], step);
                    BOOST_TEST(std::abs(static_cast<double>((*found)[i]) - expected) <=
                                   2e-3 * std::max(1.0, std::abs(expected)),
                               "entry " << i << ": " << (*found)[i] << ", finite difference " << expected);
                }
        }
    });
}

BOOST_AUTO_TEST_CASE(at_the_edge_of_a_simplex_they_are_finite) {
    for (const char *name : {"categorical", "dirichlet", "logistic_normal"}) {
        const auto family = plugin_support::make_family(name);
        Parameters q{{1.0F, 2.0F, 0.5F}, {}};
        if (family->has_second())
            q.second = {0.5F, 1.0F, 2.0F};
        const std::vector<float> corner{1.0F, 0.0F, 0.0F};
        BOOST_TEST(std::isfinite(family->log_density(q.row(), corner)));
        Parameters slopes = q.zeros();
        family->log_density_gradient(q.row(), corner, 1.0, slopes.gradient());
        for (const float value : slopes.first)
            BOOST_TEST(std::isfinite(value));
    }
}

BOOST_AUTO_TEST_SUITE_END()
