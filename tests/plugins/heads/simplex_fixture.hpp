// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/head.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <support/context.hpp>
#include <support/numeric.hpp>
#include <support/state.hpp>
#include <vector>

namespace retort::test {

/// Heads over a simplex of four classes, and taps for them.
struct SimplexFixture {
    static constexpr std::size_t width = 4;
    static constexpr std::size_t rows = 5;

    template <class Head>
    [[nodiscard]] std::unique_ptr<Head> make(const typename Head::Settings &settings,
                                             const sdk::Head *teacher = nullptr, std::size_t members = 1,
                                             std::size_t tap = width) {
        auto head = std::make_unique<Head>(settings, sdk::HeadContext{surroundings.context(), tap, members, teacher});
        head->initialise(sdk::Random{9});
        head->parameters_changed(sdk::Change::restore);
        return head;
    }

    /// A pass of `head` after forward on as many members.
    [[nodiscard]] std::unique_ptr<sdk::HeadPass> pass(sdk::Head &head, std::size_t members = 1) {
        auto made = head.make_pass({.rows = rows, .parameter_gradients = true, .input_gradients = true});
        views.clear();
        for (std::size_t k = 0; k < members; ++k)
            views.push_back(taps.at(k).view());
        made->forward(views, {});
        return made;
    }

    /// softmax of a row divided by a temperature, plainly.
    [[nodiscard]] std::array<double, width> softmax(std::size_t member, std::size_t row, double temperature) const {
        std::array<double, width> result{};
        double sum = 0.0;
        for (std::size_t c = 0; c < width; ++c)
            sum += result[c] = std::exp(static_cast<double>(taps[member].view().row(row)[c]) / temperature);
        for (double &value : result)
            value /= sum;
        return result;
    }

    /// Gradients of `loss` with respect to all members against finite differences, from `gradient` of what the pass
    /// gave.
    template <class Loss>
    void check_member_gradients(sdk::HeadPass &pass, const sdk::HeadGradient &gradient, Loss &&loss) {
        std::vector<sdk::MatrixBuffer> buffers;
        std::vector<sdk::Matrix> wanted;
        for (std::size_t k = 0; k < views.size(); ++k)
            wanted.push_back(buffers.emplace_back(rows, width).view());
        const auto value = [&] {
            pass.forward(views, {});
            return loss();
        };
        (void)value();
        pass.backward(gradient, wanted, sdk::Write::replace);
        for (std::size_t k = 0; k < views.size(); ++k)
            check_gradient(value, {taps[k].view().data, rows * width}, {wanted[k].data, rows * width}, 1e-2F, 2e-3);
    }

    Surroundings surroundings;
    std::vector<sdk::MatrixBuffer> taps = [] {
        std::vector<sdk::MatrixBuffer> made;
        for (std::uint64_t k = 0; k < 3; ++k)
            made.push_back(normal_matrix(rows, width, sdk::Random{40 + k}, 2.0F));
        return made;
    }();
    std::vector<sdk::ConstMatrix> views;
};

inline double dot(sdk::ConstMatrix one, sdk::ConstMatrix other) {
    double sum = 0.0;
    for (std::size_t r = 0; r < one.rows; ++r)
        for (std::size_t c = 0; c < one.columns; ++c)
            sum += static_cast<double>(one.row(r)[c]) * static_cast<double>(other.row(r)[c]);
    return sum;
}

} // namespace retort::test
