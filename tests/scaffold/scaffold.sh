#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs a build, and does with what `retort new` writes what an author would: builds it, warnings as errors, runs its
# test, checks the plugin, and validates and runs its manifest.
# usage: scaffold.sh BUILD WORK COMPILER [ROLE...|all]
# Without a role one is taken that depends on the day of the year, or RETORT_SCAFFOLD_ROLE. WORK is emptied.
#
# An author has a checked plugin that ran within a minute of an idle machine. A busy machine takes longer and is no
# fault: what is limited is the processors' time, which on an idle machine is no less than what the clock shows.
set -euo pipefail
limit=60 # seconds
roles=(dataset model head discriminator objective loss optimizer trainer observer)
build=$1 work=$2 compiler=$3
shift 3
if [[ ${1:-} == all ]]; then
  set -- "${roles[@]}"
elif (($# == 0)); then
  set -- "${RETORT_SCAFFOLD_ROLE:-${roles[10#$(date +%j) % ${#roles[@]}]}}"
fi

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/installed" >"$work/install.log"
export PATH="$work/installed/bin:$PATH" # where CMake, too, looks for an installed Retort
unset CMAKE_PREFIX_PATH RETORT_PLUGIN_PATH
cd "$work"

# Seconds of processors' time that children of this shell took, times 100.
processors_time() {
  awk '{ split($0, after, ") "); split(after[2], field, " "); print field[14] + field[15] }' "/proc/$$/stat"
}

step() { # WORDS...: quiet unless it fails
  "$@" >"$work/log" 2>&1 || { cat "$work/log" && echo "$*: failed" && return 1; }
}

# What README.md says, in its folder.
author() { # NAME
  step cmake -S . -B build -D CMAKE_CXX_COMPILER="$compiler" -D CMAKE_CXX_FLAGS=-Werror
  step cmake --build build
  step ctest --test-dir build --output-on-failure --no-tests=error
  step retort check "build/$1.so"
  step retort validate "$1.json" --plugin-path build
  step retort run "$1.json" --plugin-path build --output run
  grep -q "\"name\": \"$1\"" run/result.json || { echo "$1 had no part in its run" && return 1; }
}

# The name is that of the role: what is hardest to tell from the SDK's own names.
try() { # ROLE
  local before after clock=$SECONDS
  before=$(processors_time)
  step retort new "$1" "$1"
  (cd "$1" && author "$1")
  after=$(processors_time)
  local seconds=$(((after - before) / 100))
  echo "$1: $((SECONDS - clock)) s, processors $seconds s"
  ((seconds <= limit)) || { echo "$1: $seconds s of the processors' time; allowed: $limit" && return 1; }
}

echo "compiler $compiler, roles $*"
for role in "$@"; do
  try "$role"
done
