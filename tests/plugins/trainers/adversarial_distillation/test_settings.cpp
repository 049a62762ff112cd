// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/trainers/adversarial_distillation/settings.hpp>
#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_adversarial_distillation_settings)

using namespace retort;
using namespace retort::trainer_adversarial_distillation;
using test::Listing;

BOOST_AUTO_TEST_CASE(a_condition_names_its_tap) {
    ConditionSettings settings;
    BOOST_TEST(Listing::of(settings) == R"(
tap!: text = 
head: component head = random_projection)");
}

BOOST_AUTO_TEST_CASE(a_pair_is_on_the_logits_as_points_without_a_condition) {
    PairSettings settings;
    BOOST_TEST(Listing::of(settings) == R"(
teacher_tap: text = logits
student_tap: text = logits
teacher_head: component head = point
student_head: component head = point
condition: optional absent
tap!: text = 
head: component head = random_projection)");
}

BOOST_AUTO_TEST_CASE(an_adversary_plays_the_papers_game) {
    AdversarySettings settings;
    BOOST_TEST(Listing::of(settings) == R"(
name!: text = 
pair!: text = 
discriminator!: component discriminator = 
objective: component objective = expected_probability
lambda: schedule 0..1e+06 = 1
class_weight: schedule 0..1e+06 = 1
balance: real 0..1e+06 = 0
discriminator_steps: integer 1..1000 = 1
until_accuracy: real 0..1 = 0
fresh_batches: flag = 0
optimizer: component optimizer = adam)");
}

BOOST_AUTO_TEST_CASE(a_loss_stands_in_the_object_of_its_weight) {
    LossSettings settings;
    BOOST_TEST(Listing::of(settings) == R"(
!: component loss = 
weight: schedule 0..1e+06 = 1
pair: text = )");
}

BOOST_AUTO_TEST_CASE(a_stage_learns_from_labels_unless_it_says_otherwise) {
    Settings settings;
    const std::string text = Listing::of(settings);
    for (const char *line :
         {"\nteacher!: reference model = ", "\nstudent!: reference model = ", "\ndata!: reference dataset = ",
          "\nepochs: integer 1..1e+06 = 20", "\nbatch: integer 1..1e+06 = 250",
          "\naugmentation: record\nshift: integer 0..10000 = 0\nrotation: real 0..180 = 0\nscale: real 0..0.9 = 0",
          "\noptimizer: component optimizer = adam", "\npairs: map of 0", "\nadversaries: list of 0",
          "\nlosses: list of 1 \n: record\n!: component loss = cross_entropy\nweight: schedule 0..1e+06 = 1",
          "\nteacher_cache: integer 0..1e+06 = 256", "\ntelemetry_every: integer 0..1e+09 = 100"})
        BOOST_TEST((text.find(line) != std::string::npos), line);
}

BOOST_AUTO_TEST_CASE(a_stage_is_watched_and_alarms_are_told_unless_it_says_otherwise) {
    Settings settings;
    const std::string text = Listing::of(settings);
    BOOST_TEST((text.find(R"(
alarms: record
window: integer 0..1e+09 = 200
won_accuracy: real 0..1 = 0.99
won_loss: real 0..1e+06 = 0.05
blind_accuracy: real 0..0.5 = 0.02
blind_spread: real 0..1e+06 = 0.01
blind_difference: real 0..1 = 0.1
vanished_ratio: real 0..1e+06 = 0.001
collapsed_spread: real 0..1e+06 = 0.01
collapsed_classes: real 0..1 = 0.1
on_alarm: choice of 2 = log)") != std::string::npos),
               text);
}

BOOST_AUTO_TEST_SUITE_END()
