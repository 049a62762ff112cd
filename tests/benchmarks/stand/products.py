# SPDX-License-Identifier: Apache-2.0
"""Whether the roofline does exactly the matrix products of Retort's step: oneDNN lists what it executes."""
import os
import subprocess
from collections import Counter


def executed(command):
    """How often each product was executed, by its three sizes, whichever operand is transposed."""
    listed = subprocess.run(command, check=True, capture_output=True, text=True,
                            env=os.environ | {"DNNL_VERBOSE": "1"}).stdout
    products = Counter()
    for line in listed.splitlines():
        fields = line.split(",")
        if fields[1:2] == ["exec"] and fields[3] == "matmul":
            left, right, _ = fields[-2].split(":")
            rows, inner = left.split("x")
            products[tuple(sorted(map(int, (rows, inner, right.split("x")[1]))))] += 1
    return products


def of_step(command):
    """What three steps do more than two: the first ones prepare."""
    more = executed(command + ["--steps", "3"])
    more.subtract(executed(command + ["--steps", "2"]))
    return +more


def differences(place, options):
    """Sizes whose products are not as many in both; empty if all is well."""
    words = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    roofline = of_step([str(place.program("roofline"))] + words)
    retort = of_step([str(place.program("retort")), "--data", str(place.data), "--plugins", str(place.plugins)] + words)
    return [f"{'x'.join(map(str, size))}: {retort[size]} by Retort, {roofline[size]} in the roofline"
            for size in sorted(retort | roofline) if retort[size] != roofline[size]]
