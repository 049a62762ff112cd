// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <plugins/trainers/supervised/settings.hpp>
#include <support/listing.hpp>

BOOST_AUTO_TEST_SUITE(test_supervised_settings)

using namespace retort;

BOOST_AUTO_TEST_CASE(settings_and_their_bounds) {
    trainer_supervised::Settings settings;
    BOOST_TEST(test::Listing::of(settings) == R"(
model!: reference model = 
data!: reference dataset = 
epochs: integer 1..1e+06 = 20
batch: integer 1..1e+06 = 250
augmentation: record
shift: integer 0..10000 = 0
rotation: real 0..180 = 0
scale: real 0..0.9 = 0
optimizer: component optimizer = adam
losses: list of 1 
: record
!: component loss = cross_entropy
weight: schedule 0..1e+06 = 1
: record
!: component loss = 
weight: schedule 0..1e+06 = 1
samples: optional absent
models!: list of 0
: reference model = 
burn_in: real 0..1 = 0.5)");
}

BOOST_AUTO_TEST_SUITE_END()
