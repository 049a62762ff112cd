// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/discriminator.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <support/context.hpp>
#include <support/state.hpp>

BOOST_AUTO_TEST_SUITE(test_discriminator)

using namespace retort;
using namespace retort::sdk;

namespace {

/// As little as a discriminator and its pass must do.
class Indifferent final : public Discriminator {
  public:
    class Pass final : public DiscriminatorPass {
      public:
        [[nodiscard]] Matrix input() override { return {}; }

        void forward(std::size_t, const Condition &, Random, Progress) override {}

        [[nodiscard]] std::span<const float> scores() const override { return {}; }

        void backward(std::span<const float>, ConstMatrix, Write) override {}

        [[nodiscard]] ConstMatrix input_gradient() const override { return {}; }
    };

    Parameters parameters() override { return {}; }

    void initialise(Random) override {}

    [[nodiscard]] std::unique_ptr<DiscriminatorPass> make_pass(const PassSpec &) override {
        return std::make_unique<Pass>();
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(it_needs_nothing_and_promises_nothing_by_default) {
    Indifferent indifferent;
    Discriminator &discriminator = indifferent;
    BOOST_TEST(Discriminator::role == "discriminator");
    BOOST_TEST(!discriminator.needs().labels);
    BOOST_TEST(!discriminator.needs().inputs);
    BOOST_TEST(!discriminator.needs().features);
    BOOST_TEST(!discriminator.twice_differentiable());
    BOOST_TEST((test::State::of(discriminator) == test::State{}));
}

BOOST_AUTO_TEST_CASE(a_pass_classifies_nothing_and_refuses_a_second_derivative_by_default) {
    Indifferent indifferent;
    const auto pass = indifferent.make_pass({});
    BOOST_TEST(pass->class_logits().empty());
    BOOST_CHECK_EXCEPTION(pass->second_backward({}, Write::add), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::plugin; });
}

BOOST_AUTO_TEST_CASE(the_batch_size_is_known_from_whatever_the_condition_has) {
    const MatrixBuffer three(3, 2);
    const MatrixBuffer four(4, 2);
    const std::array<std::int32_t, 5> labels{};
    const struct {
        const char *name;
        Condition condition;
        std::size_t examples;
    } cases[] = {
        {"nothing: all rows are different examples", {}, 12},
        {"features", {{}, three.view()}, 3},
        {"inputs", {{four.view(), {}, {}, 0}, {}}, 4},
        {"labels", {{{}, labels, {}, 0}, {}}, 5},
        {"features before inputs", {{four.view(), labels, {}, 0}, three.view()}, 3},
        {"inputs before labels", {{four.view(), labels, {}, 0}, {}}, 4},
    };
    for (const auto &c : cases)
        BOOST_TEST(c.condition.examples(12) == c.examples, c.name);
}

BOOST_AUTO_TEST_CASE(a_context_has_no_condition_unless_the_pair_has_one) {
    test::Surroundings surroundings;
    const DiscriminatorContext context{surroundings.context()};
    BOOST_TEST((context.space == Space{}));
    BOOST_TEST(context.condition_width == 0U);
    BOOST_TEST(context.input_width == 0U);
    BOOST_TEST(context.classes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
