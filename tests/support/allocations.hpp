// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace retort::test {

/// How often operator new and calloc were called so far from the code linked into this test executable; calls from
/// within shared libraries (oneDNN's own, and those of the standard library on behalf of this code) do not count. For
/// tests that link retort_test_allocations.
[[nodiscard]] std::size_t allocations();

} // namespace retort::test
