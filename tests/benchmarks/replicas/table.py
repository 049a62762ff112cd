# SPDX-License-Identifier: Apache-2.0
"""Reads on stdin what replicas.sh measured, in milliseconds: lines "ROUND sum BYTES MS" and "ROUND step PROCESSES
THREADS BATCH MS". Writes the table beside the model of docs/13_replicas.md; ratios are of one round."""
import sys
from statistics import median, quantiles


def rounds():
    """What was measured -> its time in each round."""
    found = {}
    for line in sys.stdin:
        _, *what, milliseconds = line.split()
        key = (what[0],) + tuple(map(int, what[1:]))
        found.setdefault(key, []).append(float(milliseconds))
    return found


def spread(values, digits):
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return f"{median(values):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def pairs(above, below):
    return spread([a / b for a, b in zip(above, below, strict=True)], 2)


def model(measured, batch):
    """Of two processes, in each round."""
    small, large = (measured["sum", size] for size in sums(measured))
    half = measured["step", 1, 1, batch // 2]
    return [c + whole + 3.5 * few for c, whole, few in zip(half, large, small, strict=True)]


def sums(measured):
    """Bytes, of a few numbers and of the gradients."""
    return sorted(key[1] for key in measured if key[0] == "sum")


def row(measured, batch):
    alone = measured["step", 1, 1, batch]
    cells = [str(batch), spread(alone, 2) + " ms"]
    together = measured.get(("step", 2, 1, batch))
    if together:
        expected = model(measured, batch)
        cells += [f"{median(expected):.2f} ms", spread(together, 2) + " ms", pairs(together, expected),
                  pairs(alone, together), spread(measured["step", 1, 2, batch], 2) + " ms"]
    return "| " + " | ".join(cells + [""] * (7 - len(cells))) + " |"


def table(measured):
    small, large = sums(measured)
    few, whole = median(measured["sum", small]), median(measured["sum", large])
    rate = large / (whole - few) / 1e6
    lines = [f"A sum over two processes takes {few:.4f} ms for a few numbers, and {whole:.4f} ms for the "
             f"{large // 1000} kB of gradients of a step: {rate:.2f} GB/s. Medians and quartiles of "
             f"{len(measured['sum', small])} rounds, in which everything had its turn; ratios are of one round. A "
             "batch of one row stands for C(0).", "",
             "| batch b | C(b): 1 process, 1 thread | model of 2 processes | 2 processes | measured / model | gain "
             "| 1 process, 2 threads |", "|---|---|---|---|---|---|---|"]
    batches = sorted(key[3] for key in measured if key[:3] == ("step", 1, 1))
    return "\n".join(lines + [row(measured, batch) for batch in batches])


print(table(rounds()))
