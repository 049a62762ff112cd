// SPDX-License-Identifier: Apache-2.0
// Teachers of several members.
#include "game.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

using namespace retort;
using namespace retort::test;
using trainer_adversarial_distillation::Teacher;
using trainer_adversarial_distillation::TeacherOutput;
using trainer_adversarial_distillation::TeacherPass;

namespace {

/// Three networks as one, whose tap of all together is the first one's; each draw of it adds noise of its own.
class Three final : public sdk::Model {
  public:
    [[nodiscard]] std::span<const sdk::Tap> taps() const override { return models[0].taps(); }

    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    [[nodiscard]] std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override {
        return std::make_unique<Pass>(*this, spec);
    }

    [[nodiscard]] std::size_t members() const override { return models.size(); }

    [[nodiscard]] bool answers(sdk::Split) const override { return has_record; }

    [[nodiscard]] bool by_id() const override { return knows_ids; }

    std::array<FakeModel, 3> models{FakeModel{4, 5, 3, 1}, FakeModel{4, 5, 3, 21}, FakeModel{4, 5, 3, 22}};
    bool has_record = true;
    bool knows_ids = false;
    bool noisy = false;

  private:
    class Pass final : public sdk::ModelPass {
      public:
        Pass(Three &all, const sdk::PassSpec &spec) : all_(all), noise_(spec.rows, 3) {
            for (FakeModel &model : all.models)
                passes_.push_back(model.make_pass(spec));
        }

        void forward(const sdk::Batch &batch, sdk::Random random) override {
            for (const auto &pass : passes_)
                pass->forward(batch, random);
            const sdk::ConstMatrix logits = passes_[2]->tap(1);
            rows_ = batch.inputs.rows;
            for (std::size_t r = 0; r < rows_; ++r)
                for (std::size_t c = 0; c < 3; ++c)
                    noise_.view().row(r)[c] =
                        logits.row(r)[c] + (all_.noisy ? random.at(batch.first_row + r).uniform(c) : 0.0F);
        }

        [[nodiscard]] sdk::ConstMatrix tap(std::size_t index) const override { return passes_[0]->tap(index); }

        [[nodiscard]] sdk::ConstMatrix member_tap(std::size_t member, std::size_t index) const override {
            return member == 2 && index == 1 ? noise_.view(rows_) : passes_[member]->tap(index);
        }

        void backward(std::span<const sdk::TapGradient>, sdk::Write) override {}

      private:
        Three &all_;
        std::vector<std::unique_ptr<sdk::ModelPass>> passes_;
        sdk::MatrixBuffer noise_;
        std::size_t rows_ = 0;
    };
};

struct Members : Stage {
    sdk::Services &services = surroundings.services;
    sdk::EpochBatches batches{data, sdk::Split::train, 10, {}, sdk::Random{1}, services};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(test_teacher_members, Members)

BOOST_AUTO_TEST_CASE(of_one_network_the_members_tap_is_its_own) {
    Teacher subject(teacher);
    BOOST_TEST(subject.want({1, nullptr, true}) == subject.want({1, nullptr}));
    BOOST_TEST(subject.count({1, nullptr}) == 1U);
}

BOOST_AUTO_TEST_CASE(members_come_in_order_looked_up_and_computed) {
    Three three;
    Teacher cached(three);
    Teacher computing(three);
    for (Teacher *each : {&cached, &computing}) {
        BOOST_TEST(each->want({1, nullptr}) == 0U);
        BOOST_TEST(each->want({1, nullptr, true}) == 1U);
    }
    BOOST_TEST(cached.count(cached.outputs()[1]) == 3U);
    constexpr std::size_t bytes = 23 * (3 + 3 * 3) * sizeof(float);
    cached.cache(bytes - 1, batches, services);
    BOOST_TEST(cached.cached(1).empty()); // the limit counts all members
    cached.cache(bytes, batches, services);
    BOOST_TEST(cached.cached(1).columns == 9U);
    TeacherPass looked_up(cached, 10, 3);
    TeacherPass computed(computing, 10, 3);
    std::vector<std::unique_ptr<sdk::ModelPass>> alone;
    const std::size_t logits[] = {1};
    for (FakeModel &model : three.models)
        alone.push_back(model.make_pass({sdk::Mode::evaluate, 10, 3, false, false, logits}));
    for (std::uint64_t step = 0; step < 3; ++step) {
        const sdk::Batch batch = batches.at(step);
        looked_up.run(batch, {});
        computed.run(batch, {});
        for (std::size_t k = 0; k < 3; ++k) {
            alone[k]->forward(batch, {});
            for (std::size_t r = 0; r < batch.inputs.rows; ++r)
                for (TeacherPass *pass : {&looked_up, &computed}) {
                    BOOST_TEST_REQUIRE(pass->matrices(1).size() == 3U);
                    BOOST_TEST(std::ranges::equal(pass->matrices(1)[k].row(r), alone[k]->tap(1).row(r)));
                    BOOST_TEST(std::ranges::equal(pass->output(0).row(r), alone[0]->tap(1).row(r)));
                }
        }
    }
}

// A head is fitted on all members, and sees all of them.
BOOST_AUTO_TEST_CASE(heads_see_every_member) {
    Three three;
    Teacher all(three);
    FakeHead seen({0, true, false}, {surroundings.context(), 5, 3});
    const TeacherOutput heads[] = {{0, &seen}};
    all.fit(heads, batches, services);
    BOOST_TEST(seen.members_seen == 3U);
    seen.members_seen = 0;
    BOOST_TEST(all.want({0, &seen}) == 0U);
    TeacherPass pass(all, 10, 3);
    pass.run(batches.at(0), {});
    BOOST_TEST(seen.members_seen == 3U);
}

BOOST_AUTO_TEST_CASE(draws_are_kept_in_the_cache_and_renewed_without_it) {
    Three three;
    three.noisy = true;
    Teacher cached(three, sdk::Random{4});
    Teacher computing(three, sdk::Random{4});
    cached.want({1, nullptr, true});
    computing.want({1, nullptr, true});
    cached.cache(1 << 20, batches, services);
    const auto draw = [&](Teacher &which, std::uint64_t random) {
        TeacherPass pass(which, 10, 3);
        pass.run(batches.at(0), sdk::Random{random});
        const std::span<const float> row = pass.matrices(0)[2].row(0);
        return std::vector<float>(row.begin(), row.end());
    };
    BOOST_CHECK(draw(cached, 1) == draw(cached, 2));
    BOOST_CHECK(draw(computing, 1) != draw(computing, 2));
    BOOST_CHECK(draw(computing, 1) == draw(computing, 1));
}

BOOST_AUTO_TEST_CASE(a_stage_with_equal_members_gives_the_bytes_of_one) {
    Stage one;
    Stage of_three;
    Three three;
    for (FakeModel &model : three.models)
        std::ranges::copy(one.teacher.parameters().values, model.parameters().values.begin());
    of_three.parts.models["teacher"] = &three;
    for (Stage *stage : {&one, &of_three}) {
        stage->add_condition();
        stage->settings.losses.push_back({fake_loss(sdk::Loss::On::logits), 0.5, {}});
        stage->run(12);
    }
    BOOST_TEST(one.student_values() == of_three.student_values());
    of_three.settings.teacher_cache = 0;
    of_three.student.initialise(sdk::Random{2});
    of_three.run(12);
    BOOST_TEST(one.student_values() == of_three.student_values());
}

BOOST_AUTO_TEST_CASE(a_teacher_that_knows_examples_by_number_needs_a_record_of_each_as_it_is) {
    Three three;
    three.has_record = false;
    three.knows_ids = true;
    parts.models["teacher"] = &three;
    data.shape = {1, 2, 2, 0.0F};
    settings.augmentation.shift = 1;
    build();
    const std::vector<std::pair<std::string, std::string>> expected{
        {"/teacher", R"("teacher" has no record of the training examples; allowed: teachers that have one, or that )"
                     "compute"},
        {"/augmentation",
         R"(the teacher "teacher" has a record of each example as it is, and none of it moved; allowed: a shift, rotation and scale of 0)"}};
    BOOST_TEST_REQUIRE(surroundings.problems.items.size() == 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST(surroundings.problems.items[i].first == expected[i].first);
        BOOST_TEST(surroundings.problems.items[i].second == expected[i].second);
    }
}

BOOST_AUTO_TEST_SUITE_END()
