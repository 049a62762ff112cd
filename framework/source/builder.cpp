// SPDX-License-Identifier: Apache-2.0
#include "builder.hpp"

#include "translate.hpp"

#include <utility>

namespace retort::framework {

namespace {

/// Puts the component's place before the pointers that its constructor reports.
class PlacedProblems final : public sdk::Problems {
  public:
    PlacedProblems(sdk::Problems &target, const std::string &place) : target_(root_of(target)), place_(place) {}

    void add(std::string_view pointer, std::string_view message) override {
        target_.add(place_ + std::string(pointer), message);
    }

  private:
    /// A component that is built in another's constructor is handed that one's problems: its own place is absolute
    /// already.
    static sdk::Problems &root_of(sdk::Problems &target) {
        const auto *outer = dynamic_cast<PlacedProblems *>(&target);
        return outer == nullptr ? target : outer->target_;
    }

    sdk::Problems &target_;
    const std::string &place_;
};

struct Making {
    std::shared_ptr<const sdk::AnyFactory> factory;
    std::shared_ptr<const sdk::AnySettings> settings;
    std::string pointer;
    std::string plugin;
};

template <class Role> class SettingsBuilder final : public sdk::Builder<Role> {
  public:
    explicit SettingsBuilder(Making making) : making_(std::move(making)) {}

    [[nodiscard]] std::unique_ptr<Role> build(const typename Role::Context &context) const override {
        PlacedProblems problems(context.problems, making_.pointer);
        typename Role::Context placed = context;
        placed.problems = problems;
        std::unique_ptr<Role> component;
        try {
            component = static_cast<const sdk::Factory<Role> &>(*making_.factory).build(*making_.settings, placed);
        } catch (...) {
            throw translated_exception(making_.pointer, making_.plugin);
        }
        if (component == nullptr)
            throw Error(ErrorCode::plugin, {{making_.pointer, "the plugin made nothing", making_.plugin}});
        return component;
    }

  private:
    Making making_;
};

/// Makes the builder of whichever role is named `role`.
template <class... Roles> std::shared_ptr<const void> make_for(std::string_view role, Making making) {
    std::shared_ptr<const void> result;
    const auto make = [&]<class Role>(std::type_identity<Role>) {
        if (role == Role::role)
            result = std::shared_ptr<const sdk::Builder<Role>>(std::make_shared<SettingsBuilder<Role>>(making));
    };
    (make(std::type_identity<Roles>{}), ...);
    return result;
}

} // namespace

std::shared_ptr<const void> make_builder(const Entry &entry, std::shared_ptr<const sdk::AnySettings> settings,
                                         std::string pointer) {
    return make_for<sdk::Dataset, sdk::Model, sdk::Head, sdk::Discriminator, sdk::Objective, sdk::Loss, sdk::Optimizer,
                    sdk::Trainer, sdk::Observer>(
        entry.role, {entry.factory, std::move(settings), std::move(pointer), entry.plugin});
}

} // namespace retort::framework
