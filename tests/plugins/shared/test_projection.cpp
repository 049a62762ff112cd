// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <optional>
#include <plugins/shared/projection.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_projection {

using namespace retort;
using plugin_support::Projection;
using plugin_support::ProjectionPass;

constexpr std::size_t rows = 4;
constexpr std::size_t inputs = 5;
constexpr std::size_t outputs = 3;

/// A teacher's head over a space, and nothing else.
class Target final : public sdk::Head {
  public:
    explicit Target(sdk::Space space) : space_(space) {}

    [[nodiscard]] sdk::Space space() const override { return space_; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &) override { return nullptr; }

    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

  private:
    sdk::Space space_;
};

struct Fixture {
    Fixture() {
        arena.allocate();
        projection.initialise(sdk::Random{1});
        sdk::fill_normal(sdk::Random{2}, projection.bias());
    }

    /// Runs the taps forward and returns <on_result, u> summed over the members.
    double loss(ProjectionPass &pass, std::size_t members, std::size_t count = rows) {
        std::vector<sdk::ConstMatrix> given;
        for (std::size_t k = 0; k < members; ++k)
            given.push_back(taps[k].view(count));
        double sum = 0.0;
        std::size_t k = 0;
        for (const sdk::ConstMatrix &u : pass.forward(given)) {
            for (std::size_t r = 0; r < count; ++r)
                for (std::size_t c = 0; c < outputs; ++c)
                    sum += static_cast<double>(u.row(r)[c]) * static_cast<double>(on_result[k].view().row(r)[c]);
            ++k;
        }
        return sum;
    }

    void backward(ProjectionPass &pass, std::size_t members, sdk::Write write, std::size_t count = rows) {
        std::vector<sdk::Matrix> wanted;
        for (std::size_t k = 0; k < members; ++k)
            wanted.push_back(tap_gradients[k].view(count));
        const auto places = pass.gradients(wanted);
        for (std::size_t k = 0; k < members; ++k)
            for (std::size_t r = 0; r < count; ++r)
                std::copy_n(on_result[k].view().row(r).begin(), outputs, places[k].row(r).begin());
        pass.backward(wanted, write);
    }

    sdk::Arena arena;
    test::FakeServices services;
    Projection projection{arena, inputs, outputs, services};
    std::array<sdk::MatrixBuffer, 2> taps{test::normal_matrix(rows, inputs, sdk::Random{3}),
                                          test::normal_matrix(rows, inputs, sdk::Random{4})};
    std::array<sdk::MatrixBuffer, 2> on_result{test::normal_matrix(rows, outputs, sdk::Random{5}),
                                               test::normal_matrix(rows, outputs, sdk::Random{6})};
    std::array<sdk::MatrixBuffer, 2> tap_gradients{sdk::MatrixBuffer(rows, inputs), sdk::MatrixBuffer(rows, inputs)};
    const sdk::PassSpec training{.rows = rows, .tail_rows = 2, .parameter_gradients = true, .input_gradients = true};
};

} // namespace test_projection

BOOST_FIXTURE_TEST_SUITE(test_projection, Fixture)

BOOST_AUTO_TEST_CASE(is_a_plain_product) {
    ProjectionPass pass(&projection, 1, {.rows = rows, .tail_rows = 2});
    for (const std::size_t count : {std::size_t{rows}, std::size_t{2}}) {
        const auto u = pass.forward(std::array<sdk::ConstMatrix, 1>{taps[0].view(count)});
        BOOST_TEST_REQUIRE(u[0].rows == count);
        for (std::size_t r = 0; r < count; ++r)
            for (std::size_t c = 0; c < outputs; ++c) {
                double expected = static_cast<double>(projection.bias()[c]);
                for (std::size_t i = 0; i < inputs; ++i)
                    expected += static_cast<double>(projection.weight()[c * inputs + i]) *
                                static_cast<double>(taps[0].view().row(r)[i]);
                BOOST_TEST(std::abs(static_cast<double>(u[0].row(r)[c]) - expected) <= 1e-5);
            }
    }
}

// Linear in each: a wide step is exact but for rounding.
BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences_for_full_and_short_batches) {
    for (const std::size_t count : {std::size_t{rows}, std::size_t{2}}) {
        ProjectionPass pass(&projection, 2, training);
        const auto value = [&] { return loss(pass, 2, count); };
        value();
        backward(pass, 2, sdk::Write::replace, count);
        test::check_gradient(value, projection.weight(), projection.weight_gradient(), 0.25F, 1e-4);
        test::check_gradient(value, projection.bias(), projection.bias_gradient(), 0.25F, 1e-4);
        for (std::size_t k = 0; k < 2; ++k)
            test::check_gradient(value, {taps[k].view().data, count * inputs},
                                 {tap_gradients[k].view().data, count * inputs}, 0.25F, 1e-4);
    }
}

BOOST_AUTO_TEST_CASE(writes_nothing_replaces_or_adds) {
    ProjectionPass pass(&projection, 1, training);
    loss(pass, 1);
    backward(pass, 1, sdk::Write::replace);
    const std::vector<float> once(arena.parameters().gradients.begin(), arena.parameters().gradients.end());
    backward(pass, 1, sdk::Write::none);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(arena.parameters().gradients[i] == once[i]);
    backward(pass, 1, sdk::Write::add);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(std::abs(arena.parameters().gradients[i] - 2.0F * once[i]) <= 1e-5F);
    backward(pass, 1, sdk::Write::replace);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(arena.parameters().gradients[i] == once[i]);
}

BOOST_AUTO_TEST_CASE(rows_may_have_gaps) {
    const sdk::MatrixBuffer wide(rows, inputs + 2);
    const sdk::MatrixBuffer wide_gradient(rows, inputs + 3);
    for (std::size_t r = 0; r < rows; ++r)
        std::copy_n(taps[0].view().row(r).begin(), inputs, wide.view().row(r).begin());
    ProjectionPass dense(&projection, 1, training), gaps(&projection, 1, training);
    loss(dense, 1);
    backward(dense, 1, sdk::Write::replace);
    gaps.forward(std::array<sdk::ConstMatrix, 1>{sdk::ConstMatrix{wide.view().data, rows, inputs, inputs + 2}});
    const std::array<sdk::Matrix, 1> wanted{sdk::Matrix{wide_gradient.view().data, rows, inputs, inputs + 3}};
    const sdk::Matrix place = gaps.gradients(wanted)[0];
    std::copy_n(on_result[0].view().data, rows * outputs, place.data);
    gaps.backward(wanted, sdk::Write::none);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t i = 0; i < inputs; ++i)
            BOOST_TEST(wanted[0].row(r)[i] == tap_gradients[0].view().row(r)[i]);
        BOOST_TEST(wide_gradient.view().row(r)[inputs] == 0.0F);
    }
}

BOOST_AUTO_TEST_CASE(without_one_everything_is_handed_on) {
    ProjectionPass pass(nullptr, 1, training);
    const std::array<sdk::ConstMatrix, 1> members{taps[0].view()};
    const std::array<sdk::Matrix, 1> wanted{tap_gradients[0].view()};
    BOOST_TEST(pass.forward(members)[0].data == taps[0].view().data);
    BOOST_TEST(pass.gradients(wanted)[0].data == tap_gradients[0].view().data);
    pass.backward(wanted, sdk::Write::replace);
    BOOST_TEST(tap_gradients[0].view().data[0] == 0.0F);
}

BOOST_AUTO_TEST_CASE(initial_weights_keep_the_size_of_a_unit_input) {
    sdk::Arena large;
    const Projection wide(large, 400, 100, services);
    large.allocate();
    std::ranges::fill(wide.bias(), 1.0F);
    wide.initialise(sdk::Random{7});
    double squares = 0.0;
    for (const float value : wide.weight())
        squares += static_cast<double>(value) * static_cast<double>(value);
    BOOST_TEST(std::abs(squares / 100.0 - 1.0) <= 4.0 * std::sqrt(2.0 / 40000.0)); // four standard errors
    for (const float value : wide.bias())
        BOOST_TEST(value == 0.0F);
    BOOST_TEST(large.parameters().table[0].decays);
    BOOST_TEST(!large.parameters().table[1].decays);
}

BOOST_AUTO_TEST_CASE(a_head_has_one_where_it_needs_one) {
    test::Surroundings surroundings;
    const Target three({sdk::Space::Kind::real, 3});
    const Target simplex({sdk::Space::Kind::simplex, 3});
    const auto made = [&](std::size_t tap, const sdk::Head *teacher, bool always) {
        sdk::Arena place;
        return plugin_support::make_projection({always}, {surroundings.context(), tap, 1, teacher}, place).has_value();
    };
    BOOST_TEST(!made(5, nullptr, true)); // the teacher's side
    BOOST_TEST(made(5, &three, false));
    BOOST_TEST(!made(3, &three, false));
    BOOST_TEST(made(3, &three, true));
    BOOST_CHECK_EXCEPTION(made(3, &simplex, false), sdk::Error, [](const sdk::Error &error) {
        return error.kind() == sdk::ErrorKind::settings &&
               std::string(error.what()).find("simplex") != std::string::npos;
    });
    sdk::Arena place;
    BOOST_TEST(
        plugin_support::make_projection({}, {surroundings.context(), 5, 1, &simplex}, place, sdk::Space::Kind::simplex)
            .has_value());
    BOOST_CHECK_THROW((void)plugin_support::make_projection({}, {surroundings.context(), 5, 1, &three}, place,
                                                            sdk::Space::Kind::simplex),
                      sdk::Error);
}

BOOST_AUTO_TEST_SUITE_END()
