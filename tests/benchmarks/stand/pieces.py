# SPDX-License-Identifier: Apache-2.0
"""The small pieces of a step, by benchmark_pieces: medians and quartiles over repetitions that take turns."""
import json
import os
import subprocess
from statistics import median

import table

MICROSECONDS = {"ns": 1e-3, "us": 1.0, "ms": 1e3, "s": 1e6}


def measure(program, repetitions, seconds):
    """Name -> microseconds of the processor for a round, and what one second of it came to, in 10^9: bytes that were moved, and
    operations, of each repetition, which takes `seconds` at least."""
    command = [program, "--benchmark_format=json", f"--benchmark_repetitions={repetitions}",
               f"--benchmark_min_time={seconds}", "--benchmark_enable_random_interleaving=true"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True,
                          env=os.environ | {"OMP_NUM_THREADS": "1"})
    key = lambda entry: (entry["family_index"], entry["per_family_instance_index"])
    found = {}
    for entry in sorted(json.loads(done.stdout)["benchmarks"], key=key):
        if entry["run_type"] == "iteration" and not entry.get("error_occurred"):
            time = entry["cpu_time"] * MICROSECONDS[entry["time_unit"]]
            rates = (entry.get(name, 0) / 1e9 for name in ("bytes_per_second", "items_per_second"))
            found.setdefault(entry["run_name"], []).append((time, *rates))
    return found


def page(found, about):
    """`about`: the end of the page, on the machine."""
    rows = []
    for name, measured in found.items():
        times, *rates = zip(*measured)
        time = table.spread(times)
        cells = (f"{rate:.1f}" if (rate := median(of)) else "" for of in rates)
        rows.append(f"| {name} | {time['median']:.2f} ({time['low']:.2f} to {time['high']:.2f}) | {' | '.join(cells)} |")
    return ("# The small pieces of a step\n\nWritten by tests/benchmarks/run.sh: what pieces.cpp times on one thread, "
            "over and over, so that operands are in the nearest cache that holds them; `there_and_back` on two. `multiply_add` is what "
            "a processor multiplies at most.\n\n"
            "| piece | microseconds of the processor, median (quartiles) | GB/s | GFLOP/s |\n|---|---|---|---|\n" +
            "\n".join(rows) + f"\n\n## Machine\n\n{about}")
