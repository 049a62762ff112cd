// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/conformance/component_check.hpp>
#include <retort/sdk/conformance/roles/dataset.hpp>
#include <retort/sdk/conformance/roles/discriminator.hpp>
#include <retort/sdk/conformance/roles/head.hpp>
#include <retort/sdk/conformance/roles/loss.hpp>
#include <retort/sdk/conformance/roles/model.hpp>
#include <retort/sdk/conformance/roles/objective.hpp>
#include <retort/sdk/conformance/roles/observer.hpp>
#include <retort/sdk/conformance/roles/optimizer.hpp>
#include <retort/sdk/conformance/roles/trainer.hpp>
#include <retort/sdk/conformance/stand_ins/training.hpp>
#include <retort/sdk/plugin.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// The conformance kit: checks that a component keeps what the contract promises for its role, with its default
// settings, at the edges of their ranges and with random ones. `retort check` runs it on a library; a test of one's own
// links the plugin's object library and calls
//
//     for (const auto &finding : retort::sdk::conformance::check_plugin(retort_plugin_mine))
//         BOOST_TEST((finding.outcome != Outcome::failed), finding.check << ": " << finding.reason);
//
// It wants nothing but the standard library. Not part of <retort/sdk/sdk.hpp>.
namespace retort::sdk::conformance {

/// What is to be said of a component that could not be checked: all checks skipped for `reason`.
[[nodiscard]] inline std::vector<Finding> not_checked(const std::string &component, const std::string &reason) {
    std::vector<Finding> findings;
    for (const std::string_view name : {"settings_ranges", "construction"})
        findings.push_back({component, std::string(name), Outcome::skipped, reason, {}, 0, 0.0});
    for (const Check &check : checks)
        findings.push_back({component, std::string(check.name), Outcome::skipped, reason, {}, 0, 0.0});
    findings.push_back({component, "no_output", Outcome::skipped, reason, {}, 0, 0.0});
    return findings;
}

/// All checks on what `factory`, of role `role`, makes; what does not apply is among the findings as skipped.
[[nodiscard]] inline std::vector<Finding> check_component(const AnyFactory &factory, std::string_view role,
                                                          std::string_view name, const Options &options = {}) {
    std::vector<Finding> findings;
    const auto check = [&]<class Role>(std::type_identity<Role>) {
        if (role == Role::role)
            findings = ComponentCheck(std::string(role) + "/" + std::string(name), factory,
                                      situations(static_cast<const Factory<Role> &>(factory)), options, bind_stand_in)
                           .findings();
    };
    check(std::type_identity<Dataset>{});
    check(std::type_identity<Discriminator>{});
    check(std::type_identity<Head>{});
    check(std::type_identity<Loss>{});
    check(std::type_identity<Model>{});
    check(std::type_identity<Objective>{});
    check(std::type_identity<Observer>{});
    check(std::type_identity<Optimizer>{});
    check(std::type_identity<Trainer>{});
    return findings;
}

/// Collects what a plugin registers.
class Offers final : public Registrar {
  public:
    struct Offer {
        std::string role;
        std::string name;
        std::unique_ptr<AnyFactory> factory;
    };

    explicit Offers(const Plugin &plugin) { plugin.register_components(*this); }

    std::vector<Offer> all;

  private:
    void add_factory(std::string_view role, std::string_view name, std::string_view,
                     std::unique_ptr<AnyFactory> factory) override {
        all.push_back({std::string(role), std::string(name), std::move(factory)});
    }
};

/// All checks on everything that a plugin offers.
[[nodiscard]] inline std::vector<Finding> check_plugin(const Plugin &plugin, const Options &options = {}) {
    std::vector<Finding> findings;
    const Offers offers(plugin);
    for (const Offers::Offer &offer : offers.all)
        for (Finding &finding : check_component(*offer.factory, offer.role, offer.name, options))
            findings.push_back(std::move(finding));
    return findings;
}

} // namespace retort::sdk::conformance
