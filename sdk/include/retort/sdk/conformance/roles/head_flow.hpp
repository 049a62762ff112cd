// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/conformance/bench.hpp>
#include <retort/sdk/conformance/numeric.hpp>
#include <retort/sdk/roles/head.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace retort::sdk::conformance {

/// A head's pass. A row of outputs: two draws, the parameters of the distribution, and log q of two fixed points where
/// the family has a density.
class HeadFlow final : public Flow {
  public:
    HeadFlow(Head &head, const FlowSpec &spec, std::size_t tap_width, std::size_t members)
        : pass_(head.make_pass({spec.mode, spec.examples, spec.tail, spec.parameter_gradients, spec.input_gradients})),
          first_(spec.first), space_(head.space().width), simplex_(head.space().kind == Space::Kind::simplex),
          dense_(head.family() != "point"), z_(draws * spec.examples, space_, spec.padding),
          point_(draws * spec.examples, space_, spec.padding), z_gradient_(draws * spec.examples, space_, spec.padding),
          density_(draws * spec.examples), density_gradient_(draws * spec.examples) {
        for (std::size_t k = 0; k < members; ++k) {
            members_.emplace_back(spec.examples, tap_width, spec.padding);
            gradients_.emplace_back(spec.examples, tap_width, spec.padding);
        }
        for (SpacedBuffer &gradient : parameter_gradients_)
            gradient = SpacedBuffer(spec.examples, space_, spec.padding);
        views_.resize(members);
        gradient_views_.resize(members);
    }

    [[nodiscard]] std::vector<Matrix> inputs() override {
        std::vector<Matrix> result;
        for (const SpacedBuffer &member : members_)
            result.push_back(member.view());
        return result;
    }

    void fill(Random random) override {
        for (std::size_t k = 0; k < members_.size(); ++k)
            fill_normal(members_[k].view(), random.at(k), first_);
        points_ = random.at("points");
    }

    void forward(std::size_t examples, Random random, Progress progress) override {
        rows_ = examples;
        for (std::size_t k = 0; k < members_.size(); ++k)
            views_[k] = members_[k].view(rows_);
        for (std::size_t draw = 0; draw < draws; ++draw)
            fill_points(point_.view().slice(draw * rows_, rows_), points_.at(draw));
        pass_->forward(views_, {{}, {}, {}, 7 + first_});
        pass_->sample(z_.view(draws * rows_), random, progress);
        if (dense_)
            pass_->log_density(point_.view(draws * rows_), std::span<float>(density_).first(draws * rows_));
        distribution_ = pass_->distribution();
    }

    [[nodiscard]] std::size_t rows() const override { return rows_; }

    [[nodiscard]] std::size_t width() const override {
        const std::size_t second = distribution_.parameters[1].empty() ? 0 : space_;
        return draws * space_ + space_ + second + (dense_ ? draws : 0);
    }

    void read(std::span<double> outputs) const override {
        auto next = outputs.begin();
        const auto copy = [&](std::span<const float> values) {
            for (const float value : values)
                *next++ = static_cast<double>(value);
        };
        for (std::size_t row = 0; row < rows_; ++row) {
            for (std::size_t draw = 0; draw < draws; ++draw)
                copy(z_.view().row(draw * rows_ + row));
            for (const ConstMatrix parameter : distribution_.parameters)
                if (!parameter.empty())
                    copy(parameter.row(row));
            for (std::size_t draw = 0; dense_ && draw < draws; ++draw)
                *next++ = static_cast<double>(density_[draw * rows_ + row]);
        }
    }

    void backward(std::span<const float> coefficients, Write write) override {
        split(coefficients);
        HeadGradient gradient;
        gradient.sample = z_gradient_.view(draws * rows_);
        if (dense_)
            gradient.log_density = std::span<const float>(density_gradient_).first(draws * rows_);
        for (std::size_t i = 0; i < 2; ++i)
            if (!distribution_.parameters[i].empty())
                gradient.parameters[i] = parameter_gradients_[i].view(rows_);
        for (std::size_t k = 0; k < gradients_.size(); ++k)
            gradient_views_[k] = gradients_[k].view(rows_);
        pass_->backward(gradient, gradient_views_, write);
    }

    [[nodiscard]] std::vector<ConstMatrix> input_gradients() const override {
        return {gradient_views_.begin(), gradient_views_.end()};
    }

  private:
    static constexpr std::size_t draws = 2;

    /// Places in the space, at which densities are asked for.
    void fill_points(Matrix points, Random random) const {
        fill_normal(points, random, first_);
        for (std::size_t row = 0; simplex_ && row < points.rows; ++row) {
            float sum = 0.0F;
            for (float &value : points.row(row))
                sum += value = std::exp(value);
            for (float &value : points.row(row))
                value /= sum;
        }
    }

    void split(std::span<const float> coefficients) {
        auto next = coefficients.begin();
        const auto take = [&](std::span<float> to) {
            for (float &value : to)
                value = *next++;
        };
        for (std::size_t row = 0; row < rows_; ++row) {
            for (std::size_t draw = 0; draw < draws; ++draw)
                take(z_gradient_.view().row(draw * rows_ + row));
            for (std::size_t i = 0; i < 2; ++i)
                if (!distribution_.parameters[i].empty())
                    take(parameter_gradients_[i].view().row(row));
            for (std::size_t draw = 0; dense_ && draw < draws; ++draw)
                density_gradient_[draw * rows_ + row] = *next++;
        }
    }

    std::unique_ptr<HeadPass> pass_;
    std::size_t first_;
    std::size_t space_;
    bool simplex_;
    bool dense_;
    Random points_;
    SpacedBuffer z_, point_, z_gradient_;
    std::array<SpacedBuffer, 2> parameter_gradients_;
    std::vector<float> density_, density_gradient_;
    std::deque<SpacedBuffer> members_, gradients_;
    std::vector<ConstMatrix> views_;
    std::vector<Matrix> gradient_views_;
    Distribution distribution_;
    std::size_t rows_ = 0;
};

} // namespace retort::sdk::conformance
