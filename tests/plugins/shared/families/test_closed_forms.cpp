// SPDX-License-Identifier: Apache-2.0
// Entropies, cross-entropies and divergences of all families, against Monte Carlo and finite differences.
#include "cases.hpp"

#include <plugins/shared/families/log_softmax.hpp>
#include <support/numeric.hpp>

BOOST_AUTO_TEST_SUITE(test_closed_forms)

using namespace retort;
using namespace retort::test;

namespace {

constexpr std::size_t draws = 40000;

/// -log q of a draw of p: of a categorical distribution the classes count, and are drawn with its probabilities.
struct Judged {
    double by_p, by_q;
};

Judged judge_class(const Case &entry, std::size_t draw) {
    const plugin_support::LogSoftmax p(entry.p.first);
    double left = static_cast<double>(sdk::Random{8}.uniform(draw));
    std::size_t c = 0;
    while (c + 1 < entry.p.first.size() && left >= p.probability(c))
        left -= p.probability(c++);
    return {-p.log(c), -plugin_support::LogSoftmax(entry.q.first).log(c)};
}

Judged judge(const Family &family, const Case &entry, std::size_t draw) {
    if (family.name() == "categorical")
        return judge_class(entry, draw);
    std::vector<float> z(entry.p.first.size());
    std::vector<float> kept(family.kept(z.size()));
    family.sample(entry.p.row(), sdk::Random{9}.at(draw), z, kept);
    return {-family.log_density(entry.p.row(), z), -family.log_density(entry.q.row(), z)};
}

/// Both parameters of `parameters` against differences of `value`, whose gradient is `gradient`.
void check_gradients(const std::function<double()> &value, Parameters &parameters, const Parameters &gradient) {
    for (const auto &[values, slopes] :
         {std::pair{&parameters.first, &gradient.first}, std::pair{&parameters.second, &gradient.second}})
        for (std::size_t i = 0; i < values->size(); ++i) {
            const float step = 1e-3F * std::max(0.02F, std::abs((*values)[i]));
            const double expected = finite_difference(value, (*values)[i], step);
            BOOST_TEST(std::abs(static_cast<double>((*slopes)[i]) - expected) <=
                           1e-3 * std::max(1.0, std::abs(expected)),
                       "entry " << i << ": gradient " << (*slopes)[i] << ", finite difference " << expected);
        }
}

} // namespace

// 40,000 draws of p, within three standard errors: H(p), H(p, q) and KL(p || q) by the difference of both logarithms.
BOOST_AUTO_TEST_CASE(they_are_what_monte_carlo_tends_to) {
    for_cases([](Family &family, const Case &entry) {
        Estimate entropy, cross_entropy, divergence;
        for (std::size_t draw = 0; draw < draws; ++draw) {
            const Judged found = judge(family, entry, draw);
            entropy.add(found.by_p);
            cross_entropy.add(found.by_q);
            divergence.add(found.by_q - found.by_p);
        }
        entropy.check(family.entropy(entry.p.row(), 0.0, {}));
        cross_entropy.check(family.cross_entropy(entry.p.row(), entry.q.row(), 0.0, {}));
        divergence.check(family.divergence(entry.p.row(), entry.q.row(), 0.0, {}, {}));
    });
}

BOOST_AUTO_TEST_CASE(they_fit_together) {
    for_cases([](Family &family, const Case &entry) {
        const double cross_entropy = family.cross_entropy(entry.p.row(), entry.q.row(), 0.0, {});
        const double divergence = family.divergence(entry.p.row(), entry.q.row(), 0.0, {}, {});
        BOOST_TEST(std::abs(cross_entropy - divergence - family.entropy(entry.p.row(), 0.0, {})) <= 1e-9);
        BOOST_TEST(divergence > 0.0);
        BOOST_TEST(std::abs(family.divergence(entry.p.row(), entry.p.row(), 0.0, {}, {})) <= 1e-9);
    });
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for_cases([](Family &family, const Case &entry) {
        Parameters p = entry.p, q = entry.q;
        Parameters of_p = p.zeros(), of_q = q.zeros();
        BOOST_TEST_CONTEXT("entropy") {
            family.entropy(p.row(), 1.0, of_p.gradient());
            check_gradients([&] { return family.entropy(p.row(), 0.0, {}); }, p, of_p);
        }
        BOOST_TEST_CONTEXT("cross-entropy") {
            family.cross_entropy(p.row(), q.row(), 1.0, of_q.gradient());
            check_gradients([&] { return family.cross_entropy(p.row(), q.row(), 0.0, {}); }, q, of_q);
        }
        BOOST_TEST_CONTEXT("divergence") {
            of_p = p.zeros();
            of_q = q.zeros();
            family.divergence(p.row(), q.row(), 1.0, of_p.gradient(), of_q.gradient());
            const auto value = [&] { return family.divergence(p.row(), q.row(), 0.0, {}, {}); };
            check_gradients(value, p, of_p);
            check_gradients(value, q, of_q);
        }
    });
}

BOOST_AUTO_TEST_CASE(gradients_are_added_times_the_weight) {
    for_cases([](Family &family, const Case &entry) {
        const auto of = [&](double weight, Parameters &of_p, Parameters &of_q) {
            family.entropy(entry.p.row(), weight, of_p.gradient());
            family.cross_entropy(entry.p.row(), entry.q.row(), weight, of_q.gradient());
            family.divergence(entry.p.row(), entry.q.row(), weight, of_p.gradient(), of_q.gradient());
        };
        Parameters once_p = entry.p.zeros(), once_q = entry.q.zeros();
        Parameters onto_p = entry.p.zeros(), onto_q = entry.q.zeros();
        of(1.0, once_p, once_q);
        of(-2.5, onto_p, onto_q);
        of(0.5, onto_p, onto_q);
        for (const auto &[onto, once] : {std::pair{&onto_p.first, &once_p.first},
                                         {&onto_p.second, &once_p.second},
                                         {&onto_q.first, &once_q.first},
                                         {&onto_q.second, &once_q.second}})
            for (std::size_t i = 0; i < once->size(); ++i)
                BOOST_TEST(std::abs((*onto)[i] + 2.0F * (*once)[i]) <= 1e-4F * (1.0F + std::abs((*once)[i])));
    });
}

// Concentrations of a thousandth and of a million, deviations of a thousandth and of 50, logits of +-1000.
BOOST_AUTO_TEST_CASE(extremes_are_finite) {
    const Case extremes[] = {{"dirichlet", {{1e-3F, 1e-3F, 1e-3F}, {}}, {{1e6F, 1e-3F, 1.0F}, {}}},
                             {"categorical", {{1000.0F, -1000.0F, 0.0F}, {}}, {{-1000.0F, 1000.0F, 0.0F}, {}}},
                             {"laplace", {{1e3F, -1e3F}, {1e-3F, 50.0F}}, {{-1e3F, 0.0F}, {1.0F, 1.0F}}},
                             {"logistic_normal",
                              {{30.0F, -30.0F, 0.0F}, {1e-3F, 50.0F, 1.0F}},
                              {{-30.0F, 30.0F, 0.0F}, {50.0F, 0.01F, 1.0F}}}};
    for (const Case &entry : extremes)
        for (const bool swapped : {false, true})
            BOOST_TEST_CONTEXT(entry.family << (swapped ? ", swapped" : "")) {
                const auto family = plugin_support::make_family(entry.family);
                const Parameters &p = swapped ? entry.q : entry.p;
                const Parameters &q = swapped ? entry.p : entry.q;
                Parameters of_p = p.zeros(), of_q = q.zeros();
                BOOST_TEST(std::isfinite(family->entropy(p.row(), 1.0, of_p.gradient())));
                BOOST_TEST(std::isfinite(family->cross_entropy(p.row(), q.row(), 1.0, of_q.gradient())));
                BOOST_TEST(std::isfinite(family->divergence(p.row(), q.row(), 1.0, of_p.gradient(), of_q.gradient())));
                for (const std::vector<float> *values : {&of_p.first, &of_p.second, &of_q.first, &of_q.second})
                    for (const float value : *values)
                        BOOST_TEST(std::isfinite(value));
            }
}

BOOST_AUTO_TEST_CASE(families_are_made_by_name) {
    for (const char *name : {"diagonal_gaussian", "laplace", "categorical", "dirichlet", "logistic_normal"})
        BOOST_TEST(plugin_support::make_family(name)->name() == name);
    BOOST_TEST(!plugin_support::make_family("point"));
    BOOST_TEST(!plugin_support::make_family("gaussian"));
}

BOOST_AUTO_TEST_SUITE_END()
