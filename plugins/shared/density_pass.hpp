// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/roles/head.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <plugins/shared/families/family.hpp>
#include <plugins/shared/projection.hpp>
#include <span>
#include <vector>

namespace retort::plugin_support {

/// What such a pass takes from its head; `services` and `projection` (null: none) must outlive it.
struct DensityPassParts {
    sdk::Services &services;
    const Projection *projection;
    std::size_t width; ///< of the space
    std::size_t members;
    bool is_teacher;
};

/// What a pass of any head with a density does: members are projected, a head makes parameters of them, a family draws
/// and judges, and gradients go back the same way. The noise of a sample follows from the stream, the draw and the
/// row's place in the batch of all replicas.
class DensityPass : public sdk::HeadPass {
  public:
    void forward(std::span<const sdk::ConstMatrix> members, const sdk::Batch &batch) final;

    [[nodiscard]] sdk::Distribution distribution() const final;

    void sample(sdk::Matrix z, sdk::Random random, sdk::Progress progress) final;

    void log_density(sdk::ConstMatrix z, std::span<float> result) final;

    /// Student's side only: throws on the teacher's, where nothing trains.
    void backward(const sdk::HeadGradient &gradient, std::span<const sdk::Matrix> member_gradients,
                  sdk::Write write) final;

  protected:
    DensityPass(std::unique_ptr<Family> family, const DensityPassParts &parts, const sdk::PassSpec &spec);

    [[nodiscard]] Family &family() { return *family_; }

    /// Writes the parameters of all rows from the members.
    virtual void make_parameters() = 0;

    /// From `gradients()`: writes those with respect to each member, and what the head itself trains as `write` says.
    virtual void hand_back(std::span<const sdk::Matrix> member_gradients, sdk::Write write) = 0;

    /// For families whose samples are annealed.
    virtual void anneal(sdk::Progress) {}

    [[nodiscard]] std::size_t rows() const { return rows_; }

    /// Of the last forward, as wide as the space: taps, or what a projection made of them.
    [[nodiscard]] std::span<const sdk::ConstMatrix> members() const { return members_; }

    /// [rows, width]; of families with one parameter the second is empty.
    [[nodiscard]] sdk::Matrix parameters(std::size_t index) const { return parameters_[index].view(rows_); }

    [[nodiscard]] sdk::Matrix gradients(std::size_t index) const { return gradients_[index].view(rows_); }

  private:
    [[nodiscard]] FamilyRow row_of(std::size_t row) const;
    [[nodiscard]] FamilyGradient gradient_row(std::size_t row) const;
    template <class Body> void for_rows(std::size_t count, Body &&body);

    std::unique_ptr<Family> family_; ///< a pass's own: its samples may be annealed
    sdk::Services &services_;
    bool is_teacher_;
    ProjectionPass projection_;
    std::vector<sdk::ConstMatrix> members_;
    std::array<sdk::MatrixBuffer, 2> parameters_;
    std::array<sdk::MatrixBuffer, 2> gradients_;
    sdk::MatrixBuffer kept_;   ///< of the last samples
    sdk::MatrixBuffer judged_; ///< z of the last log_density
    std::size_t rows_ = 0;     ///< of the last forward, as the next
    std::size_t first_row_ = 0;
};

} // namespace retort::plugin_support
