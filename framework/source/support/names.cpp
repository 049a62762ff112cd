// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

namespace retort::framework {

std::string unknown_choice(std::string_view name, const std::vector<std::string> &allowed) {
    const std::string near = nearest(name, allowed);
    const std::string meant = near.empty() ? "." : "; did you mean " + sdk::in_quotes(near) + "?";
    return sdk::in_quotes(name) + " is none of the values" + meant + " Allowed: " + joined(allowed);
}

std::string name_mistake(std::string_view name) {
    if (sdk::is_part_name(name))
        return {};
    std::string text = "\"";
    return text.append(name).append("\" cannot be a name; allowed: letters, digits, _ and -, but not digits alone");
}

} // namespace retort::framework
