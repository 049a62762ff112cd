// SPDX-License-Identifier: Apache-2.0
// Every plugin of the tree keeps the contract.
#include <retort/sdk/conformance.hpp>

#include <boost/test/unit_test.hpp>

#include <conformance/kit.hpp>

BOOST_AUTO_TEST_SUITE(test_conformance_of_plugins)

using namespace retort;

extern "C" {
extern const sdk::Plugin retort_plugin_dataset_idx;
extern const sdk::Plugin retort_plugin_dataset_spirals;
extern const sdk::Plugin retort_plugin_observer_csv;
extern const sdk::Plugin retort_plugin_observer_figures;
extern const sdk::Plugin retort_plugin_trainer_supervised;
extern const sdk::Plugin retort_plugin_trainer_adversarial_distillation;
extern const sdk::Plugin retort_plugin_objectives;
extern const sdk::Plugin retort_plugin_losses;
extern const sdk::Plugin retort_plugin_head_logistic_normal;
extern const sdk::Plugin retort_plugin_head_laplace;
extern const sdk::Plugin retort_plugin_head_dirichlet;
extern const sdk::Plugin retort_plugin_head_categorical;
extern const sdk::Plugin retort_plugin_head_gaussian;
extern const sdk::Plugin retort_plugin_head_point;
extern const sdk::Plugin retort_plugin_head_random_projection;
extern const sdk::Plugin retort_plugin_discriminator_auxiliary_classifier;
extern const sdk::Plugin retort_plugin_discriminator_conditional_mlp;
extern const sdk::Plugin retort_plugin_discriminator_mlp;
extern const sdk::Plugin retort_plugin_discriminator_paired;
extern const sdk::Plugin retort_plugin_discriminator_projection;
extern const sdk::Plugin retort_plugin_discriminator_spectral_norm_mlp;
extern const sdk::Plugin retort_plugin_model_ensemble;
extern const sdk::Plugin retort_plugin_model_mlp;
extern const sdk::Plugin retort_plugin_optimizer_adam;
extern const sdk::Plugin retort_plugin_optimizer_adamw;
extern const sdk::Plugin retort_plugin_optimizer_sgd;
extern const sdk::Plugin retort_plugin_optimizer_sgld;
}

BOOST_AUTO_TEST_CASE(every_plugin_of_the_tree_keeps_the_contract) {
    for (const sdk::Plugin *plugin : {&retort_plugin_dataset_idx,
                                      &retort_plugin_dataset_spirals,
                                      &retort_plugin_observer_csv,
                                      &retort_plugin_observer_figures,
                                      &retort_plugin_trainer_supervised,
                                      &retort_plugin_trainer_adversarial_distillation,
                                      &retort_plugin_objectives,
                                      &retort_plugin_losses,
                                      &retort_plugin_head_categorical,
                                      &retort_plugin_head_dirichlet,
                                      &retort_plugin_head_gaussian,
                                      &retort_plugin_head_laplace,
                                      &retort_plugin_head_logistic_normal,
                                      &retort_plugin_head_point,
                                      &retort_plugin_head_random_projection,
                                      &retort_plugin_discriminator_auxiliary_classifier,
                                      &retort_plugin_discriminator_conditional_mlp,
                                      &retort_plugin_discriminator_mlp,
                                      &retort_plugin_discriminator_paired,
                                      &retort_plugin_discriminator_projection,
                                      &retort_plugin_discriminator_spectral_norm_mlp,
                                      &retort_plugin_model_ensemble,
                                      &retort_plugin_model_mlp,
                                      &retort_plugin_optimizer_adam,
                                      &retort_plugin_optimizer_adamw,
                                      &retort_plugin_optimizer_sgd,
                                      &retort_plugin_optimizer_sgld}) {
        std::size_t passed = 0;
        for (const sdk::conformance::Finding &finding : test::findings_of(*plugin, {{"/directory", RETORT_DATA}})) {
            passed += finding.outcome == sdk::conformance::Outcome::passed ? 1 : 0;
            BOOST_TEST((finding.outcome != sdk::conformance::Outcome::failed), test::text_of(finding));
        }
        BOOST_TEST(passed >= 5U, plugin->name << ": only " << passed << " checks were carried out");
    }
}

BOOST_AUTO_TEST_SUITE_END()
