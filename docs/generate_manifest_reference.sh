#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rewrites the generated part of docs/4_manifest.md from what the command's plugins say of themselves; with --check it
# only says where the page differs, and ends with exit code 1 if it does.
# usage: generate_manifest_reference.sh [--check] [RETORT]     by default build/release/bin/retort
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
check=
[[ ${1:-} != --check ]] || { check=1 && shift; }
retort=${1:-$here/../build/release/bin/retort}
page=$here/4_manifest.md

# One page of `retort describe` as Markdown. In a page a setting's name stands four columns left of what is said about
# it: its type, then its documentation, then the settings inside it.
table_of() {
  "$retort" describe "$1" | awk '
    function escaped(text) { gsub(/\|/, "\\|", text); return text }
    function column(line) { match(line, /^ */); return RLENGTH }
    function print_row(    default_text) {
      if (name == "") return
      default_text = "`" value "`"
      if (value == "required" || value == "optional") default_text = value
      printf "| `%s` | %s | %s | %s |\n", path[depth], escaped(type), escaped(default_text), escaped(text)
      name = ""
    }
    # "number, 0 to 1; default 0.2": what is allowed, then what is taken when it is left out
    function begin_row(line, said,    place) {
      print_row()
      depth = (column(line) + 2) / 4
      name = substr(line, column(line) + 1)
      type = substr(said, column(said) + 1)
      place = match(type, /; (default |required|optional)/)
      value = substr(type, place + 2)
      sub(/^default /, "", value)
      type = substr(type, 1, place - 1)
      path[depth] = depth == 1 ? name : path[depth - 1] inside[depth - 1] name
      inside[depth] = type ~ /^(list|map) of/ ? "/*/" : "/"
      text = ""
    }
    { line[NR] = $0 }
    END {
      for (i = 2; line[i] !~ /^Plugin /; i++) about = about (about == "" ? "" : " ") line[i]
      split(line[i], plugin, " ")
      printf "\n### `%s`\n\n%s Plugin `%s`.\n", line[1], about (about ~ /[.]$/ ? "" : "."), plugin[2]
      i += 3
      if (line[i] ~ /^  none$/) { print "\nNo settings."; exit }
      print "\n| setting | allowed | default | meaning |\n|---|---|---|---|"
      for (; i <= NR && line[i] != ""; i++) {
        if (i < NR && column(line[i + 1]) == column(line[i]) + 4) {
          setting = line[i]
          for (said = line[++i]; gsub(/{/, "{", said) > gsub(/}/, "}", said) && i < NR;) # a default that was broken
            said = said " " substr(line[++i], column(line[i]) + 1)
          begin_row(setting, said)
        }
        else text = text (text == "" ? "" : " ") substr(line[i], column(line[i]) + 1)
      }
      print_row()
    }'
}

generated() {
  local role last=
  while IFS=/ read -r role name; do
    if [[ "$role" != "$last" ]]; then
      printf '\n## Role `%s`\n' "$role"
      last=$role
    fi
    table_of "$role/$name"
  done < <("$retort" list --json | awk -F'"' '$2 == "role" { role = $4 } $2 == "name" { print role "/" $4 }')
}

tables=$(generated)
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT
awk '{ print } /<!-- generated: begin/ { exit }' "$page" >"$scratch"
printf '%s\n\n' "$tables" >>"$scratch"
awk '/<!-- generated: end/ { on = 1 } on { print }' "$page" >>"$scratch"
if [[ -z $check ]]; then
  cat "$scratch" >"$page"
elif ! diff -U0 --label docs/4_manifest.md --label "what $retort says" "$page" "$scratch"; then
  echo "docs/4_manifest.md is not what the plugins say of themselves: run docs/generate_manifest_reference.sh" >&2
  exit 1
fi
