// SPDX-License-Identifier: Apache-2.0
#include "main_of.hpp"

int main(int count, char **values) {
    return retort::host::main_of(count, values);
}
