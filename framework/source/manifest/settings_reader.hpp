// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reading.hpp"

#include <retort/sdk/fields.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace retort::framework {

/// Reads settings from JSON, collects every mistake, and writes down what was read with every default filled in.
/// A setting keeps its default where it is left out or wrong. Where settings stand is left to the subclasses.
class SettingsReader : public sdk::Fields {
  public:
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

  protected:
    /// `defaults`: what is read is itself a default, so that nothing is missing.
    SettingsReader(Reading &reading, bool defaults) : reading_(reading), defaults_(defaults) {}
    ~SettingsReader() = default;

    /// The setting's value in the manifest; null if it is left out.
    virtual const boost::json::value *find(const sdk::Field &field) = 0;
    [[nodiscard]] virtual std::string pointer(const sdk::Field &field) const = 0;
    virtual void resolve(const sdk::Field &field, boost::json::value value) = 0;

    /// `find`, and a mistake if the setting is required and left out.
    const boost::json::value *given(const sdk::Field &field, const std::string &allowed);

    /// " (default ...)" for a message; empty where there is none.
    [[nodiscard]] static std::string default_text(const sdk::Field &field, const std::string &value);

    void wrong(const sdk::Field &field, const boost::json::value &found, const std::string &allowed,
               const std::string &otherwise = {});

    /// Whether the number `found` is; if not, a mistake.
    bool in_range(const sdk::Field &field, const boost::json::value &found, const std::string &otherwise);

    /// What the text `found` would be as an object; empty if it is the name of no component.
    [[nodiscard]] std::string example_of(const boost::json::value &found, std::string_view role) const;

    /// The same of a record in which a component stands beside other settings.
    [[nodiscard]] std::string example_of(const boost::json::value &found, sdk::RecordSlot &slot) const;

    void read_schedule(const sdk::Field &field, const boost::json::object &found, sdk::Schedule &schedule);
    void read_array(const sdk::Field &field, const boost::json::array &found, sdk::ListSlot &slot);
    void read_map(const sdk::Field &field, const boost::json::object &found, sdk::ListSlot &slot);
    void resolve_default(const sdk::Field &field, sdk::ListSlot &slot);

    /// Records in a list are addressed by "name" where they have one: it must be a name, and be the only one in
    /// `names`, where it is added.
    void check_name(const std::string &place, const boost::json::value &found, const boost::json::value &resolved,
                    std::vector<std::string> &names);

    Reading &reading_;
    bool defaults_;
};

} // namespace retort::framework
