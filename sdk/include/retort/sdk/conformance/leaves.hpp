// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace retort::sdk::conformance {

/// A setting that is one value: a number, or a number that stands for a flag, a choice, the length of a list of numbers
/// or the presence of an optional record.
struct Leaf {
    enum class Kind { real, whole, flag, choice, length, presence };

    std::string pointer; ///< of lengths and presences with a mark behind, "/hidden#"
    Kind kind;
    Range range;
    double value;

    [[nodiscard]] bool is_number() const { return kind == Kind::real || kind == Kind::whole; }
};

/// Walks over settings and lets `visit` see and change every leaf. Lengths and presences come before what they decide.
class LeafWalker final : public Fields {
  public:
    using Visit = std::function<void(Leaf &)>;
    using Bind = std::function<bool(ComponentSlot &)>;

    /// `bind`: gives a nested component its builder, and says whether it could; null where that was done before.
    explicit LeafWalker(Visit visit, Bind bind = {}) : visit_(std::move(visit)), bind_(std::move(bind)) {}

    /// Roles of nested components that could not be bound, separated by commas.
    [[nodiscard]] const std::string &unbound() const { return unbound_; }

    /// What text settings are given, by pointer.
    std::map<std::string, std::string> texts = {};

    void real(const Field &field, double &value) override {
        value = visited({pointer(field), Leaf::Kind::real, field.range, value});
    }

    void integer(const Field &field, std::int64_t &value) override {
        const auto before = static_cast<double>(value);
        const double after = visited({pointer(field), Leaf::Kind::whole, field.range, before});
        if (after != before)
            value = static_cast<std::int64_t>(after);
    }

    void flag(const Field &field, bool &value) override {
        value = visited({pointer(field), Leaf::Kind::flag, {0, 1}, value ? 1.0 : 0.0}) != 0.0;
    }

    void choice(const Field &field, std::span<const std::string_view> names, std::size_t &index) override {
        const Range range{0, static_cast<double>(names.size()) - 1.0};
        index =
            static_cast<std::size_t>(visited({pointer(field), Leaf::Kind::choice, range, static_cast<double>(index)}));
    }

    void text(const Field &field, TextSlot &slot) override {
        if (const auto found = texts.find(pointer(field)); found != texts.end())
            slot.assign(found->second);
    }

    /// A schedule is constant where its value is changed.
    void schedule(const Field &field, Schedule &schedule) override {
        const double value = visited({pointer(field), Leaf::Kind::real, field.range, schedule.value});
        if (value != schedule.value)
            schedule = Schedule(value);
    }

    void record(const Field &field, RecordSlot &slot) override {
        const std::string here = pointer(field);
        if (slot.optional())
            slot.set_present(visited({here + "?", Leaf::Kind::presence, {0, 1}, slot.present() ? 1.0 : 0.0}) != 0.0);
        if (slot.present())
            below(here, [&] { slot.visit(*this); });
    }

    void list(const Field &field, ListSlot &slot) override {
        const std::string here = pointer(field);
        if (!slot.named() && holds_numbers(slot)) {
            const auto length = static_cast<double>(slot.size());
            const auto wanted = static_cast<std::size_t>(visited({here + "#", Leaf::Kind::length, {0, 3}, length}));
            if (wanted < slot.size())
                slot.clear();
            while (slot.size() < wanted)
                slot.append({});
        }
        for (std::size_t i = 0; i < slot.size(); ++i)
            below(here + "/" + (slot.named() ? std::string(slot.name(i)) : std::to_string(i)),
                  [&] { slot.visit(i, *this); });
    }

    void component(const Field &field, ComponentSlot &slot) override {
        if (bind_ && !slot.optional() && !bind_(slot))
            unbound_ += (unbound_.empty() ? "" : ", ") + std::string(slot.role()) + " at " + pointer(field);
    }

    void reference(const Field &field, std::string_view, TextSlot &slot) override {
        if (slot.text().empty())
            slot.assign(field.name.empty() ? "it" : field.name);
    }

  private:
    [[nodiscard]] std::string pointer(const Field &field) const {
        return field.name.empty() ? prefix_ : prefix_ + "/" + std::string(field.name);
    }

    double visited(Leaf leaf) {
        visit_(leaf);
        return leaf.value;
    }

    template <class Call> void below(const std::string &prefix, Call &&call) {
        const std::string kept = std::exchange(prefix_, prefix);
        call();
        prefix_ = kept;
    }

    static bool holds_numbers(ListSlot &slot) {
        bool numbers = false;
        LeafWalker probe([&](Leaf &leaf) { numbers = numbers || (leaf.pointer.empty() && leaf.is_number()); });
        slot.prototype(probe);
        return numbers;
    }

    Visit visit_;
    Bind bind_;
    std::string unbound_;
    std::string prefix_;
};

} // namespace retort::sdk::conformance
