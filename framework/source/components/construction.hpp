// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "components.hpp"

#include <retort/framework/error.hpp>
#include <retort/framework/plan.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace retort::framework {

/// Builds components one by one and keeps every mistake instead of stopping at the first.
class Construction final : public sdk::Problems {
  public:
    explicit Construction(sdk::Services &services) : services_(services) {}

    /// What every component is told; `random` is its own stream.
    [[nodiscard]] sdk::Context context(sdk::Random random) { return {services_, *this, random}; }

    /// Builds one component. One that threw, or reported a problem, is null.
    template <class Role>
    Built<Role> build(const Planned<Role> &planned, const typename Role::Context &context, std::string stage = {}) {
        Built<Role> built{planned.name, {plugin_of(planned), planned.pointer, std::move(stage), planned.places}, {}};
        const Origin manifest{built.origin.plugin, {}, built.origin.stage}; // builders throw absolute pointers
        if (!check(manifest, [&] { built.component = planned.builder->build(context); }))
            built.component.reset();
        return built;
    }

    /// Runs `call`, keeping what it throws. False if it threw or reported a problem.
    template <class Call> bool check(const Origin &origin, Call &&call) {
        origin_ = &origin;
        const std::size_t before = problems_.size();
        try {
            guarded(origin, call);
        } catch (const Error &error) {
            add(error);
        }
        return problems_.size() == before;
    }

    /// Runs `call`, with `place` before the pointers of all mistakes in it. False if there were any.
    template <class Call> bool within(const std::string &place, Call &&call) {
        const std::size_t before = problems_.size();
        const std::string outside = std::exchange(place_, place);
        call();
        place_ = outside;
        return problems_.size() == before;
    }

    /// `pointer` is absolute: builders know where their components stand.
    void report(std::string_view pointer, std::string_view message, std::string_view plugin) override;

    /// Errors: all mistakes kept so far.
    void throw_problems() const;

  private:
    void add(const Error &error);

    /// The plugin of the component itself is named first, those of components in it after it.
    template <class Role> static std::string plugin_of(const Planned<Role> &planned) {
        return planned.plugins.empty() ? std::string() : planned.plugins.front();
    }

    sdk::Services &services_;
    const Origin *origin_ = nullptr; ///< of the component under construction
    std::string place_;              ///< before the pointers of mistakes
    std::optional<ErrorCode> code_;  ///< of the first mistake
    std::vector<Problem> problems_;
};

} // namespace retort::framework
