// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
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

// Of 2,000 draws of three rows each member has a half, within four standard errors: 0.5 / sqrt(6,000).
BOOST_AUTO_TEST_CASE(every_draw_of_every_row_is_a_member_in_the_heads_space_each_as_often) {
    constexpr std::size_t draws = 2000;
    const sdk::MatrixBuffer z(draws * rows, width);
    pass.sample(z.view(), sdk::Random{7}, {});
    const auto is_of = [&](std::size_t i, const sdk::MatrixBuffer &member) {
        for (std::size_t c = 0; c < width; ++c)
            if (z.view().row(i)[c] != (member.view().row(i % rows)[c] - head.shift[c]) * head.scale[c])
                return false;
        return true;
    };
    std::size_t of_first = 0;
    for (std::size_t i = 0; i < draws * rows; ++i) {
        BOOST_TEST_REQUIRE((is_of(i, first) || is_of(i, second)));
        of_first += is_of(i, first) ? 1 : 0;
    }
    BOOST_TEST(std::abs(static_cast<double>(of_first) / (draws * rows) - 0.5) < 4 * 0.5 / std::sqrt(6000.0));
}

BOOST_AUTO_TEST_CASE(which_member_it_is_follows_from_the_stream_the_draw_and_the_rows_place) {
    const sdk::MatrixBuffer whole(2 * rows, width);
    pass.sample(whole.view(), sdk::Random{7}, {});
    const std::array<sdk::ConstMatrix, 2> last{first.view().slice(1, 2), second.view().slice(1, 2)};
    pass.forward(last, {{}, {}, {}, 1}); // the last two rows by themselves
    const sdk::MatrixBuffer part(2 * 2, width);
    pass.sample(part.view(), sdk::Random{7}, {});
    for (std::size_t draw = 0; draw < 2; ++draw)
        for (std::size_t r = 0; r < 2; ++r)
            BOOST_TEST(std::ranges::equal(part.view().row(draw * 2 + r), whole.view().row(draw * rows + 1 + r)));
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
    PointPass alone(head, 1, 5);
    alone.forward(std::array<sdk::ConstMatrix, 1>{first.view()}, {});
    const sdk::MatrixBuffer z(2 * rows, width);
    alone.sample(z.view(), {}, {});
    for (std::size_t i = 0; i < 2 * rows; ++i)
        BOOST_TEST(std::ranges::equal(z.view().row(i), first.view().row(i % rows)));
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
