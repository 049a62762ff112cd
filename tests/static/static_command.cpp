// SPDX-License-Identifier: Apache-2.0
#include "shipped_plugins.hpp"

#include <host/main_of.hpp>

int main(int count, char **values) {
    return retort::host::main_of(count, values, shipped_plugins());
}
