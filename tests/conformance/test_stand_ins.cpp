// SPDX-License-Identifier: Apache-2.0
// What the kit puts in the place of other plugins keeps the contract itself.
#include <boost/test/unit_test.hpp>

#include <conformance/kit.hpp>

BOOST_AUTO_TEST_SUITE(test_stand_ins)

using namespace retort;
using namespace retort::sdk::conformance;

namespace {

const sdk::Plugin stand_ins{"stand_ins", "1", [](sdk::Registrar &registrar) {
                                registrar.add<sdk::Head, StandInHead>("point", "Fitted, with an offset.");
                                registrar.add<sdk::Discriminator, StandInDiscriminator>("linear", "With noise.");
                                registrar.add<sdk::Objective, StandInObjective>("logistic", "A game.");
                                registrar.add<sdk::Loss, StandInLoss>("cross_entropy", "On labels.");
                                registrar.add<sdk::Optimizer, StandInOptimizer>("momentum", "Plain.");
                                registrar.add<sdk::Model>("tanh", "Of two layers.", [](const sdk::ModelContext &made) {
                                    return std::make_unique<StandInModel>(made.input_width, 4, made.classes);
                                });
                            }};

} // namespace

BOOST_AUTO_TEST_CASE(stand_ins_keep_the_contract) {
    std::size_t passed = 0;
    for (const Finding &finding : test::findings_of(stand_ins)) {
        BOOST_TEST((finding.outcome != Outcome::failed), test::text_of(finding));
        passed += finding.outcome == Outcome::passed ? 1 : 0;
    }
    BOOST_TEST(passed >= 60U);
}

BOOST_AUTO_TEST_SUITE_END()
