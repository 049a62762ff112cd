// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/error.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace retort::sdk {

class Component;

/// Walks over the state of a component: a checkpoint writes what it is shown, a resumed run overwrites it in place.
/// Names are unique within a component and the same in every visit. [training thread]
class RETORT_VISIBLE StateVisitor {
  public:
    virtual void array(std::string_view name, std::span<float> values) = 0;
    virtual void array(std::string_view name, std::span<double> values) = 0;
    virtual void array(std::string_view name, std::span<std::uint64_t> values) = 0;
    virtual void child(std::string_view name, Component &component) = 0;

    void value(std::string_view name, double &value) { array(name, std::span<double>(&value, 1)); }

    void value(std::string_view name, std::uint64_t &value) { array(name, std::span<std::uint64_t>(&value, 1)); }

  protected:
    StateVisitor() = default;
    ~StateVisitor() = default;
    StateVisitor(const StateVisitor &) = default;
    StateVisitor &operator=(const StateVisitor &) = default;
};

/// What every role is. One thread calls a component at a time unless its documentation says otherwise.
class RETORT_VISIBLE Component {
  public:
    Component() = default;
    Component(const Component &) = delete;
    Component &operator=(const Component &) = delete;
    virtual ~Component() = default;

    /// Shows all that a resumed run needs to go on with the same bytes, and nothing that can be derived from it.
    virtual void visit_state(StateVisitor &) {}

    /// Called after the state was overwritten: rebuild whatever is derived from it.
    virtual void state_restored() {}
};

} // namespace retort::sdk
