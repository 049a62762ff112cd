// SPDX-License-Identifier: Apache-2.0
#include "games.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <plugins/objectives/as_printed.hpp>
#include <string>

BOOST_FIXTURE_TEST_SUITE(test_as_printed, retort::test::Games, *boost::unit_test::tolerance(1e-7))

using namespace retort;

BOOST_AUTO_TEST_CASE(losses_match_the_printed_formulas) {
    const auto game = make("as_printed");
    for (const float a : {-3.0F, 0.0F, 1.25F}) {
        const double p = 1.0 / (1.0 + std::exp(-static_cast<double>(a)));
        BOOST_TEST(test::discriminator_loss(*game, a, 0.0F).value == std::log(p) - std::log(2.0));
        BOOST_TEST(test::discriminator_loss(*game, 0.0F, a).value == -std::log(2.0) + std::log(1.0 - p));
        BOOST_TEST(test::student_loss(*game, a).value == -p);
    }
    BOOST_TEST((game->score() == sdk::Objective::Score::logit));
}

BOOST_AUTO_TEST_CASE(discriminator_loss_is_that_of_minimax_with_the_other_sign) {
    const auto printed = make("as_printed");
    const auto restored = make("minimax");
    for (const float a : {-80.0F, -2.0F, 0.0F, 5.0F, 1000.0F}) {
        const test::DiscriminatorLoss one = test::discriminator_loss(*printed, a, -0.5F * a);
        const test::DiscriminatorLoss other = test::discriminator_loss(*restored, a, -0.5F * a);
        BOOST_TEST(one.value == -other.value);
        BOOST_TEST(one.teacher_slope == -other.teacher_slope);
        BOOST_TEST(one.student_slope == -other.student_slope);
    }
}

BOOST_AUTO_TEST_CASE(is_refused_unless_acknowledged) {
    const sdk::ObjectiveContext context{surroundings.context()};
    try {
        objectives::AsPrinted({false}, context);
        BOOST_ERROR("no error");
    } catch (const sdk::Error &error) {
        const std::string message = error.what();
        BOOST_TEST((error.kind() == sdk::ErrorKind::settings));
        BOOST_TEST(error.pointer() == "/acknowledge");
        for (const char *part : {"cooperative", "unbounded below", "away from the teacher", "\"acknowledge\" to true"})
            BOOST_TEST(message.find(part) != std::string::npos, part);
    }
    BOOST_TEST(surroundings.services.warnings.empty());
}

BOOST_AUTO_TEST_CASE(warns_why_when_acknowledged) {
    (void)make("as_printed");
    BOOST_TEST_REQUIRE(surroundings.services.warnings.size() == 1U);
    BOOST_TEST(surroundings.services.warnings[0].find("cooperative") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
