// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/roles/head.hpp>

#include <boost/test/unit_test.hpp>

#include <support/context.hpp>
#include <support/state.hpp>

BOOST_AUTO_TEST_SUITE(test_head)

using namespace retort;
using namespace retort::sdk;

namespace {

/// As little as a head must say.
class Plain final : public Head {
  public:
    Parameters parameters() override { return {}; }

    void initialise(Random) override {}

    [[nodiscard]] Space space() const override { return {}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] std::unique_ptr<HeadPass> make_pass(const PassSpec &) override { return nullptr; }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_head_is_the_identity_and_wants_no_data_by_default) {
    Plain plain;
    Head &head = plain;
    BOOST_TEST(Head::role == "head");
    BOOST_TEST(head.affine().shift.empty());
    BOOST_TEST(head.affine().scale.empty());
    BOOST_TEST(!head.needs_fit());
    head.fit({});
    BOOST_TEST(!head.end_fit()); // true would ask for the training data for ever
    BOOST_TEST((test::State::of(head) == test::State{}));
}

BOOST_AUTO_TEST_CASE(a_context_is_of_a_teachers_head_on_one_network_by_default) {
    test::Surroundings surroundings;
    const HeadContext context{surroundings.context()};
    BOOST_TEST(context.tap_width == 0U);
    BOOST_TEST(context.members == 1U);
    BOOST_TEST(context.teacher == nullptr);
}

BOOST_AUTO_TEST_CASE(no_gradient_is_known_unless_it_is_given) {
    const HeadGradient nothing;
    BOOST_TEST(nothing.sample.empty());
    BOOST_TEST(nothing.log_density.empty());
    BOOST_TEST(nothing.parameters[0].empty());
    BOOST_TEST(nothing.parameters[1].empty());
}

BOOST_AUTO_TEST_SUITE_END()
