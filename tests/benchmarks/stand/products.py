# SPDX-License-Identifier: Apache-2.0
"""Whether the roofline does the matrix products of Retort's step, no more and no fewer: oneDNN lists what it executes."""
import os
import subprocess


def multiplications(command):
    """Of all matrix products that the command executes. Whole products and their parts count the same."""
    listed = subprocess.run(command, check=True, capture_output=True, text=True,
                            env=os.environ | {"DNNL_VERBOSE": "1"}).stdout
    count = 0
    for line in listed.splitlines():
        fields = line.split(",")  # "onednn_verbose,exec,cpu,matmul,...,shapes,time", with "v1,primitive," since oneDNN 3
        if "exec" in fields and "matmul" in fields:
            left, right = fields[-2].split(":")[:2]
            rows, inner = map(int, left.split("x"))
            count += rows * inner * int(right.split("x")[1])
    return count


def of_step(command):
    """What three steps do more than two: the first ones prepare."""
    return multiplications(command + ["--steps", "3"]) - multiplications(command + ["--steps", "2"])


def difference(place, options):
    """A sentence; empty if all is well."""
    words = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    roofline = of_step([str(place.program("roofline"))] + words)
    retort = of_step([str(place.program("retort")), "--data", str(place.data), "--plugins", str(place.plugins)] + words)
    if retort == roofline > 0:
        return ""
    return f"Retort's step multiplies {retort:,} times, the roofline {roofline:,} times"
