#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Regenerates data/: the first 4,000 training and the first 1,000 test examples of MNIST, as gzipped IDX files.
# usage: make_subset.sh DIRECTORY_OF_MNIST
set -euo pipefail
source=$1
target=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/data

# subset FILE COUNT HEADER_BYTES EXAMPLE_BYTES: the magic number, the new count, the rest of the header, the examples
subset() {
  {
    head -c 4 "$source/$1"
    printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($2 >> 24 & 255)) $(($2 >> 16 & 255)) $(($2 >> 8 & 255)) $(($2 & 255)))"
    head -c $(($3 + $2 * $4)) "$source/$1" | tail -c +9
  } | gzip -9 --no-name >"$target/$1.gz"
}

subset train-images-idx3-ubyte 4000 16 784
subset train-labels-idx1-ubyte 4000 8 1
subset t10k-images-idx3-ubyte 1000 16 784
subset t10k-labels-idx1-ubyte 1000 8 1
ls -l "$target"
