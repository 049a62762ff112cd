#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds the release preset and runs the tests. Further arguments go to ctest.
# With CI set, warnings are errors, many sources are compiled as one, every public header is compiled alone, and
# tests/checks.sh follows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./bootstrap.sh fashion # models are told from it
options=(-DRETORT_TESTS=ON -DRETORT_WERROR=OFF -DCMAKE_UNITY_BUILD=OFF)
if [[ -n "${CI:-}" ]]; then
  tests/checks.sh format
  options=(-DRETORT_TESTS=ON -DRETORT_WERROR=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12)
fi

cmake --preset release "${options[@]}"
cmake --build --preset release
ctest --preset release "$@"
if [[ -n "${CI:-}" ]]; then
  ctest --test-dir build/release --label-regex headers --output-on-failure --parallel 2
  left=$((1680 - SECONDS)) # of CI's 30 minutes
  status=0
  timeout --kill-after=10 "$((left > 1 ? left : 1))" tests/checks.sh sanitize tidy fuzz || status=$?
  if ((status == 124 || status == 137)); then
    echo "NOT CHECKED: there was no time left for all of \`tests/checks.sh sanitize tidy fuzz\`; run it by itself." >&2
  elif ((status != 0)); then
    exit "$status"
  fi
fi
