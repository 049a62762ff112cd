// SPDX-License-Identifier: Apache-2.0
#include "gaussian_fixture.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <plugins/heads/gaussian/gaussian.hpp>

BOOST_AUTO_TEST_SUITE(test_gaussian_pass, *boost::unit_test::tolerance(1e-5F))

using namespace retort;
using test::GaussianFixture;

namespace {

constexpr std::size_t rows = 4;

double dot(sdk::ConstMatrix one, sdk::ConstMatrix other) {
    double sum = 0.0;
    for (std::size_t r = 0; r < one.rows; ++r)
        for (std::size_t c = 0; c < one.columns; ++c)
            sum += static_cast<double>(one.row(r)[c]) * static_cast<double>(other.row(r)[c]);
    return sum;
}

/// log N(z; mean, diag deviation^2) of one row, written down naively.
double log_normal(std::span<const float> z, std::span<const float> mean, std::span<const float> deviation) {
    double density = 1.0;
    for (std::size_t c = 0; c < z.size(); ++c) {
        const double sigma = static_cast<double>(deviation[c]);
        const double difference = static_cast<double>(z[c]) - static_cast<double>(mean[c]);
        density *= std::exp(-difference * difference / (2.0 * sigma * sigma)) / (sigma * std::sqrt(2.0 * M_PI));
    }
    return std::log(density);
}

/// A student's head of spread near 0.5 with a projection, one or two members, and everything that a gradient needs.
struct Trained : GaussianFixture {
    explicit Trained(std::size_t members = 1, std::size_t count = rows) : count_(count) {
        Head::Settings settings;
        settings.scale = 0.5;
        head = student(*target, tap_width, settings, members);
        sdk::fill_normal(sdk::Random{20}, head->parameters().values.last(16).first(width));
        pass = head->make_pass({.rows = rows, .tail_rows = 2, .parameter_gradients = true, .input_gradients = true});
        for (std::size_t k = 0; k < members; ++k) {
            taps.push_back(test::normal_matrix(rows, tap_width, sdk::Random{21 + k}));
            tap_gradients.emplace_back(rows, tap_width);
        }
    }

    void forward() {
        head->parameters_changed(sdk::Change::restore);
        std::vector<sdk::ConstMatrix> members;
        for (const sdk::MatrixBuffer &tap : taps)
            members.push_back(tap.view(count_));
        pass->forward(members, {});
    }

    /// Compares all gradients of `loss`, a function of what the pass gives after `forward`, with finite differences.
    void check(const sdk::HeadGradient &gradient, const std::function<double()> &loss) {
        const auto value = [&] {
            forward();
            return loss();
        };
        value();
        std::vector<sdk::Matrix> wanted;
        for (const sdk::MatrixBuffer &buffer : tap_gradients)
            wanted.push_back(buffer.view(count_));
        pass->backward(gradient, wanted, sdk::Write::replace);
        const sdk::Parameters all = head->parameters();
        for (const sdk::Parameter &entry : all.table)
            BOOST_TEST_CONTEXT(entry.name)
        test::check_gradient(value, all.values.subspan(entry.offset, entry.size),
                             all.gradients.subspan(entry.offset, entry.size), 1e-2F, 2e-3);
        for (std::size_t k = 0; k < taps.size(); ++k)
            test::check_gradient(value, {taps[k].view().data, count_ * tap_width}, {wanted[k].data, count_ * tap_width},
                                 1e-2F, 2e-3);
    }

    std::unique_ptr<Head> target = fitted();
    std::unique_ptr<Head> head;
    std::unique_ptr<sdk::HeadPass> pass;
    std::vector<sdk::MatrixBuffer> taps;
    std::vector<sdk::MatrixBuffer> tap_gradients;
    std::size_t count_;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_mean_is_the_tap_under_the_teachers_map, GaussianFixture) {
    const auto head = fitted();
    const auto pass = head->make_pass({.rows = examples, .tail_rows = 1});
    pass->forward(std::array<sdk::ConstMatrix, 1>{data.view()}, {});
    const sdk::Distribution q = pass->distribution();
    BOOST_TEST(q.family == "diagonal_gaussian");
    for (std::size_t r = 0; r < examples; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            const double z = (static_cast<double>(data.view().row(r)[c]) - mean(c)) / deviation(c);
            BOOST_TEST(std::abs(static_cast<double>(q.parameters[0].row(r)[c]) - z) <= 1e-5);
            BOOST_TEST(q.parameters[1].row(r)[c] == 0.1F);
        }
    pass->forward(std::array<sdk::ConstMatrix, 1>{data.view(1)}, {});
    BOOST_TEST(pass->distribution().parameters[1].rows == 1U);
}

// Three members; the floor holds in the column where they agree.
BOOST_FIXTURE_TEST_CASE(of_several_members_the_moments_with_a_floor, GaussianFixture) {
    Head::Settings settings;
    settings.scale = 0.05;
    const auto head = fitted(settings, 3);
    std::array<sdk::MatrixBuffer, 3> members{test::normal_matrix(rows, width, sdk::Random{1}),
                                             test::normal_matrix(rows, width, sdk::Random{2}),
                                             test::normal_matrix(rows, width, sdk::Random{3})};
    for (const sdk::MatrixBuffer &member : members)
        for (std::size_t r = 0; r < rows; ++r)
            member.view().row(r)[1] = 4.0F;
    const auto pass = head->make_pass({.rows = rows});
    pass->forward(std::array<sdk::ConstMatrix, 3>{members[0].view(), members[1].view(), members[2].view()}, {});
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < width; ++c) {
            double sum = 0.0, squares = 0.0;
            for (const sdk::MatrixBuffer &member : members) {
                const double z = (static_cast<double>(member.view().row(r)[c]) - mean(c)) / deviation(c);
                sum += z / 3.0;
                squares += z * z / 3.0;
            }
            const double sigma = std::max(0.05, std::sqrt(std::max(0.0, squares - sum * sum)));
            const sdk::Distribution q = pass->distribution();
            BOOST_TEST(std::abs(static_cast<double>(q.parameters[0].row(r)[c]) - sum) <= 1e-5);
            BOOST_TEST(std::abs(static_cast<double>(q.parameters[1].row(r)[c]) - sigma) <= 1e-5);
        }
    BOOST_TEST(pass->distribution().parameters[1].row(0)[1] == 0.05F);
    BOOST_TEST(pass->distribution().parameters[1].row(0)[0] > 0.06F);
}

// 20,000 draws of every row, which standardised are all of one distribution: mean, variance and the covariance of
// neighbours within three standard errors, 9 comparisons.
BOOST_FIXTURE_TEST_CASE(samples_have_the_moments_of_the_distribution, Trained) {
    constexpr double standard_errors = 3.0;
    constexpr std::size_t count = 20000 * rows;
    forward();
    const sdk::MatrixBuffer z(count, width);
    pass->sample(z.view(), sdk::Random{5}, {});
    const sdk::Distribution q = pass->distribution();
    const auto e = [&](std::size_t i, std::size_t column) {
        return static_cast<double>((z.view().row(i)[column] - q.parameters[0].row(i % rows)[column]) /
                                   q.parameters[1].row(i % rows)[column]);
    };
    for (std::size_t c = 0; c < width; ++c) {
        double sum = 0.0, squares = 0.0, product = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            sum += e(i, c);
            squares += e(i, c) * e(i, c);
            product += e(i, c) * e(i, (c + 1) % width);
        }
        constexpr double n = count;
        BOOST_TEST(std::abs(sum / n) <= standard_errors / std::sqrt(n));
        BOOST_TEST(std::abs(squares / n - 1.0) <= standard_errors * std::sqrt(2.0 / n));
        BOOST_TEST(std::abs(product / n) <= standard_errors / std::sqrt(n));
    }
}

BOOST_FIXTURE_TEST_CASE(numbers_follow_from_stream_draw_and_row_alone, Trained) {
    const sdk::MatrixBuffer whole(2 * rows, width), again(2 * rows, width), part(2 * 2, width);
    forward();
    pass->sample(whole.view(), sdk::Random{5}, {});
    surroundings.services.parts = 3;
    pass->sample(again.view(), sdk::Random{5}, {});
    pass->forward(std::array<sdk::ConstMatrix, 1>{taps[0].view().slice(2, 2)}, {.first_row = 2}); // a second replica
    pass->sample(part.view(), sdk::Random{5}, {});
    for (std::size_t c = 0; c < width; ++c) {
        for (std::size_t i = 0; i < 2 * rows; ++i)
            BOOST_TEST(whole.view().row(i)[c] == again.view().row(i)[c]);
        for (std::size_t draw = 0; draw < 2; ++draw)
            for (std::size_t r = 0; r < 2; ++r)
                BOOST_TEST(part.view().row(2 * draw + r)[c] == whole.view().row(rows * draw + 2 + r)[c]);
        BOOST_TEST(whole.view().row(0)[c] != whole.view().row(rows)[c]);
    }
}

BOOST_FIXTURE_TEST_CASE(log_density_is_the_plain_formula, Trained) {
    forward();
    const sdk::MatrixBuffer z = test::normal_matrix(2 * rows, width, sdk::Random{6});
    std::vector<float> result(2 * rows);
    pass->log_density(z.view(), result);
    const sdk::Distribution q = pass->distribution();
    for (std::size_t i = 0; i < 2 * rows; ++i) {
        const double expected =
            log_normal(z.view().row(i), q.parameters[0].row(i % rows), q.parameters[1].row(i % rows));
        BOOST_TEST(result[i] == static_cast<float>(expected));
    }
}

// The sum over a grid of 61^3 cells that reach 6 sigma in every direction.
BOOST_FIXTURE_TEST_CASE(density_integrates_to_one, Trained) {
    forward();
    const sdk::Distribution q = pass->distribution();
    const sdk::MatrixBuffer z(rows, width);
    std::vector<float> result(rows);
    double integral = 0.0;
    const auto at = [](std::size_t step) { return -6.0F + 0.2F * static_cast<float>(step); };
    for (std::size_t cell = 0; cell < 61 * 61 * 61; ++cell) {
        const std::array<float, 3> e{at(cell % 61), at(cell / 61 % 61), at(cell / 3721)};
        for (std::size_t c = 0; c < width; ++c)
            z.view().row(0)[c] = q.parameters[0].row(0)[c] + e[c] * q.parameters[1].row(0)[c];
        pass->log_density(z.view(1), result);
        integral += std::exp(static_cast<double>(result[0]));
    }
    for (std::size_t c = 0; c < width; ++c)
        integral *= 0.2 * static_cast<double>(q.parameters[1].row(0)[c]);
    BOOST_TEST(std::abs(integral - 1.0) <= 1e-4);
}

// Tolerances of 2e-3 of the larger of 1 and the difference, at steps of 1e-2 in float32.
BOOST_AUTO_TEST_CASE(gradients_are_those_of_finite_differences) {
    for (const std::size_t members : {std::size_t{1}, std::size_t{2}})
        for (const std::size_t count : {rows, std::size_t{2}})
            BOOST_TEST_CONTEXT(members << " members, " << count << " rows") {
                Trained trained(members, count);
                constexpr std::size_t width = GaussianFixture::width;
                const sdk::MatrixBuffer z(3 * count, width);
                const sdk::MatrixBuffer fixed = test::normal_matrix(3 * count, width, sdk::Random{30});
                const sdk::MatrixBuffer on_sample = test::normal_matrix(3 * count, width, sdk::Random{31});
                const sdk::MatrixBuffer on_mean = test::normal_matrix(count, width, sdk::Random{32});
                const sdk::MatrixBuffer on_deviation = test::normal_matrix(count, width, sdk::Random{33});
                const sdk::MatrixBuffer on_density = test::normal_matrix(1, 3 * count, sdk::Random{34}, 0.1F);
                std::vector<float> density(3 * count);
                const auto samples = [&] {
                    trained.pass->sample(z.view(), sdk::Random{5}, {});
                    return dot(z.view(), on_sample.view());
                };
                const auto densities = [&] {
                    trained.pass->log_density(fixed.view(), density);
                    return dot({density.data(), 1, 3 * count, 3 * count}, on_density.view());
                };
                const auto parameters = [&] {
                    const sdk::Distribution q = trained.pass->distribution();
                    return dot(q.parameters[0], on_mean.view()) + dot(q.parameters[1], on_deviation.view());
                };
                trained.check({.sample = on_sample.view()}, samples);
                trained.check({.log_density = on_density.view().row(0)}, densities);
                trained.check({.parameters = {on_mean.view(), on_deviation.view()}}, parameters);
                trained.check({.sample = on_sample.view(),
                               .log_density = on_density.view().row(0),
                               .parameters = {on_mean.view(), on_deviation.view()}},
                              [&] { return samples() + densities() + parameters(); });
            }
}

BOOST_FIXTURE_TEST_CASE(parameter_gradients_are_left_replaced_or_added, Trained) {
    const sdk::MatrixBuffer z(rows, width);
    const sdk::MatrixBuffer on_sample = test::normal_matrix(rows, width, sdk::Random{31});
    const std::array<sdk::Matrix, 1> wanted{tap_gradients[0].view()};
    forward();
    pass->sample(z.view(), sdk::Random{5}, {});
    const std::span<const float> gradients = head->parameters().gradients;
    pass->backward({.sample = on_sample.view()}, wanted, sdk::Write::none);
    for (const float value : gradients)
        BOOST_TEST(value == 0.0F);
    pass->backward({.sample = on_sample.view()}, wanted, sdk::Write::replace);
    const std::vector<float> once(gradients.begin(), gradients.end());
    BOOST_TEST(once.back() == 0.0F); // the gap behind rho
    pass->backward({.sample = on_sample.view()}, wanted, sdk::Write::add);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(std::abs(gradients[i] - 2.0F * once[i]) <= 1e-5F);
    pass->backward({.sample = on_sample.view()}, wanted, sdk::Write::replace);
    for (std::size_t i = 0; i < once.size(); ++i)
        BOOST_TEST(gradients[i] == once[i]);
}

BOOST_FIXTURE_TEST_CASE(a_teachers_head_is_not_run_backward, GaussianFixture) {
    const auto head = fitted();
    const auto pass = head->make_pass({.rows = examples});
    pass->forward(std::array<sdk::ConstMatrix, 1>{data.view()}, {});
    const sdk::MatrixBuffer gradient(examples, width);
    BOOST_CHECK_THROW(pass->backward({}, std::array<sdk::Matrix, 1>{gradient.view()}, sdk::Write::none), sdk::Error);
}

BOOST_AUTO_TEST_SUITE_END()
