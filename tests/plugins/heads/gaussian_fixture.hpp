// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <memory>
#include <plugins/heads/gaussian/gaussian.hpp>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <vector>

namespace retort::test {

/// A teacher's tap of three dimensions with means 1, 2, 3 and standard deviations near 2, 4, 6; heads for it.
struct GaussianFixture {
    static constexpr std::size_t width = 3;
    static constexpr std::size_t tap_width = 5; ///< of the student
    static constexpr std::size_t examples = 40;

    using Head = head_gaussian::Gaussian;

    GaussianFixture() {
        for (std::size_t r = 0; r < examples; ++r)
            for (std::size_t c = 0; c < width; ++c) {
                float &value = data.view().row(r)[c];
                value = static_cast<float>(c + 1) * (1.0F + 2.0F * value);
            }
    }

    [[nodiscard]] std::unique_ptr<Head> teacher(const Head::Settings &settings = {}, std::size_t members = 1) {
        return std::make_unique<Head>(settings, sdk::HeadContext{surroundings.context(), width, members, nullptr});
    }

    [[nodiscard]] std::unique_ptr<Head> fitted(const Head::Settings &settings = {}, std::size_t members = 1) {
        auto head = teacher(settings, members);
        for (const std::size_t first : {std::size_t{0}, examples / 2})
            head->fit(std::vector<sdk::ConstMatrix>(members, data.view().slice(first, examples / 2)));
        BOOST_TEST(!head->end_fit());
        return head;
    }

    /// With first weights.
    [[nodiscard]] std::unique_ptr<Head> student(const Head &teacher, std::size_t tap = tap_width,
                                                const Head::Settings &settings = {}, std::size_t members = 1) {
        auto head = std::make_unique<Head>(settings, sdk::HeadContext{surroundings.context(), tap, members, &teacher});
        head->initialise(sdk::Random{9});
        head->parameters_changed(sdk::Change::restore);
        return head;
    }

    /// By two plain passes over the data.
    [[nodiscard]] double mean(std::size_t column) {
        double sum = 0.0;
        for (std::size_t r = 0; r < examples; ++r)
            sum += static_cast<double>(data.view().row(r)[column]);
        return sum / static_cast<double>(examples);
    }

    [[nodiscard]] double deviation(std::size_t column) {
        const double centre = mean(column);
        double sum = 0.0;
        for (std::size_t r = 0; r < examples; ++r) {
            const double difference = static_cast<double>(data.view().row(r)[column]) - centre;
            sum += difference * difference;
        }
        return std::sqrt(sum / static_cast<double>(examples));
    }

    Surroundings surroundings;
    sdk::MatrixBuffer data = normal_matrix(examples, width, sdk::Random{11});
};

} // namespace retort::test
