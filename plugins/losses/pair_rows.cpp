// SPDX-License-Identifier: Apache-2.0
#include "pair_rows.hpp"

#include <retort/sdk/names.hpp>

#include <plugins/shared/families/families.hpp>
#include <string>

namespace retort::losses {

std::unique_ptr<plugin_support::Family> shared_family(const sdk::LossContext &context, std::string_view what,
                                                      std::string_view also) {
    if (context.student_family.empty())
        return nullptr;
    auto family = plugin_support::make_family(context.student_family);
    if (family && context.teacher_family == context.student_family)
        return family;
    throw sdk::Error(sdk::ErrorKind::settings,
                     "there is no closed form of " + std::string(what) + " from " +
                         sdk::in_quotes(context.teacher_family) + " to " + sdk::in_quotes(context.student_family) +
                         "; allowed: two heads of one family, \"diagonal_gaussian\", \"laplace\", \"categorical\", "
                         "\"dirichlet\" or \"logistic_normal\"" +
                         std::string(also));
}

} // namespace retort::losses
