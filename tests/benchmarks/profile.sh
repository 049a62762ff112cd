#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Where the time of the MNIST distillation goes, by `retort run --profile`, in float32 and in bfloat16, and what it
# costs to measure that. Run it on an idle machine; it takes some three minutes.
# usage: profile.sh [BUILD]           default: build/release, which it builds; writes results/profile.md and .log, and
#                                     profile_bf16.md where the processor multiplies bfloat16
#        profile.sh --smoke BUILD     every part once, on the small data of the example; writes nothing
# RETORT_MNIST names a folder that holds, or shall hold, the four files of MNIST; by default ~/.cache/retort/mnist.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/about.sh"
example=$root/examples/3_mnist_distillation

smoke=
[[ ${1:-} != --smoke ]] || { smoke=1 && shift; }
build=${1:-$root/build/release}
build=$(cd "$build" && pwd)
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

profile() { # MANIFEST DATA EPOCHS PRECISION
  "$build/bin/retort" run "$1" --set "/data/mnist/directory=\"$2\"" --set "/stages/teach/epochs=$3" \
    --set "/stages/labels_alone/epochs=$3" --set "/stages/distil/epochs=$3" --set "/precision=$4" \
    --output "$output/$4" --profile | sed -n '/^phase/,/^$/p' | sed '$d'
}
has_bf16() { # else the command warns, and runs in float32
  [[ $("$build/bin/retort" validate "$example/quick.json" --set /precision=bf16 2>&1) != *"float32 is used instead"* ]]
}
cost() { # ROUNDS STEPS MANIFEST DATA
  "$build/tests/benchmark_boundary" profile "$1" "$2" "$3" "$4" distil
}

if [[ -n $smoke ]]; then
  profile "$example/quick.json" "$example/data" 1 f32
  if has_bf16; then profile "$example/quick.json" "$example/data" 1 bf16; fi
  cost 2 3 "$example/quick.json" "$example/data"
  exit
fi

cmake --build "$build" --target retort benchmark_boundary >/dev/null
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
"$example/fetch_mnist.sh" "$mnist"
mkdir -p "$here/results"

table() { # PRECISION
  warning
  echo '```text'
  profile "$example/distil.json" "$mnist" 3 "$1"
  echo '```'
}
tables() {
  table f32
  echo
  echo "| what | median (quartiles) |"
  echo "|---|---|"
  cost 10 150 "$example/distil.json" "$mnist"
  cost 10 150 "$example/quick.json" "$example/data"
}
{
  about profile.sh
  tables | tee "$here/results/profile.md"
  if has_bf16; then table bf16 | tee "$here/results/profile_bf16.md"; fi
  echo "load after: $(load)"
} | tee "$here/results/profile.log"
