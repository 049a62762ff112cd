// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "settings_reader.hpp"

namespace retort::framework {

/// Reads the settings that are members of one JSON object.
class ObjectReader final : public SettingsReader {
  public:
    ObjectReader(Reading &reading, const boost::json::object &object, std::string pointer, bool defaults = false)
        : SettingsReader(reading, defaults), object_(object), pointer_(std::move(pointer)) {}

    /// With an empty name: a component whose settings stand in this object beside others.
    void component(const sdk::Field &field, sdk::ComponentSlot &slot) override;

    /// The value of a setting that none of the types of settings fits; null if it is left out.
    const boost::json::value *raw(std::string_view name) { return find({name, {}}); }

    /// Reads "type" and the settings that go with it from this object.
    void read_component(sdk::ComponentSlot &slot);

    /// Call it when all settings were visited: reports the keys that are none. Returns what was read, in order of
    /// declaration.
    boost::json::object finish();

  protected:
    const boost::json::value *find(const sdk::Field &field) override;
    [[nodiscard]] std::string pointer(const sdk::Field &field) const override;
    void resolve(const sdk::Field &field, boost::json::value value) override;

  private:
    [[nodiscard]] std::string read_type(const sdk::ComponentSlot &slot);
    void read_settings(const Entry &entry, sdk::ComponentSlot &slot);

    /// The same of a component that is made of nothing but defaults.
    void read_default(const Entry &entry, sdk::ComponentSlot &slot);

    /// What is said of a key that is no setting here; it may be one of an object in this one.
    [[nodiscard]] std::string unknown_text(const std::string &key) const;

    const boost::json::object &object_;
    std::string pointer_;
    std::vector<std::string> known_;
    bool complete_ = true; // whether `known_` is all that the object may hold
    bool faulty_ = false;  // as ObjectKeys::faulty
    boost::json::object resolved_;
};

/// Reads one element of a list or map.
class ElementReader final : public SettingsReader {
  public:
    ElementReader(Reading &reading, const boost::json::value *element, std::string pointer)
        : SettingsReader(reading, element == nullptr), element_(element), pointer_(std::move(pointer)) {}

    [[nodiscard]] const boost::json::value &resolved() const { return resolved_; }

  protected:
    const boost::json::value *find(const sdk::Field &) override { return element_; }

    [[nodiscard]] std::string pointer(const sdk::Field &) const override { return pointer_; }

    void resolve(const sdk::Field &, boost::json::value value) override { resolved_ = std::move(value); }

  private:
    const boost::json::value *element_;
    std::string pointer_;
    boost::json::value resolved_;
};

} // namespace retort::framework
