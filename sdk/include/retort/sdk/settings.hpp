// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/detail/slots.hpp>
#include <retort/sdk/fields.hpp>
#include <retort/sdk/setting_types.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace retort::sdk {

namespace detail {

/// The field's range cut to what the integer type can hold: -1 into an unsigned setting is the reader's error.
template <std::integral T> Field narrowed(Field field) {
    using Limits = std::numeric_limits<T>;
    field.range.minimum = std::max(field.range.minimum, static_cast<double>(Limits::min()));
    field.range.maximum = std::min(field.range.maximum, static_cast<double>(Limits::max()));
    return field;
}

template <class T> void declare(Fields &fields, const Field &field, T &value) {
    static_assert(!std::is_same_v<T, float>, "declare real settings as double");
    if constexpr (std::is_same_v<T, double>) {
        fields.real(field, value);
    } else if constexpr (std::is_same_v<T, bool>) {
        fields.flag(field, value);
    } else if constexpr (std::is_integral_v<T>) {
        auto wide = static_cast<std::int64_t>(value);
        fields.integer(narrowed<T>(field), wide);
        value = static_cast<T>(wide);
    } else if constexpr (std::is_enum_v<T>) {
        auto index = static_cast<std::size_t>(value);
        fields.choice(field, names_of(value), index);
        value = static_cast<T>(index);
    } else if constexpr (std::is_same_v<T, std::string>) {
        StringSlot slot(value);
        fields.text(field, slot);
    } else if constexpr (std::is_same_v<T, Schedule>) {
        fields.schedule(field, value);
    } else if constexpr (requires { typename T::ReferredRole; }) {
        StringSlot slot(value.name);
        fields.reference(field, T::ReferredRole::role, slot);
    } else if constexpr (requires { typename T::Role; }) {
        SpecSlot<typename T::Role> slot(value);
        fields.component(field, slot);
    } else if constexpr (is_vector<T>) {
        VectorSlot<typename T::value_type> slot(value, field);
        fields.list(field, slot);
    } else if constexpr (requires { typename T::Mapped; }) {
        MapSlot<typename T::Mapped> slot(value, field);
        fields.list(field, slot);
    } else if constexpr (is_optional<T>) {
        OptionalRecordSlot<typename T::value_type> slot(value);
        fields.record(field, slot);
    } else {
        static_assert(has_fields<T>, "this type cannot be a setting: see the list at Fields");
        PlainRecordSlot<T> slot(value);
        fields.record(field, slot);
    }
}

} // namespace detail

template <class T>
void Fields::operator()(std::string_view name, T &value, std::string_view documentation, Range range) {
    detail::declare(*this, Field{name, documentation, range, false}, value);
}

template <class T> void Fields::required(std::string_view name, T &value, std::string_view documentation, Range range) {
    detail::declare(*this, Field{name, documentation, range, true}, value);
}

} // namespace retort::sdk
