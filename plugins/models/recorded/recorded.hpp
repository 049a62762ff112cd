// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/settings.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <plugins/models/recorded/record.hpp>
#include <span>
#include <string>
#include <vector>

namespace retort::model_recorded {

/// Files of one tap, one for each split; empty: there is none.
struct TapFiles {
    std::string train;
    std::string validation;
    std::string test;

    void fields(sdk::Fields &fields);
};

/// A model that ran elsewhere: its outputs are read from files, in which row i belongs to example i of where the
/// dataset has it from (Dataset::source_row). It answers for the splits that every tap has a file of, and has nothing
/// to train. The files are kept in memory.
class Recorded final : public sdk::Model {
  public:
    struct Settings {
        sdk::Map<TapFiles> taps;
        bool probabilities = false;

        void fields(sdk::Fields &fields);
    };

    /// Reads the headers. Throws sdk::Error where files and dataset do not fit.
    Recorded(const Settings &settings, const sdk::ModelContext &context);

    [[nodiscard]] std::span<const sdk::Tap> taps() const override { return taps_; }

    sdk::Parameters parameters() override { return {}; }

    /// Reads the files.
    void initialise(sdk::Random) override { load(); }

    [[nodiscard]] std::unique_ptr<sdk::ModelPass> make_pass(const sdk::PassSpec &spec) override;

    [[nodiscard]] bool answers(sdk::Split split) const override;

    [[nodiscard]] bool by_id() const override { return true; }

    /// A digest of the files, once they were read: with others in their place, a run is another.
    void visit_state(sdk::StateVisitor &visitor) override;

    /// What was recorded of example `id` of `split`, as many numbers as the tap is wide.
    [[nodiscard]] std::span<const float> row(std::size_t tap, sdk::Split split, std::uint64_t id) const;

  private:
    static constexpr std::size_t splits = 3;

    struct Part {
        std::optional<Record> record;
        std::vector<float> values; ///< once read
    };

    struct Recording {
        std::string name;
        std::array<Part, splits> parts; ///< by split
    };

    void add(const std::string &name, const TapFiles &files, const sdk::ModelContext &context);
    void open(Part &part, const std::string &file, sdk::Split split, const std::string &pointer,
              const sdk::ModelContext &context) const;
    [[nodiscard]] std::size_t width_of(const Recording &recording, const std::string &pointer) const;
    void load();
    void load(Part &part, bool of_logits);
    void digest(std::span<const float> values);

    const sdk::Dataset *data_;
    bool probabilities_;
    std::vector<Recording> recordings_; ///< tap by tap; not changed once made, for taps refer to their names
    std::vector<sdk::Tap> taps_;
    std::uint64_t digest_ = 0;
    bool loaded_ = false;
};

} // namespace retort::model_recorded
