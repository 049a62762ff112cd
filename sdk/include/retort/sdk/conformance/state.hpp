// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>

#include <cstddef>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace retort::sdk::conformance {

/// The state of a component by name ("child/name" below children), as the bytes that a checkpoint would keep.
class State {
  public:
    using Arrays = std::map<std::string, std::vector<std::byte>>;

    [[nodiscard]] static State of(Component &component) {
        State state;
        Visitor visitor(state, false);
        component.visit_state(visitor);
        return state;
    }

    /// Overwrites the state of `component` and tells it. Throws std::runtime_error where names or sizes differ.
    void restore(Component &component) {
        Visitor visitor(*this, true);
        component.visit_state(visitor);
        component.state_restored();
    }

    [[nodiscard]] const Arrays &arrays() const { return arrays_; }

    /// The first array that is not the same in `other`; empty if all are.
    [[nodiscard]] std::string difference(const State &other) const {
        for (const auto &[name, bytes] : arrays_)
            if (const auto found = other.arrays_.find(name); found == other.arrays_.end() || found->second != bytes)
                return name;
        return {};
    }

  private:
    class Visitor final : public StateVisitor {
      public:
        Visitor(State &state, bool restoring) : state_(state), restoring_(restoring) {}

        void array(std::string_view name, std::span<float> values) override {
            move(name, std::as_writable_bytes(values));
        }

        void array(std::string_view name, std::span<double> values) override {
            move(name, std::as_writable_bytes(values));
        }

        void array(std::string_view name, std::span<std::uint64_t> values) override {
            move(name, std::as_writable_bytes(values));
        }

        void child(std::string_view name, Component &component) override {
            const std::string kept = prefix_;
            prefix_.append(name).append("/");
            component.visit_state(*this);
            if (restoring_)
                component.state_restored();
            prefix_ = kept;
        }

      private:
        void move(std::string_view name, std::span<std::byte> values) {
            const std::string key = prefix_ + std::string(name);
            if (!restoring_) {
                if (!state_.arrays_.try_emplace(key, values.begin(), values.end()).second)
                    throw std::runtime_error("its state shows \"" + key + "\" twice in one visit");
                return;
            }
            const auto kept = state_.arrays_.find(key);
            if (kept == state_.arrays_.end() || kept->second.size() != values.size())
                throw std::runtime_error("the state \"" + key +
                                         "\" of a new object is not in that of the first, or of "
                                         "another size");
            if (!values.empty())
                std::memcpy(values.data(), kept->second.data(), values.size());
        }

        State &state_;
        bool restoring_;
        std::string prefix_;
    };

    Arrays arrays_;
};

} // namespace retort::sdk::conformance
