# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it, which set `root`: on what was measured, and whether it was fit to be measured on.

# What a log begins with. Waits first, up to three minutes, for the load that a build left to go.
about() { # SCRIPT
  for _ in {1..18}; do
    is_busy || break
    sleep 10
  done
  commit=$(git -C "$root" describe --always)
  # Of results, the log is being written.
  git -C "$root" diff --quiet HEAD -- . ':!tests/benchmarks/results' || commit+=-dirty
  doubts=
  ! is_busy || doubts+="The load before was $(cut -d' ' -f1 /proc/loadavg); allowed: 1.0. "
  [[ $commit != *-dirty ]] || doubts+="What was built is no commit. "
  echo "tests/benchmarks/$1, $(date -u +%FT%TZ), $commit"
  echo "$(nproc) processors: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
  echo "load before: $(load)"
  warning
}

# What a table begins with where it should not be quoted.
warning() {
  [[ -z $doubts ]] || printf '**Not to be quoted:** %s\n\n' "$doubts"
}

load() {
  cut -d' ' -f1-3 /proc/loadavg
}

is_busy() {
  awk '{ exit !($1 > 1.0) }' /proc/loadavg
}
