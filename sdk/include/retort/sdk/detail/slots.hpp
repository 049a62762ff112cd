// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/fields.hpp>
#include <retort/sdk/setting_types.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What stands between a settings struct and the framework's Fields: one slot class per kind of nested setting.
namespace retort::sdk::detail {

template <class T>
concept has_fields = requires(T &value, Fields &fields) {
    value.fields(fields);
};

template <class T> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;
template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;

class StringSlot final : public TextSlot {
  public:
    explicit StringSlot(std::string &text) : text_(text) {}

    void assign(std::string_view text) override { text_ = text; }

    [[nodiscard]] std::string_view text() const override { return text_; }

  private:
    std::string &text_;
};

template <class T> class PlainRecordSlot final : public RecordSlot {
  public:
    explicit PlainRecordSlot(T &value) : value_(value) {}

    [[nodiscard]] bool optional() const override { return false; }

    [[nodiscard]] bool present() const override { return true; }

    void set_present(bool) override {}

    void visit(Fields &fields) override { value_.fields(fields); }

    void prototype(Fields &fields) override { T{}.fields(fields); }

  private:
    T &value_;
};

template <class T> class OptionalRecordSlot final : public RecordSlot {
  public:
    explicit OptionalRecordSlot(std::optional<T> &value) : value_(value) {}

    [[nodiscard]] bool optional() const override { return true; }

    [[nodiscard]] bool present() const override { return value_.has_value(); }

    void set_present(bool present) override { present ? void(value_.emplace()) : value_.reset(); }

    void visit(Fields &fields) override { value_->fields(fields); }

    void prototype(Fields &fields) override { T{}.fields(fields); }

  private:
    std::optional<T> &value_;
};

template <class T> class VectorSlot final : public ListSlot {
  public:
    VectorSlot(std::vector<T> &values, const Field &field) : values_(values), field_(field) {}

    [[nodiscard]] bool named() const override { return false; }

    [[nodiscard]] std::size_t size() const override { return values_.size(); }

    [[nodiscard]] std::string_view name(std::size_t) const override { return {}; }

    void clear() override { values_.clear(); }

    void append(std::string_view) override { values_.emplace_back(); }

    void visit(std::size_t index, Fields &fields) override {
        fields("", values_[index], field_.documentation, field_.range);
    }

    void prototype(Fields &fields) override {
        T element{};
        fields("", element, field_.documentation, field_.range);
    }

  private:
    std::vector<T> &values_;
    const Field &field_;
};

template <class T> class MapSlot final : public ListSlot {
  public:
    MapSlot(Map<T> &map, const Field &field) : map_(map), field_(field) {}

    [[nodiscard]] bool named() const override { return true; }

    [[nodiscard]] std::size_t size() const override { return map_.items.size(); }

    [[nodiscard]] std::string_view name(std::size_t index) const override { return map_.items[index].first; }

    void clear() override { map_.items.clear(); }

    void append(std::string_view name) override { map_.items.emplace_back(std::string(name), T{}); }

    void visit(std::size_t index, Fields &fields) override {
        fields("", map_.items[index].second, field_.documentation, field_.range);
    }

    void prototype(Fields &fields) override {
        T element{};
        fields("", element, field_.documentation, field_.range);
    }

  private:
    Map<T> &map_;
    const Field &field_;
};

template <class Role> class SpecSlot final : public ComponentSlot {
  public:
    explicit SpecSlot(ComponentSpec<Role> &spec) : spec_(spec) {}

    [[nodiscard]] std::string_view role() const override { return Role::role; }

    [[nodiscard]] std::string_view default_type() const override { return spec_.type; }

    [[nodiscard]] bool optional() const override { return spec_.optional; }

    void bind(std::string_view type, std::shared_ptr<const void> builder) override {
        spec_.type = type;
        spec_.builder = std::static_pointer_cast<const Builder<Role>>(std::move(builder));
    }

  private:
    ComponentSpec<Role> &spec_;
};

} // namespace retort::sdk::detail
