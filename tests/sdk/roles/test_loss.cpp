// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/loss.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <support/context.hpp>
#include <support/state.hpp>

BOOST_AUTO_TEST_SUITE(test_loss)

using namespace retort;
using namespace retort::sdk;

namespace {

/// Tells what it was given.
class Probe final : public Loss {
  public:
    [[nodiscard]] On on() const override { return On::labels; }

    double evaluate(const LossInput &input, float, const LossGradient &gradient, Progress) override {
        given = !input.labels.empty() + 2 * !input.student.empty() + 4 * !input.teacher.empty() +
                8 * !input.q_student.family.empty() + 16 * !input.q_teacher.family.empty();
        wanted = !gradient.student.empty() + 2 * !gradient.q_student[0].empty() + 4 * !gradient.q_student[1].empty();
        return 0.0;
    }

    int given = -1;
    int wanted = -1;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_loss_looks_at_one_of_three_things_and_has_no_state_by_default) {
    Probe probe;
    BOOST_TEST(Loss::role == "loss");
    BOOST_TEST((std::set{Loss::On::labels, Loss::On::logits, Loss::On::distributions}.size()) == 3U);
    BOOST_TEST((test::State::of(probe) == test::State{}));
}

BOOST_AUTO_TEST_CASE(what_is_not_given_is_empty_and_what_is_given_stands_at_its_place) {
    float numbers[] = {1.0F, 2.0F};
    const std::int32_t label[] = {0};
    const ConstMatrix logits{numbers, 1, 2, 2};
    Probe probe;
    Loss &loss = probe;
    loss.evaluate({}, 1.0F, {}, {});
    BOOST_TEST(probe.given == 0);
    BOOST_TEST(probe.wanted == 0);
    loss.evaluate({label, logits}, 1.0F, {{numbers, 1, 2, 2}}, {});
    BOOST_TEST(probe.given == 1 + 2);
    BOOST_TEST(probe.wanted == 1);
    loss.evaluate({label, logits, logits, {"point"}, {"point"}}, 1.0F, {{}, {Matrix{}, Matrix{numbers, 1, 2, 2}}}, {});
    BOOST_TEST(probe.given == 31);
    BOOST_TEST(probe.wanted == 4);
}

BOOST_AUTO_TEST_CASE(a_context_has_no_families_without_a_pair) {
    test::Surroundings surroundings;
    const LossContext context{surroundings.context()};
    BOOST_TEST(context.classes == 0U);
    BOOST_TEST(context.student_family.empty());
    BOOST_TEST(context.teacher_family.empty());
}

BOOST_AUTO_TEST_SUITE_END()
