#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What replicas cost and gain on this machine, beside the model of docs/13_replicas.md. Run it on an idle machine; it
# takes some four minutes.
# usage: replicas.sh [BUILD]           default: build/release, which it builds; writes results/replicas.md and .log
#        replicas.sh --smoke BUILD     every part once; writes nothing
# RETORT_PREFIX is put before what is measured: RETORT_PREFIX="chrt -f 1", say.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/about.sh"

smoke=
[[ ${1:-} != --smoke ]] || { smoke=1 && shift; }
build=$(cd "${1:-$root/build/release}" && pwd)
measure=$build/tests/benchmark_replicas
export OMP_WAIT_POLICY=active
bytes=$((4 * (1276810 + 68865))) # of the gradients of student and discriminator
batches=(64 128 256 512 1024) rounds=7 steps=30
[[ -z $smoke ]] || batches=(4) rounds=1 steps=3

# Student 784-800-800-10 from a teacher 784-1200-1200-10 that runs on no batch, discriminator 10-256-256-1; no batch is
# short.
manifest=$(mktemp)
trap 'rm -f "$manifest"' EXIT
cat >"$manifest" <<'JSON'
{"format": 1,
 "data": {"images": {"type": "idx", "directory": "DATA", "validation": 0, "train": 3072}},
 "models": {"teacher": {"type": "mlp", "hidden": [1200, 1200]}, "student": {"type": "mlp", "hidden": [800, 800]}},
 "stages": [{"name": "distil", "type": "adversarial_distillation", "teacher": "teacher", "student": "student",
   "data": "images", "epochs": 1000, "telemetry_every": 0, "pairs": {"logits": {}},
   "adversaries": [{"name": "main", "pair": "logits", "discriminator": {"type": "mlp", "hidden": [256, 256]}}]}],
 "observers": []}
JSON
sed -i "s|DATA|$root/examples/3_mnist_distillation/data|" "$manifest"

# In a container, where one is root.
((EUID)) || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
in_processes() { # COUNT WORD...: without mpirun where it is one
  local count=$1
  shift
  if ((count == 1)); then
    ${RETORT_PREFIX:-} "$measure" "$@"
  else
    ${RETORT_PREFIX:-} mpirun -n "$count" "$measure" "$@"
  fi
}
step() { # COUNT THREADS BATCH: the median, in milliseconds
  in_processes "$1" step "$steps" "$build/lib/retort/plugins" "$manifest" "/threads=$2" "/stages/distil/batch=$3" |
    sed -E 's/^step ([0-9.]+) .*/\1/'
}
sum() { # BYTES
  in_processes 2 sum "$steps" "$1" | sed -E 's/^sum [0-9]+ ([0-9.]+) .*/\1/'
}

# What replicas/table.py reads. Everything has its turn in every round, and each C(b) one.
measurements() {
  local round batch
  for ((round = 0; round < rounds; ++round)); do
    measured sum 40
    measured sum "$bytes"
    for batch in 1 $((batches[0] / 2)) "${batches[@]}"; do
      measured step 1 1 "$batch"
    done
    for batch in "${batches[@]}"; do
      measured step 2 1 "$batch"
      measured step 1 2 "$batch"
    done
  done
}
measured() { # WORD...
  local milliseconds
  milliseconds=$("$@")
  echo "$round $* $milliseconds"
}

if [[ -n $smoke ]]; then
  measurements | python3 -B "$here/replicas/table.py"
  exit
fi

cmake --build "$build" --target benchmark_replicas
mkdir -p "$here/results"

table() {
  warning
  measurements | tee /dev/stderr | python3 -B "$here/replicas/table.py"
}
{
  about replicas.sh
  mpirun --version | head -1
  table | tee "$here/results/replicas.md"
  echo "load after: $(load)"
} 2>&1 | tee "$here/results/replicas.log"
