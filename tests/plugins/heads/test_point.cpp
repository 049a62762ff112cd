// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <plugins/heads/point/point.hpp>
#include <string>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

namespace test_point {

using namespace retort;
using head_point::Point;

constexpr std::size_t rows = 4;
constexpr std::size_t width = 3;

struct Fixture {
    [[nodiscard]] std::unique_ptr<Point> make(std::size_t tap_width = width, std::size_t members = 1,
                                              const sdk::Head *teacher = nullptr, bool standardise = true) {
        return std::make_unique<Point>(Point::Settings{{standardise, 0.01}, {}},
                                       sdk::HeadContext{surroundings.context(), tap_width, members, teacher});
    }

    /// A teacher's head fitted to data of means 1, 2, 3 and standard deviations 2, 4, 6.
    [[nodiscard]] std::unique_ptr<Point> fitted(std::size_t members = 1) {
        auto head = make(width, members);
        const sdk::MatrixBuffer data(2, width);
        for (std::size_t c = 0; c < width; ++c) {
            const float mean = static_cast<float>(c) + 1.0F;
            data.view().row(0)[c] = mean - 2.0F * mean;
            data.view().row(1)[c] = mean + 2.0F * mean;
        }
        head->fit(std::vector<sdk::ConstMatrix>(members, data.view()));
        BOOST_TEST(!head->end_fit());
        return head;
    }

    test::Surroundings surroundings;
};

/// What a fitted head makes of h in column c.
float standardised(float h, std::size_t c) {
    const float mean = static_cast<float>(c) + 1.0F;
    return (h - mean) / (2.0F * mean);
}

std::string message_of(const std::function<void()> &action) {
    try {
        action();
    } catch (const sdk::Error &error) {
        BOOST_TEST((error.kind() == sdk::ErrorKind::settings));
        return error.what();
    }
    return "no error";
}

/// A teacher's head over a simplex.
class SimplexHead final : public sdk::Head {
  public:
    [[nodiscard]] sdk::Space space() const override { return {sdk::Space::Kind::simplex, width}; }

    [[nodiscard]] std::string_view family() const override { return "categorical"; }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &) override { return nullptr; }

    sdk::Parameters parameters() override { return {}; }

    void initialise(sdk::Random) override {}
};

} // namespace test_point

BOOST_FIXTURE_TEST_SUITE(test_point, Fixture, *boost::unit_test::tolerance(1e-6F))

BOOST_AUTO_TEST_CASE(teacher_side_is_fitted_and_has_nothing_to_train) {
    const auto head = make();
    BOOST_TEST((head->space() == sdk::Space{sdk::Space::Kind::real, width}));
    BOOST_TEST(head->family() == "point");
    BOOST_TEST(head->needs_fit());
    BOOST_TEST(head->parameters().values.empty());
    BOOST_TEST(!make(width, 1, nullptr, false)->needs_fit());
}

BOOST_AUTO_TEST_CASE(samples_are_the_standardised_tap) {
    const auto head = fitted();
    const auto pass = head->make_pass({.rows = rows});
    const sdk::MatrixBuffer tap = test::normal_matrix(rows, width, sdk::Random{1});
    const sdk::MatrixBuffer z(2 * rows, width);
    const std::array<sdk::ConstMatrix, 1> members{tap.view()};
    pass->forward(members, {});
    pass->sample(z.view(), {}, {});
    BOOST_TEST(pass->distribution().family == "point");
    for (std::size_t r = 0; r < 2 * rows; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            BOOST_TEST(z.view().row(r)[c] == standardised(tap.view().row(r % rows)[c], c));
            BOOST_TEST(pass->distribution().parameters[0].row(r % rows)[c] == z.view().row(r)[c]);
        }
}

// A row of a sample is one member's, whole; over 400 draws each is as likely, within four standard deviations.
BOOST_AUTO_TEST_CASE(every_sample_is_one_of_the_members_and_the_location_is_their_mean) {
    constexpr std::size_t draws = 100;
    const auto head = fitted(2);
    const auto pass = head->make_pass({.rows = rows});
    const sdk::MatrixBuffer taps[] = {test::normal_matrix(rows, width, sdk::Random{1}),
                                      test::normal_matrix(rows, width, sdk::Random{2})};
    const std::array<sdk::ConstMatrix, 2> members{taps[0].view(), taps[1].view()};
    pass->forward(members, {});
    const sdk::MatrixBuffer z(draws * rows, width);
    pass->sample(z.view(), sdk::Random{7}, {});
    const auto is = [&](std::size_t sample, const sdk::MatrixBuffer &tap) {
        for (std::size_t c = 0; c < width; ++c)
            if (std::abs(z.view().row(sample)[c] - standardised(tap.view().row(sample % rows)[c], c)) > 1e-6F)
                return false;
        return true;
    };
    int first = 0;
    for (std::size_t sample = 0; sample < draws * rows; ++sample) {
        BOOST_TEST(is(sample, taps[0]) != is(sample, taps[1]));
        first += is(sample, taps[0]) ? 1 : 0;
    }
    BOOST_TEST(std::abs(first - 200) < 40);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            const float mean =
                0.5F * (standardised(taps[0].view().row(r)[c], c) + standardised(taps[1].view().row(r)[c], c));
            BOOST_TEST(std::abs(pass->distribution().parameters[0].row(r)[c] - mean) <= 1e-6F);
        }
}

BOOST_AUTO_TEST_CASE(student_applies_the_teachers_map_even_when_it_is_fitted_later) {
    const auto teacher = make();
    const auto student = make(width, 1, teacher.get(), false);
    BOOST_TEST(!student->needs_fit());
    const auto pass = student->make_pass({.rows = rows});
    teacher->fit(std::vector<sdk::ConstMatrix>{test::normal_matrix(50, width, sdk::Random{5}, 3.0F).view()});
    teacher->end_fit();
    const sdk::MatrixBuffer tap = test::normal_matrix(rows, width, sdk::Random{1});
    const std::array<sdk::ConstMatrix, 1> members{tap.view()};
    const sdk::MatrixBuffer z(rows, width);
    pass->forward(members, {});
    pass->sample(z.view(), {}, {});
    const sdk::Affine affine = teacher->affine();
    BOOST_TEST(student->affine().scale.data() == affine.scale.data());
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c)
            BOOST_TEST(z.view().row(r)[c] == (tap.view().row(r)[c] - affine.shift[c]) * affine.scale[c]);
}

BOOST_AUTO_TEST_CASE(the_teachers_settings_decide_whether_there_is_a_map) {
    const auto teacher = make(width, 1, nullptr, false);
    BOOST_TEST(make(width, 1, teacher.get(), true)->affine().scale.empty());
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    constexpr std::size_t draws = 3;
    const auto teacher = fitted();
    const auto student = make(width, 2, teacher.get());
    const auto pass = student->make_pass({.rows = rows, .input_gradients = true});
    const sdk::MatrixBuffer first = test::normal_matrix(rows, width, sdk::Random{1});
    const sdk::MatrixBuffer second = test::normal_matrix(rows, width, sdk::Random{2});
    const sdk::MatrixBuffer on_samples = test::normal_matrix(draws * rows, width, sdk::Random{3});
    const sdk::MatrixBuffer on_location = test::normal_matrix(rows, width, sdk::Random{4});
    const sdk::MatrixBuffer z(draws * rows, width);
    const auto loss = [&] {
        const std::array<sdk::ConstMatrix, 2> members{first.view(), second.view()};
        pass->forward(members, {});
        pass->sample(z.view(), {}, {});
        double sum = 0.0;
        for (std::size_t i = 0; i < draws * rows * width; ++i)
            sum += static_cast<double>(z.view().data[i] * on_samples.view().data[i]);
        for (std::size_t i = 0; i < rows * width; ++i)
            sum += static_cast<double>(pass->distribution().parameters[0].data[i] * on_location.view().data[i]);
        return sum;
    };
    loss();
    const std::array<sdk::MatrixBuffer, 2> gradients{test::normal_matrix(rows, width, sdk::Random{8}), // overwritten
                                                     sdk::MatrixBuffer(rows, width)};
    const std::array<sdk::Matrix, 2> views{gradients[0].view(), gradients[1].view()};
    pass->backward({.sample = on_samples.view(), .parameters = {on_location.view(), {}}}, views, sdk::Write::replace);
    const std::vector<float> expected_first(views[0].data, views[0].data + rows * width);
    test::check_gradient(loss, {first.view().data, rows * width}, expected_first, 1e-2F, 1e-4);
    test::check_gradient(loss, {second.view().data, rows * width}, {views[1].data, rows * width}, 1e-2F, 1e-4);
}

BOOST_AUTO_TEST_CASE(a_student_of_another_width_is_projected_and_then_mapped) {
    const auto teacher = fitted();
    const auto student = make(5, 1, teacher.get());
    BOOST_TEST((student->space() == teacher->space()));
    BOOST_TEST_REQUIRE(student->parameters().table.size() == 2U);
    student->initialise(sdk::Random{9});
    const std::span<float> values = student->parameters().values;
    const sdk::MatrixBuffer tap = test::normal_matrix(rows, 5, sdk::Random{1});
    const sdk::MatrixBuffer z(rows, width);
    const auto pass = student->make_pass({.rows = rows});
    pass->forward(std::array<sdk::ConstMatrix, 1>{tap.view()}, {});
    pass->sample(z.view(), {}, {});
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            float u = values[student->parameters().table[1].offset + c];
            for (std::size_t i = 0; i < 5; ++i)
                u += values[c * 5 + i] * tap.view().row(r)[i];
            BOOST_TEST(std::abs(z.view().row(r)[c] - standardised(u, c)) <= 1e-5F);
        }
}

// Linear: a wide step is exact but for rounding. Two members share the projection.
BOOST_AUTO_TEST_CASE(gradients_of_a_projecting_student_are_those_of_finite_differences) {
    const auto teacher = fitted();
    const auto student = make(5, 2, teacher.get());
    student->initialise(sdk::Random{9});
    const auto pass = student->make_pass({.rows = rows, .parameter_gradients = true, .input_gradients = true});
    const sdk::MatrixBuffer taps[] = {test::normal_matrix(rows, 5, sdk::Random{1}),
                                      test::normal_matrix(rows, 5, sdk::Random{2})};
    const sdk::MatrixBuffer on_samples = test::normal_matrix(2 * rows, width, sdk::Random{3});
    const sdk::MatrixBuffer z(2 * rows, width);
    const auto loss = [&] {
        pass->forward(std::array<sdk::ConstMatrix, 2>{taps[0].view(), taps[1].view()}, {});
        pass->sample(z.view(), {}, {});
        double sum = 0.0;
        for (std::size_t i = 0; i < 2 * rows * width; ++i)
            sum += static_cast<double>(z.view().data[i]) * static_cast<double>(on_samples.view().data[i]);
        return sum;
    };
    loss();
    const sdk::MatrixBuffer gradients[] = {{rows, 5}, {rows, 5}};
    pass->backward({.sample = on_samples.view()}, std::array<sdk::Matrix, 2>{gradients[0].view(), gradients[1].view()},
                   sdk::Write::replace);
    const sdk::Parameters all = student->parameters();
    for (const sdk::Parameter &entry : all.table)
        test::check_gradient(loss, all.values.subspan(entry.offset, entry.size),
                             all.gradients.subspan(entry.offset, entry.size), 0.25F, 1e-4);
    for (std::size_t k = 0; k < 2; ++k)
        test::check_gradient(loss, {taps[k].view().data, rows * 5}, {gradients[k].view().data, rows * 5}, 0.25F, 1e-4);
}

BOOST_AUTO_TEST_CASE(a_projection_is_state_of_the_students_head) {
    const auto teacher = fitted();
    const auto student = make(5, 1, teacher.get());
    student->initialise(sdk::Random{9});
    BOOST_TEST(test::State::of(*student).floats.size() == 1U); // and not the teacher's map
    const auto other = make(5, 1, teacher.get());
    test::State state = test::State::of(*student);
    state.restore(*other);
    BOOST_TEST((test::State::of(*other) == state));
}

BOOST_AUTO_TEST_CASE(short_batch_uses_its_rows_only) {
    const auto head = fitted();
    const auto pass = head->make_pass({.rows = rows, .tail_rows = 1});
    const sdk::MatrixBuffer tap = test::normal_matrix(rows, width, sdk::Random{1});
    const std::array<sdk::ConstMatrix, 1> members{tap.view(1)};
    const sdk::MatrixBuffer z(2, width);
    pass->forward(members, {});
    pass->sample(z.view(), {}, {});
    BOOST_TEST(pass->distribution().parameters[0].rows == 1U);
    BOOST_TEST(z.view().row(1)[2] == standardised(tap.view().row(0)[2], 2));
}

BOOST_AUTO_TEST_CASE(fitted_map_is_state) {
    const auto head = fitted();
    test::State state = test::State::of(*head);
    const auto fresh = make();
    state.restore(*fresh);
    for (std::size_t c = 0; c < width; ++c) {
        BOOST_TEST(fresh->affine().shift[c] == head->affine().shift[c]);
        BOOST_TEST(fresh->affine().scale[c] == head->affine().scale[c]);
    }
    const auto student = make(width, 1, head.get());
    BOOST_TEST((test::State::of(*student) == test::State{}));
}

BOOST_AUTO_TEST_CASE(mistakes_say_what_is_allowed) {
    const SimplexHead simplex;
    BOOST_TEST(message_of([&] { (void)make(width, 1, &simplex); }).find("simplex") != std::string::npos);
    const auto head = make();
    const auto pass = head->make_pass({.rows = rows});
    BOOST_TEST(message_of([&] { pass->log_density({}, {}); }).find("no density") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
