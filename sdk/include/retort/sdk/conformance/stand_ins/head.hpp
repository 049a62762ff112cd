// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/error.hpp>
#include <retort/sdk/roles/head.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace retort::sdk::conformance {

/// A point: z = h - shift. On the teacher's side the shift is fitted to the data's mean; a student's head takes the
/// teacher's, and adds an offset that is trained.
class StandInHead final : public Head {
  public:
    explicit StandInHead(const HeadContext &context)
        : teacher_(context.teacher), width_(context.tap_width), mean_(width_), one_(width_, 1.0F) {
        if (context.members != 1 || (teacher_ != nullptr && teacher_->space().width != width_))
            throw Error(ErrorKind::settings, "the kit's head takes one member, of the width of the teacher's space");
        if (teacher_ != nullptr)
            arena_.add("offset", {width_}, true);
        arena_.allocate();
    }

    Parameters parameters() override { return arena_.parameters(); }

    void initialise(Random random) override {
        if (teacher_ != nullptr)
            fill_normal(random, arena_.values(0));
    }

    void visit_state(StateVisitor &visitor) override {
        Head::visit_state(visitor);
        visitor.array("mean", std::span(mean_));
    }

    [[nodiscard]] Space space() const override { return {Space::Kind::real, width_}; }

    [[nodiscard]] std::string_view family() const override { return "point"; }

    [[nodiscard]] Affine affine() const override {
        return teacher_ == nullptr ? Affine{mean_, one_} : teacher_->affine();
    }

    [[nodiscard]] bool needs_fit() const override { return teacher_ == nullptr; }

    void fit(std::span<const ConstMatrix> members) override {
        for (std::size_t row = 0; row < members[0].rows; ++row, ++seen_)
            for (std::size_t c = 0; c < width_; ++c)
                mean_[c] += (members[0].row(row)[c] - mean_[c]) / static_cast<float>(seen_ + 1);
    }

    [[nodiscard]] std::unique_ptr<HeadPass> make_pass(const PassSpec &spec) override {
        return std::make_unique<Pass>(*this, spec);
    }

  private:
    class Pass final : public HeadPass {
      public:
        Pass(StandInHead &head, const PassSpec &spec) : head_(head), point_(spec.rows, head.width_) {}

        void forward(std::span<const ConstMatrix> members, const Batch &) override {
            rows_ = members[0].rows;
            const Affine affine = head_.affine();
            for (std::size_t row = 0; row < rows_; ++row)
                for (std::size_t c = 0; c < head_.width_; ++c)
                    point_.view().row(row)[c] = members[0].row(row)[c] - affine.shift[c] + head_.offset(c);
        }

        [[nodiscard]] Distribution distribution() const override {
            return {"point", {point_.view(rows_), ConstMatrix{}}};
        }

        void sample(Matrix z, Random, Progress) override {
            for (std::size_t row = 0; row < z.rows; ++row)
                std::copy_n(point_.view().row(row % rows_).begin(), z.columns, z.row(row).begin());
        }

        void log_density(ConstMatrix, std::span<float>) override {
            throw Error(ErrorKind::settings, "a point has no density");
        }

        void backward(const HeadGradient &gradient, std::span<const Matrix> members, Write write) override {
            for (std::size_t row = 0; row < rows_; ++row) {
                const std::span<float> sum = members[0].row(row);
                std::fill(sum.begin(), sum.end(), 0.0F);
                for (std::size_t draw = row; draw < gradient.sample.rows; draw += rows_)
                    add(sum, gradient.sample.row(draw));
                if (!gradient.parameters[0].empty())
                    add(sum, gradient.parameters[0].row(row));
            }
            if (write == Write::none || head_.teacher_ == nullptr)
                return;
            const std::span<float> offset = head_.arena_.gradients(0);
            if (write == Write::replace)
                std::fill(offset.begin(), offset.end(), 0.0F);
            for (std::size_t row = 0; row < rows_; ++row)
                add(offset, members[0].row(row));
        }

      private:
        static void add(std::span<float> to, std::span<const float> values) {
            for (std::size_t c = 0; c < to.size(); ++c)
                to[c] += values[c];
        }

        StandInHead &head_;
        MatrixBuffer point_;
        std::size_t rows_ = 0;
    };

    [[nodiscard]] float offset(std::size_t column) const {
        return teacher_ == nullptr ? 0.0F : arena_.values(0)[column];
    }

    const Head *teacher_;
    std::size_t width_;
    std::vector<float> mean_, one_;
    std::size_t seen_ = 0;
    Arena arena_;
};

} // namespace retort::sdk::conformance
