#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What replicas cost and gain on this machine, beside the model of docs/13_replicas.md. Run it on an idle machine; it
# takes some two minutes.
# usage: replicas.sh [BUILD]           default: build/release, which it builds; writes results/replicas.md and .log
#        replicas.sh --smoke BUILD     every part once; writes nothing
# RETORT_PREFIX is put before what is measured: RETORT_PREFIX="chrt -f 1", say.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

smoke=
[[ ${1:-} != --smoke ]] || { smoke=1 && shift; }
build=$(cd "${1:-$root/build/release}" && pwd)
measure=$build/tests/benchmark_replicas
export OMP_WAIT_POLICY=active

# Student 784-800-800-10 from a teacher 784-1200-1200-10 that runs on no batch, discriminator 10-256-256-1.
manifest=$(mktemp)
trap 'rm -f "$manifest"' EXIT
cat >"$manifest" <<'JSON'
{"format": 1, "threads": 1,
 "data": {"images": {"type": "idx", "directory": "DATA", "validation": 0}},
 "models": {"teacher": {"type": "mlp", "hidden": [1200, 1200]}, "student": {"type": "mlp", "hidden": [800, 800]}},
 "stages": [{"name": "distil", "type": "adversarial_distillation", "teacher": "teacher", "student": "student",
   "data": "images", "epochs": 1000, "pairs": {"logits": {}},
   "adversaries": [{"name": "main", "pair": "logits", "discriminator": {"type": "mlp", "hidden": [256, 256]}}]}],
 "observers": []}
JSON
sed -i "s|DATA|$root/examples/3_mnist_distillation/data|" "$manifest"

in_processes() { # COUNT WORD...: without mpirun where it is one
  local count=$1
  shift
  if ((count == 1)); then
    ${RETORT_PREFIX:-} "$measure" "$@"
  else
    ${RETORT_PREFIX:-} mpirun -n "$count" "$measure" "$@"
  fi
}
step() { # COUNT BATCH THREADS: the median, in milliseconds
  in_processes "$1" step "${steps:-150}" "$build/lib/retort/plugins" "$manifest" \
    "/stages/distil/batch=$2" "/threads=$3" | tee /dev/stderr | sed -E 's/^step ([0-9.]+) .*/\1/'
}
sum() { # COUNT BYTES
  in_processes "$1" sum "${steps:-150}" "$2" | tee /dev/stderr | sed -E 's/^sum [0-9]+ ([0-9.]+) .*/\1/'
}
calculate() { awk "BEGIN { printf \"%.$1f\", $2 }"; }

if [[ -n $smoke ]]; then
  steps=3
  [[ -n $(step 1 10 1) && -n $(step 2 10 1) && -n $(sum 2 4000000) ]]
  exit
fi

cmake --build "$build" --target benchmark_replicas
mkdir -p "$here/results"

bytes=$((4 * (1276810 + 68865))) # of the gradients of student and discriminator
table() {
  local small large batch one half two threads
  small=$(sum 2 40)
  large=$(sum 2 "$bytes")
  echo "A sum over two processes takes $small ms for a few numbers, and $large ms for the $((bytes / 1000)) kB of gradients of" \
    "a step: $(calculate 2 "$bytes / ($large - $small) / 1e6") GB/s."
  echo
  echo "| batch | 1 process, 1 thread | 1 process, half the batch | model of 2 processes | 2 processes | measured / model | gain | 1 process, 2 threads |"
  echo "|---|---|---|---|---|---|---|---|"
  for batch in 64 128 256 512 1024; do
    one=$(step 1 $batch 1)
    half=$(step 1 $((batch / 2)) 1)
    two=$(step 2 $batch 1)
    threads=$(step 1 $batch 2)
    model=$(calculate 3 "$half + $large + 3.5 * $small")
    echo "| $batch | $one ms | $half ms | $model ms | $two ms | $(calculate 2 "$two / $model") | $(calculate 2 "$one / $two") | $threads ms |"
  done
}
{
  echo "tests/benchmarks/replicas.sh, $(date -u +%FT%TZ), $(git -C "$root" describe --always --dirty)"
  echo "$(nproc) processors: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1); $(mpirun --version | head -1)"
  echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
  table | tee "$here/results/replicas.md"
  echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
} 2>&1 | tee "$here/results/replicas.log"
