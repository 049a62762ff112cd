// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <plugins/heads/categorical/categorical.hpp>
#include <plugins/heads/laplace/laplace.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

namespace test_laplace {

using namespace retort;
using Head = head_laplace::Laplace;

constexpr std::size_t rows = 60;
constexpr std::size_t width = 3;

struct Fixture {
    [[nodiscard]] std::unique_ptr<Head> fitted(std::size_t members = 1) {
        auto head = std::make_unique<Head>(settings, sdk::HeadContext{surroundings.context(), width, members, nullptr});
        head->fit(std::vector<sdk::ConstMatrix>(members, data.view()));
        BOOST_TEST(!head->end_fit());
        return head;
    }

    [[nodiscard]] std::unique_ptr<Head> student(const sdk::Head &teacher, std::size_t tap = width) {
        auto head = std::make_unique<Head>(settings, sdk::HeadContext{surroundings.context(), tap, 1, &teacher});
        head->initialise(sdk::Random{9});
        head->parameters_changed(sdk::Change::restore);
        return head;
    }

    test::Surroundings surroundings;
    Head::Settings settings;
    sdk::MatrixBuffer data = test::normal_matrix(rows, width, sdk::Random{11}, 3.0F);
};

} // namespace test_laplace

BOOST_FIXTURE_TEST_SUITE(test_laplace, Fixture, *boost::unit_test::tolerance(1e-5F))

BOOST_AUTO_TEST_CASE(lies_in_the_space_of_points_with_a_set_scale) {
    settings.scale = 0.3;
    const auto head = fitted();
    BOOST_TEST((head->space() == sdk::Space{sdk::Space::Kind::real, width}));
    BOOST_TEST(head->family() == "laplace");
    BOOST_TEST(head->parameters().values.empty());
    const auto pass = head->make_pass({.rows = rows});
    pass->forward(std::array<sdk::ConstMatrix, 1>{data.view()}, {});
    const sdk::Distribution q = pass->distribution();
    for (std::size_t c = 0; c < width; ++c) {
        BOOST_TEST(q.parameters[1].row(0)[c] == 0.3F);
        BOOST_TEST(q.parameters[0].row(5)[c] ==
                   (data.view().row(5)[c] - head->affine().shift[c]) * head->affine().scale[c]);
    }
}

// A Laplace distribution of scale b has the standard deviation b sqrt(2).
BOOST_AUTO_TEST_CASE(of_several_members_the_scale_has_their_standard_deviation) {
    settings.standardisation.standardise = false;
    settings.scale = 1e-3;
    const auto head = fitted(2);
    sdk::MatrixBuffer other = test::normal_matrix(rows, width, sdk::Random{12}, 3.0F);
    const auto pass = head->make_pass({.rows = rows});
    pass->forward(std::array<sdk::ConstMatrix, 2>{data.view(), other.view()}, {});
    for (std::size_t c = 0; c < width; ++c) {
        const float deviation = std::abs(data.view().row(3)[c] - other.view().row(3)[c]) / 2.0F;
        BOOST_TEST(pass->distribution().parameters[1].row(3)[c] == deviation / std::sqrt(2.0F));
    }
}

BOOST_AUTO_TEST_CASE(a_student_trains_a_scale_and_a_projection) {
    const auto teacher = fitted();
    const auto head = student(*teacher, 5);
    BOOST_TEST_REQUIRE(head->parameters().table.size() == 3U);
    BOOST_TEST(head->parameters().table[2].name == "raw_scale");
    for (const float value : head->scale())
        BOOST_TEST(value == 0.1F);
    test::State state = test::State::of(*head);
    const auto fresh = student(*teacher, 5);
    state.restore(*fresh);
    BOOST_TEST((test::State::of(*fresh) == state));
}

BOOST_AUTO_TEST_CASE(meets_no_head_over_a_simplex_nor_the_other_way_round) {
    const head_categorical::Categorical classes({}, {surroundings.context(), width, 1, nullptr});
    const auto says = [](const char *words) {
        return [words](const sdk::Error &error) {
            return error.kind() == sdk::ErrorKind::settings &&
                   std::string(error.what()).find(words) != std::string::npos;
        };
    };
    BOOST_CHECK_EXCEPTION((void)student(classes), sdk::Error, says("teacher's head samples from a simplex"));
    const auto teacher = fitted();
    BOOST_CHECK_EXCEPTION(head_categorical::Categorical({}, {surroundings.context(), width, 1, teacher.get()}),
                          sdk::Error, says("this head samples from a simplex"));
}

BOOST_AUTO_TEST_SUITE_END()
