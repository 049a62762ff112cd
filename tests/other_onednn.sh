#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds all of Retort in build/other_onednn against another oneDNN than the system's, warnings as errors, and runs its
# tests; that takes some half an hour. What came of it is written into other_onednn.log beside this script.
# usage: RETORT_ONEDNN=PREFIX other_onednn.sh [CTEST_OPTION...]     PREFIX: where that oneDNN is installed
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
prefix=$(cd "${RETORT_ONEDNN:?it names no installation of oneDNN}" && pwd)
build=$root/build/other_onednn
rm -f "$here/other_onednn.log"

# Tests install Retort, and start programs that load plugins from there: those must still know where their oneDNN is.
cmake -U dnnl_DIR -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRETORT_TESTS=ON -DRETORT_LONG_TESTS=ON \
  -DRETORT_WERROR=ON -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_INSTALL_RPATH_USE_LINK_PATH=ON
found=$(sed -n 's/^dnnl_DIR:PATH=//p' "$build/CMakeCache.txt")
if [[ $found != "$prefix"/* ]]; then
  echo "CMake found the oneDNN in $found; allowed: one below $prefix" >&2
  exit 1
fi
cmake --build "$build"

# One after the other: those of several processes have limits of time.
status=0
ctest --test-dir "$build" --label-exclude slow --output-on-failure "$@" 2>&1 | tee "$build/ctest.log" || status=$?

version() { # as the library itself says it
  DNNL_VERBOSE=1 "$build/tests/contestant_roofline" --steps 1 | sed -n 's/.*info,oneDNN \(v[0-9.]*\).*/\1/p'
}
commit=$(git -C "$root" describe --always)
git -C "$root" diff --quiet HEAD -- . ':!tests/other_onednn.log' ':!tests/benchmarks/results' || commit+=-dirty
{
  echo "tests/other_onednn.sh${*:+ $*}, $(date -u +%FT%TZ), $commit"
  echo "oneDNN $(version), $(c++ --version | head -1), $(cmake --version | head -1)"
  echo "built without warnings"
  grep 'tests passed' "$build/ctest.log"
  sed -n '/^The following tests FAILED/,/^Errors while/p' "$build/ctest.log"
} | tee "$here/other_onednn.log"
exit "$status"
