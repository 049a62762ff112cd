// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <array>
#include <plugins/shared/point_pass.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace test_point_pass {

using namespace retort;
using plugin_support::PointPass;

constexpr std::size_t rows = 3;
constexpr std::size_t width = 2;

/// A space of its own affine map: z = (u - shift) * scale.
class Mapped final : public sdk::Head {
  public:
    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}

    [[nodiscard]] sdk::Space space() const override { return {sdk::Space::Kind::real, width}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] sdk::Affine affine() const override { return {shift, scale}; }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &) override { return nullptr; }

    std::vector<float> shift{0.5F, -1.0F};
    std::vector<float> scale{2.0F, 0.25F};
};

/// A pass over two members of normal numbers.
struct Fixture {
    Fixture() { forward(); }

    void forward() { pass.forward(std::array<sdk::ConstMatrix, 2>{first.view(), second.view()}, {}); }

    Mapped head;
    sdk::MatrixBuffer first = test::normal_matrix(rows, width, sdk::Random{1});
    sdk::MatrixBuffer second = test::normal_matrix(rows, width, sdk::Random{2});
    PointPass pass{head, 2, 5};
};

} // namespace test_point_pass

BOOST_FIXTURE_TEST_SUITE(test_point_pass, Fixture, *boost::unit_test::tolerance(1e-6F))

BOOST_AUTO_TEST_CASE(draw_d_is_member_d_modulo_their_number_in_the_heads_space) {
    const sdk::MatrixBuffer z(3 * rows, width);
    pass.sample(z.view(), sdk::Random{7}, {});
    for (std::size_t draw = 0; draw < 3; ++draw)
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width; ++c) {
                const float u = (draw % 2 == 0 ? first : second).view().row(r)[c];
                BOOST_TEST(z.view().row(draw * rows + r)[c] == (u - head.shift[c]) * head.scale[c]);
            }
}

BOOST_AUTO_TEST_CASE(the_location_is_the_members_mean_in_the_heads_space) {
    const sdk::Distribution point = pass.distribution();
    BOOST_TEST(point.family == "point");
    BOOST_TEST(point.parameters[1].empty());
    BOOST_TEST_REQUIRE(point.parameters[0].rows == rows); // of the last forward, though there is room for more
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            const float mean = 0.5F * (first.view().row(r)[c] + second.view().row(r)[c]);
            BOOST_TEST(point.parameters[0].row(r)[c] == (mean - head.shift[c]) * head.scale[c]);
        }
}

BOOST_AUTO_TEST_CASE(without_an_affine_map_a_sample_is_the_member) {
    head.shift.clear();
    head.scale.clear();
    forward();
    const sdk::MatrixBuffer z(rows, width);
    pass.sample(z.view(), {}, {});
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c)
            BOOST_TEST(z.view().row(r)[c] == first.view().row(r)[c]);
}

BOOST_AUTO_TEST_CASE(a_point_has_no_density) {
    BOOST_CHECK_EXCEPTION(pass.log_density({}, {}), sdk::Error,
                          [](const sdk::Error &error) { return error.kind() == sdk::ErrorKind::settings; });
}

// Of <a, samples> + <b, location>, three draws of two members. The pass is linear, so a wide step is exact but for
// rounding: tolerance 1e-4.
BOOST_AUTO_TEST_CASE(gradients_of_each_member_are_those_of_finite_differences) {
    const sdk::MatrixBuffer z(3 * rows, width);
    const sdk::MatrixBuffer a = test::normal_matrix(3 * rows, width, sdk::Random{3});
    const sdk::MatrixBuffer b = test::normal_matrix(rows, width, sdk::Random{4});
    const auto product = [](sdk::ConstMatrix one, sdk::ConstMatrix other) {
        double sum = 0.0;
        for (std::size_t r = 0; r < one.rows; ++r)
            for (std::size_t c = 0; c < one.columns; ++c)
                sum += static_cast<double>(one.row(r)[c]) * static_cast<double>(other.row(r)[c]);
        return sum;
    };
    const auto loss = [&] {
        forward();
        pass.sample(z.view(), {}, {});
        return product(a.view(), z.view()) + product(b.view(), pass.distribution().parameters[0]);
    };
    loss();
    const std::array<sdk::MatrixBuffer, 2> gradients{test::normal_matrix(rows, width, sdk::Random{5}), // overwritten
                                                     sdk::MatrixBuffer(rows, width)};
    const std::array<sdk::Matrix, 2> views{gradients[0].view(), gradients[1].view()};
    pass.backward({a.view(), {}, {b.view(), sdk::ConstMatrix{}}}, views, sdk::Write::none);
    test::check_gradient(loss, {first.view().data, rows * width}, {views[0].data, rows * width}, 0.25F, 1e-4);
    test::check_gradient(loss, {second.view().data, rows * width}, {views[1].data, rows * width}, 0.25F, 1e-4);
}

BOOST_AUTO_TEST_SUITE_END()
