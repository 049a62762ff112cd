// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort::sdk::conformance {

/// Walks over settings and keeps the JSON pointer of every one that can be changed by itself; of a component, that of
/// its "type". Changes nothing.
class SettingPointers final : public Fields {
  public:
    void real(const Field &field, double &) override { add(field); }

    void integer(const Field &field, std::int64_t &) override { add(field); }

    void flag(const Field &field, bool &) override { add(field); }

    void choice(const Field &field, std::span<const std::string_view>, std::size_t &) override { add(field); }

    void text(const Field &field, TextSlot &) override { add(field); }

    void schedule(const Field &field, Schedule &) override { add(field); }

    void reference(const Field &field, std::string_view, TextSlot &) override { add(field); }

    void component(const Field &field, ComponentSlot &) override { found.push_back(pointer(field) + "/type"); }

    void record(const Field &field, RecordSlot &slot) override {
        if (slot.present())
            below(pointer(field), [&] { slot.visit(*this); });
    }

    void list(const Field &field, ListSlot &slot) override {
        const std::string here = pointer(field);
        for (std::size_t i = 0; i < slot.size(); ++i)
            below(here + "/" + (slot.named() ? std::string(slot.name(i)) : std::to_string(i)),
                  [&] { slot.visit(i, *this); });
    }

    std::vector<std::string> found; ///< in order of declaration

  private:
    [[nodiscard]] std::string pointer(const Field &field) const {
        return field.name.empty() ? prefix_ : prefix_ + "/" + std::string(field.name);
    }

    void add(const Field &field) { found.push_back(pointer(field)); }

    template <class Call> void below(const std::string &prefix, Call &&call) {
        const std::string kept = std::exchange(prefix_, prefix);
        call();
        prefix_ = kept;
    }

    std::string prefix_;
};

} // namespace retort::sdk::conformance
