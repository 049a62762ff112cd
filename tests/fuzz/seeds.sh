#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the first inputs of every target: sound ones, and ones with one mistake.   usage: seeds.sh FOLDER
# Needs g++, strip, gzip, and the command of build/release for the checkpoint.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if (($# != 1)); then
  echo "usage: tests/fuzz/seeds.sh FOLDER" >&2
  exit 2
fi
mkdir -p "$1"/{manifest,set,idx,record,examples,safetensors,checkpoint,stamp}
seeds=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# --- manifest: those of the examples, and of tests/framework/fake_registry.hpp
cp examples/*/*.json "$seeds/manifest"
sed -n '/^inline constexpr std::string_view good_manifest/,/^})"/p' tests/framework/manifests.hpp |
  sed -e '1s/.*R"(//' -e '$s/)";$//' >"$seeds/manifest/fakes.json"
cat >"$seeds/manifest/every_setting.json" <<'JSON'
{"format": 1, "seed": 9007199254740992, "threads": 2, "directory": "a/b", "checkpoints": {"every_steps": 5, "keep": 1},
 "data": {"one": {"type": "table", "directory": "d", "validation": 1}, "two": {"type": "table@fakes", "directory": ""}},
 "models": {"a": {"type": "network", "hidden": [], "dropout": 1e-320, "activation": "tanh", "bias": false},
            "b": {"type": "other", "depth": 2, "initialise_as": "a", "weights": "w.safetensors"}},
 "stages": [{"name": "x", "type": "distil", "teacher": "a", "student": "b", "data": "one", "unlabelled": "two",
   "pairs": {"p": {"tap": "\u00e9\ud83d\ude00", "teacher_head": {"type": "random_projection", "width": 3}, "condition": null}},
   "adversaries": [{"name": "m", "discriminator": {"type": "paired", "dropout": -0.0}, "objective": {"type": "game"}}],
   "losses": [], "averaging": {"type": "moments", "learning_rate": {"schedule": "cosine", "value": 0.1, "final": 0}}}],
 "observers": [{"type": "rows", "columns": {"loss": "L"}}]}
JSON
printf '{"format": 1,\n  "data": {"a": {"type": "tabel"}, "a": 1},\n "seed": 1e400}' >"$seeds/manifest/mistakes.json"
cat >"$seeds/manifest/pins.json" <<'JSON'
{"format": 1, "plugins": {"fakes": {"sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
  "fake": {"sha256": "12"}, "none": {}}, "data": {"a": {"type": "table", "directory": "d"}}}
JSON
printf '[1, -0.0, 1e20, 18446744073709551615, "\\u0000", {"a": [[[]]]}, true, null]' >"$seeds/manifest/values.json"

# --- set
printf '%s\n' /seed=8 /models/teacher/hidden=[3,4] /models/teacher/hidden/1=5 /stages/learn/epochs=3 >"$seeds/set/values"
printf '%s\n' /stages/distil/adversaries/main/lambda=0.2 /stages/learn/optimizer/learning_rate/value=0.5 \
  '/a~1b~0c=1' >"$seeds/set/begun"
printf '%s\n' /stages/distil/adversaries/main/discriminator/type=paired /stages/distil/averaging/type=moments \
  /stages/distil/averaging=null /stages/distil/losses/0/type=entropy >"$seeds/set/types"
printf '%s\n' seed=7 '/data={"a": 1, "a": 2}' /stages/9/epochs=1 /seed/a=1 >"$seeds/set/mistakes"
printf '%s\n' '/models/third={"type": "other"}' /models/thirt/dropout=0.5 '/a~2=7' =7 >"$seeds/set/names"

# --- idx
images='\x00\x00\x08\x03\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00\x03\x00\x01\x02\x03\x04\x05\xfa\xfb\xfc\xfd\xfe\xff'
printf "$images" >"$seeds/idx/images"
printf "$images" | gzip -n >"$seeds/idx/images.gz"
printf '\x00\x00\x08\x01\x00\x00\x00\x03\x07\x02\x01' >"$seeds/idx/labels"
gzip -n <"$seeds/idx/labels" >"$seeds/idx/labels.gz"
printf '\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' >"$seeds/idx/overflow"
printf '\x00\x00\x08\x03\x40\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x02' | gzip -n >"$seeds/idx/wraps.gz"
head -c 1000000 /dev/zero | cat <(printf '\x00\x00\x08\x01\x00\x0f\x42\x40') - | gzip -n9 >"$seeds/idx/zeros.gz"
cat "$seeds"/idx/labels.gz "$seeds"/idx/labels.gz >"$seeds/idx/two.gz"

# --- examples
npy() { # <file> <version> <dictionary> <elements>
  local length="\\x$(printf %02x ${#3})\\0"
  [[ $2 == 1 ]] || length+='\0\0'
  printf "\x93NUMPY\x0$2\0$length%s$4" "$3" >"$seeds/examples/$1"
}
npy floats 1 "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }" '\0\0\x80\x3f\0\0\x80\xbf\0\0\0\0\1\0\0\0'
npy floats_2 2 "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2), }" '\0\0\x80\x3f\0\0\x80\xbf'
npy bytes_3 3 "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 1), }" '\1\2\xfe\xff'
npy none 1 "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 2), }" ''
npy nan 1 "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }" '\0\0\xc0\x7f\0\0\0\0'
npy double 1 "{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2), }" '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
npy records 1 "{'descr': [('a', '<i4'), ('b', '<f4', (2,))], 'fortran_order': False, 'shape': (1,), }" '\0\0\0\0'
npy wide 1 "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 4611686018427387904), }" '\1\2'
npy predictions 1 "{'descr': [('label', '<i4'), ('entropy', '<f4'), ('probabilities', '<f4', (2,))], 'fortran_order': False, 'shape': (1,), }" \
  '\1\0\0\0\0\0\0\0\0\0\0\0\0\0\x80\x3f'
gzip -n <"$seeds/examples/floats" >"$seeds/examples/floats.gz"
printf '\x00\x00\x08\x02\x00\x00\x00\x02\x00\x00\x00\x02\x00\x01\xfe\xff' >"$seeds/examples/idx"
printf '\x00\x00\x08\x03\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x01\x07\x08' >"$seeds/examples/images"
gzip -n <"$seeds/examples/images" >"$seeds/examples/images.gz"
head -c 100 /dev/zero | cat <(printf '\x00\x00\x08\x02\x00\x00\x00\x33\x00\x00\x00\x02') - | gzip -n >"$seeds/examples/cut.gz"

# --- record
cp "$seeds"/examples/{floats,floats_2,none,double,records,wide,predictions} "$seeds/record"

# --- safetensors
weights() { # <file> <header> <number of values>
  printf "\\x$(printf %02x ${#2})\\0\\0\\0\\0\\0\\0\\0%s" "$2" >"$seeds/safetensors/$1"
  local i
  for ((i = 0; i < $3; ++i)); do
    printf '\0\0\x80\x3f' >>"$seeds/safetensors/$1"
  done
}
weights model '{"layers.0.weight":{"dtype":"F32","shape":[5,1],"data_offsets":[0,20]},"layers.0.bias":{"dtype":"F32","shape":[2],"data_offsets":[20,28]}}' 7
weights other '{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}' 5
weights half '{"a":{"dtype":"F16","shape":[2,1,1],"data_offsets":[0,4]}}' 1
weights overlap '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}' 3
weights nothing '{}' 0

# --- checkpoint: of a run that a signal ended, without its digest; and the record of one that ended well
mkdir -p "$scratch/data"
for split in train t10k; do
  printf '\x00\x00\x08\x03\x00\x00\x00\x04\x00\x00\x00\x01\x00\x00\x00\x02\x00\x01\x02\x03\x04\x05\xfa\xfb' \
    >"$scratch/data/$split-images-idx3-ubyte"
  printf '\x00\x00\x08\x01\x00\x00\x00\x04\x00\x01\x00\x01' >"$scratch/data/$split-labels-idx1-ubyte"
done
cat >"$scratch/tiny.json" <<'JSON'
{"format": 1, "threads": 1, "data": {"tiny": {"type": "idx", "directory": "data", "classes": 2, "validation": 1}},
 "models": {"net": {"type": "mlp", "hidden": [1]}},
 "stages": [{"name": "learn", "type": "supervised", "model": "net", "data": "tiny", "epochs": 2}]}
JSON
retort=build/release/bin/retort
"$retort" run "$scratch/tiny.json" --output "$scratch/run" >/dev/null
cp "$scratch/run/checkpoints/learn.json" "$seeds/checkpoint/record.json"
"$retort" run "$scratch/tiny.json" --output "$scratch/long" --set /stages/learn/epochs=1000000 >/dev/null 2>&1 &
until compgen -G "$scratch/long/checkpoints/*.checkpoint" >/dev/null; do sleep 0.05; done
kill -INT $!
wait $! || true
checkpoint=$(ls "$scratch"/long/checkpoints/*.checkpoint | tail -1)
head -c -32 "$checkpoint" >"$seeds/checkpoint/run"
state() { # <file> <header> <bytes>
  printf "RETORT01\\x$(printf %02x ${#2})\\0\\0\\0\\0\\0\\0\\0%s$3" "$2" >"$seeds/checkpoint/$1"
}
state arrays '{"step": 1, "key": {"seed": 1}, "files": ["a.csv"], "arrays": [{"name": "a", "type": "f32", "count": 1}, {"name": "b/c", "type": "u64", "count": 1}, {"name": "d", "type": "f64", "count": 0}]}' '\x01\x02\x03\x04\0\0\0\0\0\0\0\x07'
state nothing '{"arrays": []}' ''
printf '{"stage": {"name": "learn", "type": "supervised", "model": "net", "steps": 2, "steps_per_epoch": 1, "selected_epoch": 0, "seconds": 0.5, "metrics": {"loss": 0.1}}, "weights": {}, "files": ["a"], "key": {"seed": 1}}' \
  >"$seeds/checkpoint/no_weights.json"

# --- stamp: libraries of a few symbols and no code
library() { # <file> <symbol>...
  {
    echo '.data'
    for symbol in "${@:2}"; do
      printf '.globl %s\n.type %s,@object\n.size %s,8\n%s: .quad 0\n' "$symbol" "$symbol" "$symbol" "$symbol"
    done
    echo '.section .note.GNU-stack,"",@progbits'
  } >"$scratch/library.s"
  g++ -shared -nostdlib -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,max-page-size=64 -Wl,-z,norelro \
    -Wl,--hash-style=gnu -o "$seeds/stamp/$1" "$scratch/library.s"
}
own=retort_stamp__of_this_build$(printf '_%.0s' {1..500})
library good "$own" retort_plugin_good
strip -s -o "$seeds/stamp/stripped" "$seeds/stamp/good"
library other_contract retort_stamp__contract_0__roles_1_1__isa_9__hash_0 retort_plugin_other
library no_stamp retort_plugin_good
library no_entry "$own"
library two_entries "$own" retort_plugin_a retort_plugin_b
library two_stamps retort_stamp__contract_1 retort_stamp__contract_2 retort_plugin_two
strip -s "$seeds"/stamp/{other_contract,no_stamp,no_entry,two_entries,two_stamps}
g++ -c -o "$seeds/stamp/object" "$scratch/library.s"
head -c 200 "$seeds/stamp/stripped" >"$seeds/stamp/truncated"
printf '\xb7' | dd of="$seeds/stamp/truncated" bs=1 seek=18 conv=notrunc status=none # another machine's
printf '\x7fELF' >"$seeds/stamp/magic"
