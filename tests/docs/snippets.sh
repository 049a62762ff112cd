#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs or checks every fenced block of Markdown files and names file:line of each that is wrong. By its language a block is
#   sh       run by bash, those of one file in order and in one folder;
#   console  commands after "$ ", run likewise, and what each prints, compared;
#   json     a manifest of that folder, validated, if it has "format"; else it must be JSON;
#   cpp      a program, built against the installed framework and run, if it has main; else it must compile in a plugin;
#   text     left alone.
# A comment on a line of its own above the block overrides that:
#   <!-- not run: WHY -->         only listed
#   <!-- excerpt of: FILE -->     its lines must stand in FILE, one after the other, at any indentation
# Every file finds a copy of what stands at the root of the repository, build/release (the build given), `retort` on
# PATH, and a /tmp of its own. Its copies of the examples train one epoch a stage.
# usage: snippets.sh BUILD [FILE.md...]     files relative to the root of the repository; by default all pages
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "$1" && pwd)
shift
cd "$root"
(($# > 0)) || set -- README.md docs/*.md docs/decisions/*.md examples/*/README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_WAIT_POLICY=passive PATH="$build/bin:$PATH" XDG_CACHE_HOME=$work/cache
failures=0
checked=0

# What the blocks of one file may touch.
make_place() {
  place=$work/$1
  mkdir -p "$place/build" "$place/tmp"
  cp -r "$root/examples" "$root/docs" "$place"
  sed -i -E 's/"epochs": [0-9]+/"epochs": 1/' "$place"/examples/*/*.json
  ln -s "$build" "$place/build/release"
}

# A block's own /tmp, which the real one may not be: another build's test may run beside this one.
localised() {
  sed "s|/tmp/|$place/tmp/|g"
}

run_sh() {
  (cd "$place" && bash -euo pipefail <(localised <"$1"))
}

# "$ command", with further lines after a backslash, then what it prints; and so on.
run_console() {
  local expected=$work/expected line command= more=
  : >"$expected"
  while IFS= read -r line; do
    if [[ -n $more || $line == '$ '* ]]; then
      [[ -n $more ]] || { compare "$command" "$expected" || return; command= && : >"$expected"; }
      command+=${line#'$ '}$'\n'
      [[ $line == *\\ ]] && more=1 || more=
    else
      printf '%s\n' "$line" >>"$expected"
    fi
  done <"$1"
  compare "$command" "$expected"
}

compare() { # COMMAND EXPECTED
  [[ -z $1 ]] || diff --label documented --label printed -u "$2" <(
    cd "$place" && bash -c "$(localised <<<"$1")" 2>&1 | sed "s|$place/tmp/|/tmp/|g")
}

run_json() {
  local output manifest=$place/block.json
  cp "$1" "$manifest"
  output=$("$build/bin/retort" validate "$manifest" 2>&1) && return
  if grep -q '"format"' "$manifest" || grep -qE "^error: $manifest:[0-9]+:[0-9]+:" <<<"$output"; then
    echo "$output"
    return 1
  fi
}

run_cpp() {
  local prefix=$work/installed
  [[ -d $prefix ]] || cmake --install "$build" --prefix "$prefix" >/dev/null || return
  if grep -q '\bmain(' "$1"; then
    cmake -S "$root/tests/docs/program" -B "$1.build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DPROGRAM="$1" &&
      cmake --build "$1.build" && (cd "$place" && "$1.build/program")
  else
    "${CXX:-c++}" -std=c++20 -fsyntax-only -Wall -Wextra -I "$prefix/include" -x c++ - <<<"
#include <retort/sdk/sdk.hpp>
using namespace retort::sdk;
#line 1
$(cat "$1")"
  fi
}

# excerpt BLOCK FILE
excerpt() {
  [[ $(sed -E 's/^ +//' "$root/$2") == *"$(sed -E 's/^ +//' "$1")"* ]] || { echo "these lines do not stand in $2"; return 1; }
}

# check PLACE_IN_FILE LANGUAGE COMMENT BLOCK
check() {
  local output status kind=$2
  case $3 in
    '<!-- not run: '*) echo "$1: not run: $(sed -E 's/^<!-- not run: (.*) -->$/\1/' <<<"$3")" && return ;;
    '<!-- excerpt of: '*) kind=excerpt ;;
  esac
  case $kind in
    sh | console | json | cpp) output=$("run_$kind" "$4" 2>&1) ;;
    excerpt) output=$(excerpt "$4" "$(sed -E 's/^<!-- excerpt of: (.*) -->$/\1/' <<<"$3")") ;;
    text) return ;;
    *) output="a block of \"$2\"; allowed: sh, console, json, cpp, text, or an excerpt" && false ;;
  esac
  status=$?
  ((++checked))
  ((status == 0)) || { ((++failures)) && printf '%s: failed (%d)\n%s\n' "$1" "$status" "$output"; }
}

check_file() { # FILE
  local line fence= language= comment= number=0 begin block
  make_place "${1//\//_}"
  while IFS= read -r line; do
    ((++number))
    if [[ -n $fence && $line == '```' ]]; then
      check "$1:$begin" "$language" "$comment" "$block" </dev/null
      fence= comment=
    elif [[ -n $fence ]]; then
      printf '%s\n' "$line" >>"$block"
    elif [[ $line == '```'* ]]; then
      fence=1 language=${line#'```'} begin=$number block=$work/${1//\//_}.$number.$language
      : >"$block"
    elif [[ $line == '<!-- '* ]]; then
      comment=$line
    elif [[ -n $line ]]; then
      comment=
    fi
  done <"$root/$1"
}

for file in "$@"; do
  check_file "$file"
done
echo "$checked blocks checked, $failures of them wrong"
((checked > 0 && failures == 0))
