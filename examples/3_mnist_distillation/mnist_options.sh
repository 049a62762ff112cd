# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What scripts that run the example on all of MNIST share. To be sourced.

fashion_data=/usr/share/datasets/fashion-mnist # where Debian's package has it (bootstrap.sh fashion)

# Fetches MNIST, unless it is there, and sets the array `options`, of `retort run`: where its files are and, where
# Fashion-MNIST is installed, that the report says how well each model tells it from MNIST.
set_mnist_options() {
  local mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
  "$(dirname "${BASH_SOURCE[0]}")/fetch_mnist.sh" "$mnist"
  options=(--set "/data/mnist/directory=\"$mnist\"")
  if [[ -d $fashion_data ]]; then
    options+=(--set "/data/fashion={\"type\": \"idx\", \"directory\": \"$fashion_data\", \"train_images\": \"\"}"
      --set '/report/out_of_distribution=["fashion"]')
  else
    echo "Without Fashion-MNIST (./bootstrap.sh fashion) nothing is told from MNIST."
  fi
}
