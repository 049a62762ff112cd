// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/version.hpp>

namespace retort::framework {

std::string_view version() {
    return RETORT_VERSION;
}

} // namespace retort::framework
