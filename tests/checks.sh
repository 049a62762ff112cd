#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is checked beside the tests of the release build.   usage: checks.sh [format|sanitize|tidy|fuzz]...   default: all
#   format     clang-format has nothing to change
#   sanitize   built by clang with warnings as errors, the tests pass under AddressSanitizer and
#              UndefinedBehaviorSanitizer (without the long ones; with SANITIZE_ALL set, with most of them)
#   tidy       clang-tidy has nothing to say of framework, host, plugins, and the headers that they include
#   fuzz       three minutes of tests/fuzz/run.sh find no crash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./bootstrap.sh checks

format() {
  find framework host plugins sdk tests examples -name '*.[ch]pp' -print0 | xargs -0 clang-format --dry-run --Werror
}

sanitize() {
  cmake --preset sanitize -DRETORT_WERROR=ON -DRETORT_LONG_TESTS="${SANITIZE_ALL:+ON}"
  cmake --build --preset sanitize
  ctest --preset sanitize # whose ASAN_OPTIONS keep clang 14's leak check from crashing where libraries were opened
}

fuzz() {
  cmake --preset sanitize -DRETORT_WERROR=ON >/dev/null
  cmake --build --preset sanitize --target fuzz_targets
  tests/fuzz/run.sh 180
}

# Of the sanitizers' build, which is clang's and a unity build: most of clang-tidy's time goes into the headers, which it
# reads once for many sources so.
tidy() {
  cmake --preset sanitize >/dev/null
  cmake --build --preset sanitize --target host/scaffold_templates.cpp >/dev/null
  find build/sanitize/{framework,host,plugins} -name 'unity_*.cxx' -print0 |
    xargs -0 --max-procs "$(nproc)" --max-args 1 clang-tidy -p build/sanitize --quiet --warnings-as-errors='*'
}

(($#)) || set -- format sanitize tidy fuzz
for check in "$@"; do
  case $check in
    format | sanitize | tidy | fuzz) "$check" ;;
    *) echo "usage: tests/checks.sh [format|sanitize|tidy|fuzz]...; there is no check \"$check\"" >&2 && exit 2 ;;
  esac
done
