// SPDX-License-Identifier: Apache-2.0
#include "game.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace test_teacher {

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::Teacher;
using trainer_adversarial_distillation::TeacherOutput;
using trainer_adversarial_distillation::TeacherPass;

/// A head that must see the training data twice.
class Twice final : public sdk::Head {
  public:
    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    [[nodiscard]] sdk::Space space() const override { return {sdk::Space::Kind::real, 5}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] bool needs_fit() const override { return true; }

    void fit(std::span<const sdk::ConstMatrix> members) override { rows += members[0].rows; }

    bool end_fit() override { return ++rounds < 2; }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &) override { return nullptr; }

    std::size_t rows = 0;
    std::size_t rounds = 0;
};

struct Fixture : Stage {
    sdk::Services &services = surroundings.services;
    sdk::EpochBatches batches{data, sdk::Split::train, 10, {}, sdk::Random{1}, services};
    FakeHead head{{0, true, false}, {surroundings.context(), 5}};
    Teacher subject{teacher};
};

} // namespace test_teacher

BOOST_FIXTURE_TEST_SUITE(test_teacher, Fixture)

BOOST_AUTO_TEST_CASE(an_output_that_is_wanted_twice_is_one) {
    BOOST_TEST(subject.want({1, nullptr}) == 0U);
    BOOST_TEST(subject.want({0, &head}) == 1U);
    BOOST_TEST(subject.want({0, nullptr}) == 2U); // the tap itself is another output
    BOOST_TEST(subject.want({0, &head}) == 1U);
    BOOST_TEST(subject.outputs().size() == 3U);
    BOOST_TEST(subject.width({1, nullptr}) == 3U);
    BOOST_TEST(subject.width({0, &head}) == 5U);
}

BOOST_AUTO_TEST_CASE(heads_are_shown_all_data_as_often_as_they_ask) {
    Twice twice;
    FakeHead unfitted({}, {surroundings.context(), 5});
    const TeacherOutput heads[] = {{0, &twice}, {0, &head}, {0, &unfitted}};
    subject.fit(heads, batches, services);
    BOOST_TEST(twice.rounds == 2U);
    BOOST_TEST(twice.rows == 46U);
    BOOST_TEST(head.rows_seen == 23U);
    BOOST_TEST(unfitted.rows_seen == 0U); // wants no fitting
    BOOST_TEST(teacher.forwards == 6);
    BOOST_TEST((teacher.modes == std::vector<sdk::Mode>(teacher.modes.size(), sdk::Mode::evaluate)));
}

// Taps and what a head makes of them, for examples out of order.
BOOST_AUTO_TEST_CASE(what_is_looked_up_is_what_is_computed) {
    const TeacherOutput heads[] = {{0, &head}};
    subject.fit(heads, batches, services);
    Teacher computing(teacher);
    for (Teacher *each : {&subject, &computing}) {
        each->want({1, nullptr});
        each->want({0, &head});
    }
    subject.cache(1 << 20, batches, services);
    BOOST_TEST(subject.cached(1).rows == 23U);
    BOOST_TEST(subject.cached(1).columns == 5U);
    BOOST_TEST(computing.cached(0).empty());
    TeacherPass looked_up(subject, 10, 3);
    TeacherPass computed(computing, 10, 3);
    const int forwards = teacher.forwards;
    for (std::uint64_t step = 0; step < 3; ++step) { // the last batch is short
        const sdk::Batch batch = batches.at(step);
        looked_up.run(batch, {});
        computed.run(batch, {});
        for (std::size_t output = 0; output < 2; ++output) {
            BOOST_TEST_REQUIRE(looked_up.output(output).rows == batch.inputs.rows);
            for (std::size_t r = 0; r < batch.inputs.rows; ++r)
                BOOST_TEST(std::ranges::equal(looked_up.output(output).row(r), computed.output(output).row(r)));
        }
    }
    BOOST_TEST(teacher.forwards == forwards + 3);
}

BOOST_AUTO_TEST_CASE(a_cache_is_kept_up_to_its_limit_and_left_out_beyond_with_a_word) {
    subject.want({1, nullptr});
    constexpr std::size_t bytes = 23 * 3 * sizeof(float);
    subject.cache(bytes - 1, batches, services);
    BOOST_TEST(subject.cached(0).empty());
    BOOST_TEST(surroundings.services.infos.size() == 1U);
    BOOST_TEST(teacher.forwards == 0);
    subject.cache(bytes, batches, services);
    BOOST_TEST(subject.cached(0).rows == 23U);
    BOOST_TEST(surroundings.services.infos.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_cache_is_none) {
    subject.want({1, nullptr});
    surroundings.services.cancel = true;
    subject.cache(1 << 20, batches, services);
    BOOST_TEST(subject.cached(0).empty());
    BOOST_TEST(teacher.forwards == 0);
}

BOOST_AUTO_TEST_CASE(cached_and_computed_teacher_outputs_give_the_same_bytes) {
    Stage cached;
    Stage computed;
    for (Stage *stage : {&cached, &computed}) {
        stage->add_condition();
        stage->settings.losses.push_back({fake_loss(sdk::Loss::On::logits), 0.5, {}});
    }
    computed.settings.teacher_cache = 0;
    cached.run(12);
    computed.run(12);
    BOOST_TEST(cached.student_values() == computed.student_values());
    BOOST_TEST(cached.teacher.forwards == 3 + 3);    // fitting and caching
    BOOST_TEST(computed.teacher.forwards == 3 + 12); // fitting and every step
    BOOST_TEST(computed.surroundings.services.infos.size() == 1U);
    BOOST_TEST(cached.condition_head->rows_seen == 23U); // each example once, in order
}

BOOST_AUTO_TEST_CASE(moved_batches_run_the_teacher_on_what_the_student_sees) {
    Stage stage;
    stage.data.shape = {1, 2, 2, 0.0F};
    stage.settings.augmentation.shift = 1;
    stage.settings.batch = 23;
    stage.settings.losses = {{fake_loss(sdk::Loss::On::logits), 1.0, {}}};
    stage.settings.optimizer = fake_optimizer(0.0F);
    FakeModel twin(4, 5, 3, 1); // the teacher's weights: no input tells them apart
    stage.parts.models["student"] = &twin;
    stage.settings.adversaries.clear();
    stage.start();
    BOOST_TEST(stage.teacher.forwards == 0);
    for (std::uint64_t k = 0; k < 3; ++k) {
        stage.trainer->step(k, stage.metrics);
        BOOST_TEST(stage.metrics["squares"] == 0.0);
    }
    BOOST_TEST(stage.teacher.forwards == 3);
}

BOOST_AUTO_TEST_CASE(preparing_stops_when_asked_to) {
    Stage stage;
    stage.add_condition();
    stage.surroundings.services.cancel = true;
    stage.start();
    BOOST_TEST(stage.teacher.forwards == 0);
}

BOOST_AUTO_TEST_SUITE_END()
