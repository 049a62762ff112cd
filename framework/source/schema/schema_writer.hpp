// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "describer.hpp"

#include <retort/framework/registry.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace retort::framework {

/// Visits settings.
using ShowFields = std::function<void(sdk::Fields &)>;

/// Matches the names of things in a manifest: see `name_mistake`.
inline constexpr std::string_view name_pattern = "^[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$";

/// The JSON Schema of an object with the settings that `show` visits, which are at their defaults. What it refers to
/// stands in `component_definitions`.
[[nodiscard]] boost::json::object object_schema(const Registry &registry, const ShowFields &show);

/// Writes the JSON Schema of each setting that it is shown. The settings are at their defaults.
class SchemaWriter final : public sdk::Fields {
  public:
    /// `element`: what is shown is the one element of a list or map, not the members of a record.
    explicit SchemaWriter(const Registry &registry, bool element = false)
        : registry_(registry), element_(element), describer_(element) {}

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

    /// Schemas by name of the setting; that of an element has the name "".
    [[nodiscard]] const boost::json::object &properties() const { return properties_; }

    /// A component whose type and settings stand beside the others.
    struct Beside {
        std::string role;
        std::string default_type; ///< empty: there is none
        std::string documentation;
    };

    [[nodiscard]] const std::optional<Beside> &beside() const { return beside_; }

  private:
    /// Call it after `describer_` was shown the setting, which knows its default.
    void add(const sdk::Field &field, const boost::json::object &schema);

    const Registry &registry_;
    bool element_;
    Describer describer_;
    boost::json::object properties_;
    std::optional<Beside> beside_;
    std::string role_; ///< of the last component in an object of its own
};

} // namespace retort::framework
