// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/arena.hpp>
#include <retort/sdk/batch.hpp>
#include <retort/sdk/batches.hpp>
#include <retort/sdk/roles/head.hpp>
#include <retort/sdk/roles/model.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace retort::trainer_adversarial_distillation {

/// Something that the game wants to know of the teacher for every example: a tap as it is, that of each of its members,
/// or what a fitted head makes of these (the location or mean of its distribution).
struct TeacherOutput {
    std::size_t tap = 0;
    sdk::Head *head = nullptr; ///< null: the tap itself
    bool members = false;      ///< without a head: each member's

    friend bool operator==(const TeacherOutput &, const TeacherOutput &) = default;
};

/// All that is wanted of one teacher, and where it is kept for all of the training data if that fits.
///
/// Where members are draws, those of an example in the cache are drawn once; without a cache they are drawn anew
/// whenever the teacher runs.
class Teacher {
  public:
    /// `random`: of the draws in the cache and in fitting.
    explicit Teacher(sdk::Model &model, sdk::Random random = {}) : model_(model), random_(random) {}

    /// Asks for an output, before `cache`; returns its index. Asked twice, it is the same one.
    std::size_t want(TeacherOutput output);

    /// Exchanges what is wanted and kept with `other`, of the same model. Passes of either must wait until it is
    /// exchanged again.
    void exchange(Teacher &other) noexcept;

    /// Shows the training data to every head in `heads` that wants to be fitted. Returns early when cancelled.
    void fit(std::span<const TeacherOutput> heads, sdk::EpochBatches &batches, sdk::Services &services);

    /// Computes all outputs for all of the training data, unless that takes more than `limit` bytes. Returns early
    /// when cancelled.
    void cache(std::size_t limit, sdk::EpochBatches &batches, sdk::Services &services);

    [[nodiscard]] sdk::Model &model() const { return model_; }

    [[nodiscard]] std::span<const TeacherOutput> outputs() const { return outputs_; }

    /// Numbers of one matrix of the output.
    [[nodiscard]] std::size_t width(const TeacherOutput &output) const;

    /// How many matrices the output is.
    [[nodiscard]] std::size_t count(const TeacherOutput &output) const;

    /// Output `index` of all training examples, a row each, its matrices side by side; empty if there is no cache.
    [[nodiscard]] sdk::ConstMatrix cached(std::size_t index) const;

  private:
    [[nodiscard]] std::size_t bytes(std::size_t examples) const;

    sdk::Model &model_;
    sdk::Random random_;
    std::vector<TeacherOutput> outputs_;
    std::vector<sdk::MatrixBuffer> cache_; // per output, or none
};

/// The teacher's outputs for one batch in flight: looked up where the examples are known, computed where not.
class TeacherPass {
  public:
    /// `teacher` must outlive this, and not be asked for more outputs.
    TeacherPass(const Teacher &teacher, std::size_t rows, std::size_t tail_rows);

    /// `random`: of the teacher's draws, where they are not in the cache.
    void run(const sdk::Batch &batch, sdk::Random random);

    /// [rows, width of the output]; of several, the first. Valid until the next `run`.
    [[nodiscard]] sdk::ConstMatrix output(std::size_t index) const { return outputs_[index].results[0]; }

    /// All of them, as many as Teacher::count.
    [[nodiscard]] std::span<const sdk::ConstMatrix> matrices(std::size_t index) const {
        return outputs_[index].results;
    }

  private:
    struct Output {
        TeacherOutput what;
        std::unique_ptr<sdk::HeadPass> head;
        sdk::MatrixBuffer rows; // gathered from the cache
        std::vector<sdk::ConstMatrix> results;
    };

    void look_up(std::span<const std::uint64_t> ids);
    void compute(const sdk::Batch &batch, sdk::Random random);

    const Teacher &teacher_;
    std::vector<sdk::ConstMatrix> members_; // of one tap
    std::unique_ptr<sdk::ModelPass> pass_;  // null where everything is looked up
    std::vector<Output> outputs_;
};

} // namespace retort::trainer_adversarial_distillation
