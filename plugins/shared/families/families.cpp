// SPDX-License-Identifier: Apache-2.0
#include <plugins/shared/families/categorical.hpp>
#include <plugins/shared/families/diagonal_gaussian.hpp>
#include <plugins/shared/families/dirichlet.hpp>
#include <plugins/shared/families/families.hpp>
#include <plugins/shared/families/laplace.hpp>
#include <plugins/shared/families/logistic_normal.hpp>

namespace retort::plugin_support {

namespace {

template <class Made> std::unique_ptr<Family> make_if(std::string_view name) {
    auto family = std::make_unique<Made>();
    return family->name() == name ? std::unique_ptr<Family>(std::move(family)) : nullptr;
}

} // namespace

std::unique_ptr<Family> make_family(std::string_view name) {
    for (const auto make : {make_if<DiagonalGaussian>, make_if<Laplace>, make_if<Categorical>, make_if<Dirichlet>,
                            make_if<LogisticNormal>})
        if (auto family = make(name))
            return family;
    return nullptr;
}

} // namespace retort::plugin_support
