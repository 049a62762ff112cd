#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds the release preset and runs the tests. Further arguments go to ctest.
# With CI set, warnings are errors and the formatting is checked too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

options=(-DRETORT_TESTS=ON -DRETORT_WERROR=OFF)
if [[ -n "${CI:-}" ]]; then
  ./bootstrap.sh checks
  options=(-DRETORT_TESTS=ON -DRETORT_WERROR=ON)
  find framework host plugins sdk tests examples -name '*.[ch]pp' -print0 | xargs -0 clang-format --dry-run --Werror
else
  ./bootstrap.sh
fi

cmake --preset release "${options[@]}"
cmake --build --preset release
ctest --preset release "$@"
if [[ -n "${CI:-}" ]]; then
  ctest --test-dir build/release --label-regex headers --output-on-failure
fi
