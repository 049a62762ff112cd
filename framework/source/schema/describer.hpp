// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/fields.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string_view.hpp>

#include <string_view>

namespace retort::framework {

/// As JSON takes it.
inline boost::json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

/// Describes each setting that it is shown as JSON, as documented at `describe`. The settings are at their defaults.
class Describer final : public sdk::Fields {
  public:
    /// `element`: what is shown is the one element of a list or map, not the members of a record.
    explicit Describer(bool element = false) : element_(element) {}

    void real(const sdk::Field &field, double &value) override;
    void integer(const sdk::Field &field, std::int64_t &value) override;
    void flag(const sdk::Field &field, bool &value) override;
    void choice(const sdk::Field &field, std::span<const std::string_view> names, std::size_t &index) override;
    void text(const sdk::Field &field, sdk::TextSlot &slot) override;
    void schedule(const sdk::Field &field, sdk::Schedule &schedule) override;
    void record(const sdk::Field &field, sdk::RecordSlot &slot) override;
    void list(const sdk::Field &field, sdk::ListSlot &slot) override;
    void component(const sdk::Field &field, sdk::ComponentSlot &slot) override;
    void reference(const sdk::Field &field, std::string_view role, sdk::TextSlot &slot) override;

    /// One object per setting, in order of declaration.
    [[nodiscard]] const boost::json::array &descriptions() const { return descriptions_; }

    /// What the settings hold, as it would stand in a manifest: by name, or the one value of an element.
    [[nodiscard]] boost::json::value values() const;

  private:
    /// Begins a description. `value`: what the setting holds.
    boost::json::object &describe(const sdk::Field &field, std::string_view type, boost::json::value value);
    static void add_range(boost::json::object &description, const sdk::Range &range);

    bool element_;
    boost::json::array descriptions_;
    boost::json::object values_;
};

} // namespace retort::framework
