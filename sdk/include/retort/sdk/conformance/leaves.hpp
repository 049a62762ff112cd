// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/settings.hpp>

#include <algorithm>
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
/// or of records or references, or the presence of an optional record.
struct Leaf {
    enum class Kind { real, whole, flag, choice, length, records, presence };

    std::string pointer; ///< of lengths and presences with a mark behind, "/hidden#"
    Kind kind;
    Range range;
    double value;
    bool required = false; ///< it has no default: `value` is what was there by chance

    [[nodiscard]] bool is_number() const { return kind == Kind::real || kind == Kind::whole; }
};

/// What the kit calls what wants a name: an element of a map, or what a required text within a record names, which is
/// another element of the same settings or a tap. Every model has a tap of this name.
inline constexpr std::string_view any_name = "logits";

/// What the elements of a list are, without going into them.
class ElementProbe final : public Fields {
  public:
    explicit ElementProbe(ListSlot &slot) { slot.prototype(*this); }

    bool numbers = false;
    bool records = false;

    void real(const Field &, double &) override { numbers = true; }

    void integer(const Field &, std::int64_t &) override { numbers = true; }

    void flag(const Field &, bool &) override {}

    void choice(const Field &, std::span<const std::string_view>, std::size_t &) override {}

    void text(const Field &, TextSlot &) override {}

    void schedule(const Field &, Schedule &) override { numbers = true; }

    void record(const Field &, RecordSlot &) override { records = true; }

    void list(const Field &, ListSlot &) override {}

    void component(const Field &, ComponentSlot &) override { records = true; }

    void reference(const Field &, std::string_view, TextSlot &) override { records = true; }
};

/// Walks over settings and lets `visit` see and change every leaf. Lengths and presences come before what they decide.
class LeafWalker final : public Fields {
  public:
    using Visit = std::function<void(Leaf &)>;
    using Bind = std::function<bool(ComponentSlot &)>;

    /// `bind`: gives a nested component its builder, and says whether it could; null where nothing will be built.
    explicit LeafWalker(Visit visit, Bind bind = {}) : visit_(std::move(visit)), bind_(std::move(bind)) {}

    /// Whether components have builders already, except those in what this walk itself adds.
    bool only_new = false;

    /// Roles of nested components that could not be bound, separated by commas.
    [[nodiscard]] const std::string &unbound() const { return unbound_; }

    /// What text settings are given, by pointer.
    std::map<std::string, std::string> texts = {};

    void real(const Field &field, double &value) override {
        value = visited({pointer(field), Leaf::Kind::real, field.range, value, field.required});
    }

    void integer(const Field &field, std::int64_t &value) override {
        const auto before = static_cast<double>(value);
        const double after = visited({pointer(field), Leaf::Kind::whole, field.range, before, field.required});
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
        else if (completes() && !prefix_.empty() && field.required && slot.text().empty())
            slot.assign(any_name);
    }

    /// A schedule is constant where its value is changed.
    void schedule(const Field &field, Schedule &schedule) override {
        const double value = visited({pointer(field), Leaf::Kind::real, field.range, schedule.value, field.required});
        if (value != schedule.value)
            schedule = Schedule(value);
    }

    void record(const Field &field, RecordSlot &slot) override {
        const std::string here = pointer(field);
        const bool before = slot.present();
        if (slot.optional())
            slot.set_present(visited({here + "?", Leaf::Kind::presence, {0, 1}, before ? 1.0 : 0.0}) != 0.0);
        if (slot.present())
            below(here, !before, [&] { slot.visit(*this); });
    }

    void list(const Field &field, ListSlot &slot) override {
        const std::string here = pointer(field);
        const ElementProbe elements(slot);
        const std::size_t before = slot.size();
        const auto length = static_cast<double>(before);
        if (elements.numbers && !slot.named())
            resize(slot, visited({here + "#", Leaf::Kind::length, {0, 3}, length}));
        else if (elements.records)
            resize(slot, visited({here + "#", Leaf::Kind::records, {0, std::max(length, 1.0)}, length}));
        for (std::size_t i = 0; i < slot.size(); ++i)
            below(here + "/" + (slot.named() ? std::string(slot.name(i)) : std::to_string(i)), i >= before,
                  [&] { slot.visit(i, *this); });
    }

    void component(const Field &field, ComponentSlot &slot) override {
        if (completes() && !slot.optional() && !bind_(slot))
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

    /// `added`: this walk has made what stands there.
    template <class Call> void below(const std::string &prefix, bool added, Call &&call) {
        const std::string kept = std::exchange(prefix_, prefix);
        const bool was_added = std::exchange(added_, added_ || added);
        call();
        prefix_ = kept;
        added_ = was_added;
    }

    [[nodiscard]] bool completes() const { return bind_ && (added_ || !only_new); }

    static void resize(ListSlot &slot, double length) {
        const auto wanted = static_cast<std::size_t>(length);
        if (wanted < slot.size())
            slot.clear();
        while (slot.size() < wanted)
            slot.append(any_name);
    }

    Visit visit_;
    Bind bind_;
    std::string unbound_;
    std::string prefix_;
    bool added_ = false;
};

} // namespace retort::sdk::conformance
