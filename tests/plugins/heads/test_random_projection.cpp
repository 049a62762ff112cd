// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <plugins/heads/random_projection/random_projection.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

namespace test_random_projection {

using namespace retort;
using head_random_projection::RandomProjection;

constexpr std::size_t tap_width = 20;
constexpr std::size_t width = 6;

struct Fixture {
    [[nodiscard]] std::unique_ptr<RandomProjection> make(std::uint64_t dimensions = width, bool standardise = true,
                                                         std::size_t members = 1, const sdk::Head *teacher = nullptr) {
        return std::make_unique<RandomProjection>(
            RandomProjection::Settings{dimensions, {standardise, 0.01}},
            sdk::HeadContext{surroundings.context(), tap_width, members, teacher});
    }

    void fit(RandomProjection &head) {
        for (const std::size_t first : {0U, 30U, 60U}) {
            const std::array<sdk::ConstMatrix, 1> members{sdk::ConstMatrix(data.view()).slice(first, 30)};
            head.fit(members);
        }
        BOOST_TEST(!head.end_fit());
    }

    /// What a pass makes of the data.
    [[nodiscard]] sdk::MatrixBuffer location(RandomProjection &head) {
        const auto pass = head.make_pass({.rows = 90});
        const std::array<sdk::ConstMatrix, 1> members{data.view()};
        pass->forward(members, {});
        sdk::MatrixBuffer result(90, head.space().width);
        for (std::size_t r = 0; r < 90; ++r)
            std::ranges::copy(pass->distribution().parameters[0].row(r), result.view().row(r).begin());
        return result;
    }

    test::Surroundings surroundings;
    sdk::MatrixBuffer data = test::normal_matrix(90, tap_width, sdk::Random{4}, 5.0F);
};

} // namespace test_random_projection

BOOST_FIXTURE_TEST_SUITE(test_random_projection, Fixture, *boost::unit_test::tolerance(1e-5))

BOOST_AUTO_TEST_CASE(is_a_point_of_its_own_width) {
    const auto head = make();
    BOOST_TEST((head->space() == sdk::Space{sdk::Space::Kind::real, width}));
    BOOST_TEST(head->family() == "point");
    BOOST_TEST(head->needs_fit());
    BOOST_TEST(!make(width, false)->needs_fit());
    BOOST_TEST(head->parameters().values.empty());
}

BOOST_AUTO_TEST_CASE(fitted_output_has_mean_zero_and_deviation_one) {
    const auto head = make();
    fit(*head);
    const sdk::MatrixBuffer z = location(*head);
    for (std::size_t c = 0; c < width; ++c) {
        double mean = 0.0, square = 0.0;
        for (std::size_t r = 0; r < 90; ++r) {
            const double value = static_cast<double>(z.view().row(r)[c]);
            mean += value / 90.0;
            square += value * value / 90.0;
        }
        BOOST_TEST(std::abs(mean) <= 1e-5);
        BOOST_TEST(square == 1.0);
    }
}

BOOST_AUTO_TEST_CASE(full_width_without_a_map_is_a_rotation) {
    const auto head = make(tap_width, false);
    const sdk::MatrixBuffer z = location(*head);
    for (std::size_t r = 0; r < 90; ++r) {
        double before = 0.0, after = 0.0;
        for (std::size_t c = 0; c < tap_width; ++c) {
            before += std::pow(static_cast<double>(data.view().row(r)[c]), 2);
            after += std::pow(static_cast<double>(z.view().row(r)[c]), 2);
        }
        BOOST_TEST(after == before);
    }
}

BOOST_AUTO_TEST_CASE(draws_go_through_the_members) {
    const auto head = make(width, false, 2);
    const auto pass = head->make_pass({.rows = 10});
    const std::array<sdk::ConstMatrix, 2> members{data.view(10), sdk::ConstMatrix(data.view()).slice(10, 10)};
    const sdk::MatrixBuffer z(20, width);
    pass->forward(members, {});
    pass->sample(z.view(), {}, {});
    const auto single = make(width, false);
    const sdk::MatrixBuffer expected = location(*single);
    const auto is = [&](std::size_t sample, std::size_t row) {
        for (std::size_t c = 0; c < width; ++c)
            if (std::abs(z.view().row(sample)[c] - expected.view().row(row)[c]) > 1e-5F)
                return false;
        return true;
    };
    for (std::size_t sample = 0; sample < 20; ++sample) // one of the two, whole
        BOOST_TEST(is(sample, sample % 10) != is(sample, 10 + sample % 10));
}

BOOST_AUTO_TEST_CASE(restored_state_and_the_stream_make_the_same_head) {
    const auto head = make();
    fit(*head);
    test::State state = test::State::of(*head);
    BOOST_TEST(state.floats.size() == 2U); // shift and scale; the matrix follows from the stream
    const auto fresh = make();
    state.restore(*fresh);
    const sdk::MatrixBuffer expected = location(*head);
    const sdk::MatrixBuffer restored = location(*fresh);
    for (std::size_t i = 0; i < 90 * width; ++i)
        BOOST_TEST(restored.view().data[i] == expected.view().data[i]);
}

BOOST_AUTO_TEST_CASE(mistakes_say_what_is_allowed) {
    try {
        (void)make(21);
        BOOST_ERROR("no error");
    } catch (const sdk::Error &error) {
        BOOST_TEST((error.kind() == sdk::ErrorKind::settings));
        BOOST_TEST(error.pointer() == "/width");
        BOOST_TEST(error.what() == std::string("21 dimensions of a tap that is 20 wide; allowed: 1 to 20"));
    }
    const auto teacher = make();
    try {
        (void)make(width, true, 1, teacher.get());
        BOOST_ERROR("no error");
    } catch (const sdk::Error &error) {
        BOOST_TEST((error.kind() == sdk::ErrorKind::settings));
        BOOST_TEST(std::string(error.what()).find("cannot be a student's head") != std::string::npos);
    }
    BOOST_CHECK_THROW(teacher->make_pass({.rows = 1})->backward({}, {}, sdk::Write::none), sdk::Error);
}

BOOST_AUTO_TEST_SUITE_END()
