// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/error.hpp>
#include <retort/sdk/schedule.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace retort::sdk {

/// Allowed values of a number, bounds included.
struct Range {
    double minimum = -1e308;
    double maximum = 1e308;
};

/// What is said about one setting.
struct Field {
    std::string_view name;          ///< key in the manifest; empty for the element of a list or map
    std::string_view documentation; ///< one or two sentences; units where there are any
    Range range = {};
    bool required = false; ///< there is no default: leaving it out is a mistake
};

class Fields;

/// Access to a text setting.
class RETORT_VISIBLE TextSlot {
  public:
    virtual void assign(std::string_view text) = 0;
    [[nodiscard]] virtual std::string_view text() const = 0;

  protected:
    ~TextSlot() = default;
};

/// Access to a nested record, which may be optional.
class RETORT_VISIBLE RecordSlot {
  public:
    [[nodiscard]] virtual bool optional() const = 0;
    [[nodiscard]] virtual bool present() const = 0;
    virtual void set_present(bool present) = 0;
    virtual void visit(Fields &fields) = 0;     ///< only while present
    virtual void prototype(Fields &fields) = 0; ///< visits a default-made record, for documentation
  protected:
    ~RecordSlot() = default;
};

/// Access to a list, or to a map from names to values. Elements are visited as one field with an empty name.
class RETORT_VISIBLE ListSlot {
  public:
    [[nodiscard]] virtual bool named() const = 0; ///< a map: in the manifest an object instead of an array
    [[nodiscard]] virtual std::size_t size() const = 0;
    [[nodiscard]] virtual std::string_view name(std::size_t index) const = 0; ///< maps only
    virtual void clear() = 0;
    virtual void append(std::string_view name) = 0; ///< a default-made element; lists ignore the name
    virtual void visit(std::size_t index, Fields &fields) = 0;
    virtual void prototype(Fields &fields) = 0;

  protected:
    ~ListSlot() = default;
};

/// Access to a setting that is a component of another role.
class RETORT_VISIBLE ComponentSlot {
  public:
    [[nodiscard]] virtual std::string_view role() const = 0;
    [[nodiscard]] virtual std::string_view default_type() const = 0; ///< empty: there is no default
    [[nodiscard]] virtual bool optional() const = 0;

    /// `builder` is a `std::shared_ptr<const Builder<Role>>` for the role named by `role()`.
    virtual void bind(std::string_view type, std::shared_ptr<const void> builder) = 0;

  protected:
    ~ComponentSlot() = default;
};

/// Visitor over the settings of a component. A plugin only calls `field(name, value, documentation, ...)` in its
/// settings' `fields` member; the framework implements this class to read a manifest, to describe a component and to
/// write the resolved manifest. The value a member has before reading is its default.
///
/// Types: double, bool, any integer, an enumeration with a `names_of` overload, std::string, Schedule, a struct with
/// its own `fields` (nested record), std::optional of such a struct, std::vector and Map of any of these,
/// ComponentSpec<Role>, Reference<Role>.
class RETORT_VISIBLE Fields {
  public:
    virtual void real(const Field &, double &) = 0;
    virtual void integer(const Field &, std::int64_t &) = 0;
    virtual void flag(const Field &, bool &) = 0;
    virtual void choice(const Field &, std::span<const std::string_view> names, std::size_t &index) = 0;
    virtual void text(const Field &, TextSlot &) = 0;
    virtual void schedule(const Field &, Schedule &) = 0;
    virtual void record(const Field &, RecordSlot &) = 0;
    virtual void list(const Field &, ListSlot &) = 0;

    /// A component in an object of its own; with an empty name in a record, its "type" and settings stand in the
    /// record's own object beside the record's other fields.
    virtual void component(const Field &, ComponentSlot &) = 0;

    /// The name of something that the manifest defines elsewhere; `role` is "model" or "dataset".
    virtual void reference(const Field &, std::string_view role, TextSlot &) = 0;

    /// Declares a setting. `range` bounds numbers, the elements of a list of numbers, and the values of a schedule.
    template <class T>
    void operator()(std::string_view name, T &value, std::string_view documentation, Range range = {});

    /// Declares a setting without a default.
    template <class T> void required(std::string_view name, T &value, std::string_view documentation, Range range = {});

  protected:
    ~Fields() = default;
};

} // namespace retort::sdk
