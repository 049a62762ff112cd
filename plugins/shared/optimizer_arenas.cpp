// SPDX-License-Identifier: Apache-2.0
#include <plugins/shared/optimizer_arenas.hpp>

namespace retort::plugin_support {

std::vector<Stretch> stretches(const sdk::Parameters &parameters) {
    std::vector<Stretch> result;
    for (const sdk::Parameter &tensor : parameters.table) {
        if (result.empty() || result.back().decays != tensor.decays)
            result.push_back({result.empty() ? 0 : tensor.offset, 0, tensor.decays});
        result.back().end = tensor.offset + tensor.size;
        if (result.size() > 1)
            result[result.size() - 2].end = result.back().begin; // the gap is zero and stays so
    }
    if (!result.empty())
        result.back().end = parameters.values.size();
    return result;
}

} // namespace retort::plugin_support
