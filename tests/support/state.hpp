// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/component.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace retort::test {

/// The state of a component by name ("child/name" below children), as a checkpoint would keep it.
class State {
  public:
    static State of(sdk::Component &component) {
        State state;
        Visitor visitor(state, false);
        component.visit_state(visitor);
        return state;
    }

    /// Overwrites the state of `component`, which has the same names and sizes, and tells it.
    void restore(sdk::Component &component) {
        Visitor visitor(*this, true);
        component.visit_state(visitor);
        component.state_restored();
    }

    std::map<std::string, std::vector<float>> floats;
    std::map<std::string, std::vector<double>> doubles;
    std::map<std::string, std::vector<std::uint64_t>> integers;

    friend bool operator==(const State &, const State &) = default;

  private:
    class Visitor final : public sdk::StateVisitor {
      public:
        Visitor(State &state, bool restoring) : state_(state), restoring_(restoring) {}

        void array(std::string_view name, std::span<float> values) override { move(state_.floats, name, values); }

        void array(std::string_view name, std::span<double> values) override { move(state_.doubles, name, values); }

        void array(std::string_view name, std::span<std::uint64_t> values) override {
            move(state_.integers, name, values);
        }

        void child(std::string_view name, sdk::Component &component) override {
            const std::string kept = prefix_;
            prefix_ += std::string(name) + "/";
            component.visit_state(*this);
            if (restoring_)
                component.state_restored();
            prefix_ = kept;
        }

      private:
        template <class T>
        void move(std::map<std::string, std::vector<T>> &store, std::string_view name, std::span<T> values) {
            const std::string key = prefix_ + std::string(name);
            if (!restoring_) {
                if (!store.try_emplace(key, values.begin(), values.end()).second)
                    throw std::logic_error("state is shown twice: " + key);
                return;
            }
            const std::vector<T> &kept = store.at(key);
            if (kept.size() != values.size())
                throw std::logic_error("state has another size: " + key);
            std::copy(kept.begin(), kept.end(), values.begin());
        }

        State &state_;
        bool restoring_;
        std::string prefix_;
    };
};

} // namespace retort::test
