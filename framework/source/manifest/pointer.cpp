// SPDX-License-Identifier: Apache-2.0
#include "pointer.hpp"

#include <stdexcept>

namespace retort::framework {

std::string pointer_to(const std::string &pointer, std::string_view token) {
    std::string result = pointer + "/";
    for (const char character : token) {
        if (character == '~')
            result += "~0";
        else if (character == '/')
            result += "~1";
        else
            result += character;
    }
    return result;
}

std::vector<std::string> pointer_tokens(std::string_view pointer) {
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/') {
            tokens.emplace_back();
        } else if (pointer[i] != '~') {
            tokens.back() += pointer[i];
        } else {
            const char escaped = i + 1 < pointer.size() ? pointer[i + 1] : ' ';
            if (escaped != '0' && escaped != '1')
                throw std::invalid_argument(R"("~" stands for itself only as "~0", and "~1" for "/")");
            tokens.back() += escaped == '0' ? '~' : '/';
            ++i;
        }
    }
    return tokens;
}

} // namespace retort::framework
