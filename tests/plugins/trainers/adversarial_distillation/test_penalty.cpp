// SPDX-License-Identifier: Apache-2.0
// The gradient penalty through real discriminators and objectives, and the whole gradient of a discriminator's step.
#include "game.hpp"

#include <retort/sdk/conformance/numeric.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <plugins/discriminators/auxiliary_classifier/auxiliary_classifier.hpp>
#include <plugins/discriminators/conditional_mlp/conditional_mlp.hpp>
#include <plugins/discriminators/mlp/mlp.hpp>
#include <plugins/discriminators/paired/paired.hpp>
#include <plugins/discriminators/projection/projection.hpp>
#include <plugins/discriminators/spectral_norm_mlp/spectral_norm_mlp.hpp>
#include <plugins/objectives/logistic.hpp>
#include <plugins/objectives/raw.hpp>
#include <plugins/objectives/relativistic.hpp>
#include <plugins/objectives/wasserstein.hpp>
#include <plugins/trainers/adversarial_distillation/adversary.hpp>
#include <plugins/trainers/adversarial_distillation/penalty.hpp>
#include <string>
#include <support/allocations.hpp>
#include <support/numeric.hpp>
#include <support/resolved.hpp>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(test_penalty)

using namespace retort;
using namespace retort::test;
using plugin_support::Activation;
using trainer_adversarial_distillation::Adversary;
using trainer_adversarial_distillation::AdversaryParts;
using trainer_adversarial_distillation::Penalty;

/// Settings with every kind of noise, smooth unless said otherwise.
template <class Discriminator> typename Discriminator::Settings settings_of(Activation activation) {
    typename Discriminator::Settings settings;
    settings.hidden = {6, 5};
    settings.activation = activation;
    settings.dropout = 0.2;
    settings.noise = 0.3;
    return settings;
}

template <class Discriminator>
std::unique_ptr<sdk::Discriminator> made(Activation activation, const sdk::DiscriminatorContext &context) {
    auto settings = settings_of<Discriminator>(activation);
    if constexpr (std::is_base_of_v<plugin_support::ConditionedSettings, typename Discriminator::Settings>)
        settings.labels = true;
    return std::make_unique<Discriminator>(settings, context);
}

using Make = std::unique_ptr<sdk::Discriminator> (*)(Activation, const sdk::DiscriminatorContext &);

struct NamedDiscriminator {
    const char *name;
    Make make;
};

const NamedDiscriminator discriminators[] = {
    {"mlp", made<discriminator_mlp::Mlp>},
    {"paired", made<discriminator_paired::Paired>},
    {"spectral_norm_mlp", made<discriminator_spectral_norm_mlp::SpectralNormMlp>},
    {"conditional_mlp", made<discriminator_conditional_mlp::ConditionalMlp>},
    {"projection", made<discriminator_projection::Projection>},
    {"auxiliary_classifier", made<discriminator_auxiliary_classifier::AuxiliaryClassifier>}};

struct NamedObjective {
    const char *name;
    std::function<std::unique_ptr<sdk::Objective>(const sdk::ObjectiveContext &)> make;
    bool smooth = true;
};

const NamedObjective objective_list[] = {
    {"wasserstein",
     [](const auto &context) {
         return std::make_unique<objectives::Wasserstein>(objectives::Wasserstein::Settings{10.0}, context);
     }},
    {"non_saturating with R1",
     [](const auto &context) {
         return std::make_unique<objectives::NonSaturating>(objectives::LogisticSettings{0.9, 5.0}, context);
     }},
    {"hinge with R1",
     [](const auto &context) { return std::make_unique<objectives::Hinge>(objectives::RawSettings{5.0}, context); },
     false},
    {"relativistic with R1",
     [](const auto &context) {
         return std::make_unique<objectives::Relativistic>(
             objectives::Relativistic::Settings{objectives::Against::means, 5.0}, context);
     }},
};

constexpr Activation activations[] = {Activation::leaky_relu, Activation::tanh, Activation::gelu};

/// An adversary on a Game's only pair, whose optimizer stands still.
struct Match : Game {
    Match(const NamedDiscriminator &which, const NamedObjective &game, Activation activation) {
        AdversaryParts parts;
        parts.name = "main";
        parts.student_tap = 1;
        parts.class_weight = 0.7;
        parts.discriminator =
            which.make(activation, {stage.surroundings.context(), {sdk::Space::Kind::real, 3}, 0, 0, 3});
        parts.classes = parts.discriminator->classifies() ? 3 : 0;
        parts.objective = game.make({stage.surroundings.context()});
        parts.optimizer = std::make_unique<FakeOptimizer>(0.0F);
        discriminator = parts.discriminator.get();
        adversary.emplace(std::move(parts));
        adversary->prepare(23, 0, 3, true, sdk::Random{1});
        run();
    }

    /// The loss that theta descends, on the same samples and with the same noise; its gradients are left in theta's.
    double loss() {
        discriminator->parameters_changed(sdk::Change::restore);
        adversary->learn(*forward, {1, 4}, sdk::Random{2}, stage.surroundings.services);
        adversary->report(stage.metrics);
        return stage.metrics["main.discriminator_loss"] + stage.metrics["main.penalty"] +
               0.7 * stage.metrics["main.discriminator_class_loss"];
    }

    sdk::Discriminator *discriminator = nullptr;
    std::optional<Adversary> adversary;
};

/// Every parameter's gradient against differences.
void check_all(Match &match, bool smooth) {
    match.loss();
    const sdk::Parameters all = match.discriminator->parameters();
    Resolved resolved;
    resolved.check_all(all, copy_of(all.gradients), [&] {
        const double value = match.loss();
        return sdk::conformance::Sum{value, std::abs(value) + 1.0};
    });
    resolved.check_count(smooth);
}

// theta's whole gradient: the game's loss, the penalty and the class loss. Each discriminator once, with the objectives
// and activations in turn: what a penalty wants of one of the three depends on neither of the others.
BOOST_AUTO_TEST_CASE(the_gradient_of_a_step_is_that_of_the_loss_with_its_penalty) {
    for (std::size_t i = 0; i < std::size(discriminators); ++i) {
        const NamedDiscriminator &which = discriminators[i];
        const NamedObjective &game = objective_list[i % std::size(objective_list)];
        const Activation activation = activations[i % std::size(activations)];
        BOOST_TEST_CONTEXT(which.name << ", " << game.name << ", "
                                      << plugin_support::names_of(activation)[static_cast<std::size_t>(activation)]) {
            Match match(which, game, activation);
            check_all(match, game.smooth && activation != Activation::leaky_relu);
            BOOST_TEST(match.stage.metrics["main.penalty"] > 1e-3);
        }
    }
}

// By a linear D, whose slope is its weight wherever it is taken: gamma / 2 |w|^2, and 10 (|w| - 1)^2.
BOOST_AUTO_TEST_CASE(the_penalty_of_a_linear_discriminator_follows_from_its_weight) {
    const NamedDiscriminator linear{"", [](Activation, const sdk::DiscriminatorContext &context) {
                                        discriminator_mlp::Mlp::Settings settings;
                                        settings.hidden = {};
                                        return std::unique_ptr<sdk::Discriminator>(
                                            std::make_unique<discriminator_mlp::Mlp>(settings, context));
                                    }};
    for (const std::size_t index : {0U, 1U}) {
        Match match(linear, objective_list[index], Activation::leaky_relu);
        match.loss();
        double square = 0.0;
        for (const float w : match.discriminator->parameters().values.first(3))
            square += static_cast<double>(w) * static_cast<double>(w);
        const double excess = std::sqrt(square) - 1.0;
        const double expected = index == 0 ? 10.0 * excess * excess : 2.5 * square;
        BOOST_TEST(match.stage.metrics["main.penalty"] == expected, boost::test_tools::tolerance(1e-5));
    }
}

// R1 is taken at the teacher's samples, the Wasserstein game's penalty between both.
BOOST_AUTO_TEST_CASE(points_lie_where_the_objective_wants_them) {
    Match match(discriminators[0], objective_list[0], Activation::tanh);
    const sdk::MatrixBuffer t = normal_matrix(23, 3, sdk::Random{5});
    const sdk::MatrixBuffer s = normal_matrix(23, 3, sdk::Random{6});
    using At = sdk::Objective::Penalty;
    for (const At at : {At::teacher, At::student, At::between}) {
        Penalty penalty;
        penalty.prepare(*match.discriminator, at, 23, 0);
        sdk::Condition condition;
        const auto points = [&](std::size_t first_row) {
            condition.batch.first_row = first_row;
            (void)penalty.squared_norms(t.view(), s.view(), condition, sdk::Random{3}, {0, 4});
            std::vector<float> parts;
            for (std::size_t row = 0; row < 23; ++row) {
                const auto z = penalty.points().row(row);
                const float part = (z[0] - s.view().row(row)[0]) / (t.view().row(row)[0] - s.view().row(row)[0]);
                for (std::size_t c = 0; c < 3; ++c) {
                    const float expected = part * t.view().row(row)[c] + (1.0F - part) * s.view().row(row)[c];
                    BOOST_TEST(std::abs(z[c] - expected) < 1e-4F);
                }
                parts.push_back(part);
            }
            return parts;
        };
        const std::vector<float> parts = points(0);
        const auto [least, most] = std::minmax_element(parts.begin(), parts.end());
        BOOST_TEST(*least >= (at == At::teacher ? 0.9999F : -1e-4F));
        BOOST_TEST(*most <= (at == At::student ? 1e-4F : 1.0001F));
        if (at == At::between) {
            BOOST_TEST(*most - *least > 0.5F);
            const std::vector<float> later = points(1); // the place in the whole batch decides
            for (std::size_t row = 0; row + 1 < 23; ++row)
                BOOST_TEST(std::abs(later[row] - parts[row + 1]) < 1e-3F);
        }
    }
    Penalty none;
    none.prepare(*match.discriminator, At::none, 23, 0);
    BOOST_TEST(!none.wanted());
}

BOOST_AUTO_TEST_CASE(the_student_alone_is_never_touched) {
    Match match(discriminators[0], objective_list[0], Activation::gelu);
    const std::vector<float> student = match.stage.student_values();
    match.loss();
    BOOST_TEST(match.stage.student_values() == student);
    for (const float gradient : match.stage.student.parameters().gradients)
        BOOST_TEST(gradient == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_steady_step_allocates_nothing) {
    for (const NamedDiscriminator &which : discriminators) {
        Match match(which, objective_list[0], Activation::gelu);
        match.loss();
        const std::size_t before = allocations();
        match.loss();
        BOOST_TEST(allocations() == before, which.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
