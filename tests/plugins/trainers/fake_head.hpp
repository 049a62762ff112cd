// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fake_model.hpp"

#include <retort/sdk/sdk.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace retort::test {

/// Point: z = h - shift for a fitted shift (the mean), or z = P h with a trained P where widths differ.
class FakeHead final : public sdk::Head {
  public:
    struct Options {
        std::size_t width = 0; ///< of the space; 0: the tap's
        bool fitted = false;
        bool trained = false;
    };

    FakeHead(Options options, const sdk::HeadContext &context)
        : tap_width_(context.tap_width), width_(options.width), fitted_(options.fitted), mean_(context.tap_width) {
        if (width_ == 0)
            width_ = context.teacher != nullptr ? context.teacher->space().width : tap_width_;
        if (width_ != tap_width_ || options.trained) {
            arena_.add("projection", {width_, tap_width_}, true);
            trained_ = true;
        }
        arena_.allocate();
    }

    sdk::Parameters parameters() override { return arena_.parameters(); }

    void initialise(sdk::Random random) override { sdk::fill_normal(random, arena_.values(0)); }

    void visit_state(sdk::StateVisitor &visitor) override {
        Head::visit_state(visitor);
        visitor.array("mean", std::span(mean_));
    }

    [[nodiscard]] sdk::Space space() const override { return {sdk::Space::Kind::real, width_}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] bool needs_fit() const override { return fitted_; }

    void fit(std::span<const sdk::ConstMatrix> members) override {
        members_seen = members.size();
        for (std::size_t r = 0; r < members[0].rows; ++r, ++rows_seen)
            for (std::size_t c = 0; c < tap_width_; ++c)
                mean_[c] += (members[0].row(r)[c] - mean_[c]) / static_cast<float>(rows_seen + 1);
    }

    [[nodiscard]] std::unique_ptr<sdk::HeadPass> make_pass(const sdk::PassSpec &spec) override {
        return std::make_unique<Pass>(*this, spec);
    }

    std::size_t rows_seen = 0;
    std::size_t members_seen = 0; ///< of the last fit or forward

  private:
    class Pass final : public sdk::HeadPass {
      public:
        Pass(FakeHead &head, const sdk::PassSpec &spec)
            : head_(head), z_(spec.rows, head.width_), gradient_(spec.rows, head.width_) {}

        void forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &) override {
            h_ = members[0];
            head_.members_seen = members.size();
            const sdk::Matrix z = z_.view(h_.rows);
            if (head_.trained_)
                return multiply(h_, head_.arena_.values(0), z);
            for (std::size_t r = 0; r < h_.rows; ++r)
                for (std::size_t c = 0; c < z.columns; ++c)
                    z.row(r)[c] = h_.row(r)[c] - head_.mean_[c];
        }

        [[nodiscard]] sdk::Distribution distribution() const override {
            return {"point", {z_.view(h_.rows), sdk::ConstMatrix{}}};
        }

        void sample(sdk::Matrix z, sdk::Random, sdk::Progress) override {
            for (std::size_t r = 0; r < z.rows; ++r)
                std::copy_n(z_.view().row(r % h_.rows).begin(), z.columns, z.row(r).begin());
        }

        void log_density(sdk::ConstMatrix, std::span<float>) override {}

        void backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> members,
                      sdk::Write write) override {
            const sdk::Matrix sum = gradient_.view(h_.rows);
            for (std::size_t r = 0; r < h_.rows; ++r)
                for (std::size_t c = 0; c < sum.columns; ++c)
                    sum.row(r)[c] = entry(gradient.sample, r, c) + entry(gradient.parameters[0], r, c);
            if (!head_.trained_) {
                for (std::size_t r = 0; r < h_.rows; ++r)
                    std::copy_n(sum.row(r).begin(), sum.columns, members[0].row(r).begin());
                return;
            }
            const std::span<float> own = head_.arena_.gradients(0);
            if (write == sdk::Write::replace)
                std::fill(own.begin(), own.end(), 0.0F);
            multiply_backward(h_, head_.arena_.values(0), sum, own, members[0]);
        }

      private:
        static float entry(sdk::ConstMatrix matrix, std::size_t r, std::size_t c) {
            return matrix.empty() ? 0.0F : matrix.row(r)[c];
        }

        FakeHead &head_;
        sdk::ConstMatrix h_;
        sdk::MatrixBuffer z_, gradient_;
    };

    std::size_t tap_width_;
    std::size_t width_;
    bool fitted_;
    bool trained_ = false;
    std::vector<float> mean_;
    sdk::Arena arena_;
};

} // namespace retort::test
