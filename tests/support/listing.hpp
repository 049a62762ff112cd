// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

namespace retort::test {

/// Writes down what settings declare, a line a field: "name!: kind minimum..maximum = value", "!" where it is required.
class Listing final : public sdk::Fields {
  public:
    template <class Settings> static std::string of(Settings &settings) {
        Listing listing;
        settings.fields(listing);
        return listing.out.str();
    }

    void real(const sdk::Field &field, double &value) override {
        line(field, "real") << bounds(field) << " = " << value;
    }

    void integer(const sdk::Field &field, std::int64_t &value) override {
        line(field, "integer") << bounds(field) << " = " << value;
    }

    void flag(const sdk::Field &field, bool &value) override { line(field, "flag") << " = " << value; }

    void choice(const sdk::Field &field, std::span<const std::string_view> names, std::size_t &index) override {
        line(field, "choice") << " of " << names.size() << " = " << names[index];
    }

    void text(const sdk::Field &field, sdk::TextSlot &slot) override { line(field, "text") << " = " << slot.text(); }

    void schedule(const sdk::Field &field, sdk::Schedule &value) override {
        line(field, "schedule") << bounds(field) << " = " << value.value;
    }

    void record(const sdk::Field &field, sdk::RecordSlot &slot) override {
        line(field, slot.optional() ? "optional" : "record") << (slot.present() ? "" : " absent");
        slot.present() ? slot.visit(*this) : slot.prototype(*this);
    }

    void list(const sdk::Field &field, sdk::ListSlot &slot) override {
        line(field, slot.named() ? "map" : "list") << " of " << slot.size();
        for (std::size_t i = 0; i < slot.size(); ++i) {
            out << " " << slot.name(i);
            slot.visit(i, *this);
        }
        slot.prototype(*this);
    }

    void component(const sdk::Field &field, sdk::ComponentSlot &slot) override {
        line(field, "component") << " " << slot.role() << " = " << slot.default_type();
    }

    void reference(const sdk::Field &field, std::string_view role, sdk::TextSlot &slot) override {
        line(field, "reference") << " " << role << " = " << slot.text();
    }

    std::ostringstream out;

  private:
    std::ostream &line(const sdk::Field &field, const char *kind) {
        return out << "\n" << field.name << (field.required ? "!" : "") << ": " << kind;
    }

    static std::string bounds(const sdk::Field &field) {
        std::ostringstream text;
        if (field.range.minimum > -1e300)
            text << " " << field.range.minimum << ".." << field.range.maximum;
        return text.str();
    }
};

} // namespace retort::test
