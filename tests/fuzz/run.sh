#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the readers, side by side on the processors that there are, for so many seconds in all. What a run finds worth
# keeping stays in build/sanitize/fuzz, where the next one goes on from. A crash: exit code 1, and how to see it again.
# usage: run.sh [SECONDS] [TARGET]...   default: 180 seconds, all targets; build them first: tests/checks.sh fuzz does
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${1:-180}
shift || true
targets=("$@")
if ((${#targets[@]} == 0)); then
  targets=(manifest set idx record examples safetensors checkpoint stamp)
fi
processors=$(nproc)
rounds=$(((${#targets[@]} + processors - 1) / processors))
each=$((seconds / rounds))
if ((each < 1)); then
  echo "$seconds seconds are too few for ${#targets[@]} targets on $processors processors; allowed: at least $rounds" >&2
  exit 2
fi

fuzz() { # <target> <seconds>
  local status=0
  mkdir -p "$work/corpus/$1"
  "build/sanitize/tests/fuzz_$1" -max_total_time="$2" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256 \
    -dict="tests/fuzz/dictionaries/$1.dict" -artifact_prefix="$work/$1-" -print_final_stats=1 \
    "$work/corpus/$1" "tests/fuzz/corpus/$1" >"$work/$1.log" 2>&1 || status=$?
  if ((status == 0)); then
    local line runs
    line=$(grep -E '^#[0-9]+.*cov: ' "$work/$1.log" | tail -1)
    runs=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$work/$1.log")
    printf '%-12s no crash in %s s, %s inputs a second, %s\n' "$1" "$2" "$runs" "$(grep -oE 'cov: [0-9]+ ft: [0-9]+' <<<"$line")"
    return
  fi
  {
    tail -60 "$work/$1.log"
    echo
    echo "fuzz_$1 FAILED (exit code $status); all that it said: $work/$1.log"
    sed -n 's/.*Test unit written to //p' "$work/$1.log" | while read -r input; do
      echo "the input: $input; to see it again: build/sanitize/tests/fuzz_$1 $input"
    done
    echo "mend the reader and keep the input as tests/fuzz/corpus/$1/<what it shows>: see tests/fuzz/README.md"
  } >&2
  return 1
}

work=build/sanitize/fuzz
mkdir -p "$work"
rm -f "$work"/*-{crash,timeout,oom,leak}-*
fast=$(mktemp -d -p "$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$fast"' EXIT
export TMPDIR=$fast work
export ASAN_OPTIONS=${ASAN_OPTIONS:-intercept_tls_get_addr=0}
export -f fuzz
printf '%s\0' "${targets[@]}" | xargs -0 -I{} --max-procs "$processors" bash -euo pipefail -c "fuzz {} $each" ||
  exit 1
