// SPDX-License-Identifier: Apache-2.0
#include "builder.hpp"

#include "../support/translate.hpp"
#include "placed_problems.hpp"

#include <type_traits>
#include <utility>

namespace retort::framework {

namespace {

struct Making {
    std::shared_ptr<const sdk::AnyFactory> factory;
    std::shared_ptr<const sdk::AnySettings> settings;
    std::string place;
    std::string plugin;
};

template <class Role> class SettingsBuilder final : public sdk::Builder<Role> {
  public:
    explicit SettingsBuilder(Making making) : making_(std::move(making)) {}

    [[nodiscard]] std::unique_ptr<Role> build(const typename Role::Context &context) const override {
        PlacedProblems problems(context.problems, making_.place, making_.plugin);
        typename Role::Context placed = context;
        placed.problems = problems;
        std::unique_ptr<Role> component;
        try {
            component = static_cast<const sdk::Factory<Role> &>(*making_.factory).build(*making_.settings, placed);
        } catch (...) {
            throw placed_exception(making_.place, making_.plugin);
        }
        if (component == nullptr)
            throw sdk::Error(sdk::ErrorKind::plugin, "the plugin made nothing", making_.place, making_.plugin.c_str());
        return component;
    }

  private:
    Making making_;
};

/// Makes the builder of whichever role is named `role`.
template <class... Roles> std::shared_ptr<const void> make_for(std::string_view role, const Making &making) {
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
                                         std::string place) {
    return make_for<sdk::Dataset, sdk::Model, sdk::Head, sdk::Discriminator, sdk::Objective, sdk::Loss, sdk::Optimizer,
                    sdk::Trainer, sdk::Observer>(entry.role,
                                                 {entry.factory, std::move(settings), std::move(place), entry.plugin});
}

} // namespace retort::framework
