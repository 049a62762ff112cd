# SPDX-License-Identifier: Apache-2.0
"""The measuring stand; run.sh starts it.
usage: stand ROOT BUILD DATA --smoke
       stand ROOT BUILD DATA [--other BUILD] --contest NAME
       stand ROOT BUILD DATA [--other BUILD] SECONDS        (since when it all began, by the clock of `date +%s`)
"""
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import checks
import contests
import figure
import machine
import memory
import pieces
import runner
import table


def log(line):
    print(line, flush=True)


def check_work(place):
    """All contestants do the same work, or nothing is measured."""
    for here in filter(None, (place, place.other)):
        for options in ({}, {"teacher": "runs"}):
            for precision in ({}, {"precision": "bf16"}):
                checks.same_products(here, options | precision, log)
    checks.autograd(place, log)


def measured(chosen, place):
    entries = []
    for contest in chosen:
        entries += table.summary(contest, runner.run(contest, place, log))
    return entries


def smoke(place):
    """Every check, and every kind of contest once without libtorch; what is measured means nothing."""
    checks.differences_are_found(place)
    checks.packed_weights_are_known(place)
    checks.slices_are_known(place)
    checks.float32_is_not_called_bfloat16(place)
    for options in ({}, {"precision": "bf16"}, {"teacher": "runs"}):
        checks.same_products(place, options, log)
    checks.autograd(place, log)
    chosen = contests.main_contests() + [contests.size("batch", 16), contests.size("width", 100)]
    for contest in chosen:
        with_us = tuple(one for one in contest.contestants if one.program != "libtorch" and not one.other_onednn)
        entries = measured([replace(contest, rounds=1, contestants=with_us)], place)
        skipped = [entry for entry in entries
                   if "skipped" in entry and not runner.Absent(entry["skipped"]).for_want_of_bfloat16()]
        if skipped:
            sys.exit(table.table(skipped))
        print(table.table(entries))
    print(small_pieces(place, 2, 0.001, ""))


def small_pieces(place, repetitions, seconds, about):
    """A page; empty, and said so, without Google Benchmark."""
    program = place.tests / "benchmark_pieces"
    if program.exists():
        return pieces.page(pieces.measure(program, repetitions, seconds), about)
    log("pieces skipped: benchmark_pieces was not built; needs libbenchmark-dev")
    return ""


def one(name, place):
    known = contests.main_contests() + contests.sweep()
    chosen = [contest for contest in known if contest.name == name or contest.name.startswith(f"{name}_")]
    if not chosen:
        sys.exit(f"there is no contest {name}; there are: " + " ".join(contest.name for contest in known))
    entries = measured(chosen, place)
    print(table.table(entries))
    print(table.result_line(entries))


def everything(root, build, place, began):
    results = root / "tests/benchmarks/results"
    check_work(place)
    machine.settle(log)
    about = machine.describe(build, place, root)
    log(machine.warning(about) + machine.text(about))
    of_pieces = small_pieces(place, 9, 0.1, machine.warning(about) + machine.text(about))
    if of_pieces:
        (results / "pieces.md").write_text(of_pieces)
    main = measured(contests.main_contests(), place)
    sweep = measured(contests.sweep(), place)
    manifest = root / "examples/3_mnist_distillation/distil.json"
    peaks = {epochs: memory.peak(build / "bin/retort", manifest, place.data, epochs) for epochs in (1, 2)}
    about |= {"load after": machine.load(), "minutes": round((time.time() - began) / 60, 1)}
    everything_found = {"machine": about, "contests": main + sweep, "peak_MiB": peaks}
    (results / "step.json").write_text(json.dumps(everything_found, indent=1))
    trouble = figure.draw(sweep, results / "sweep.svg")
    (results / "step.md").write_text(page(about, main, sweep, peaks, trouble))
    print((results / "step.md").read_text(), of_pieces, sep="\n")
    log(f"took {about['minutes']} minutes")
    too_much = memory.excess(peaks)
    log("\n".join(filter(None, (trouble, too_much, table.result_line(main)))))
    sys.exit(1 if too_much else 0)


def page(about, main, sweep, peaks, trouble):
    """`trouble`: why there is no figure."""
    titles = "".join(f"- `{contest.name}`: {contest.title}\n" for contest in contests.main_contests())
    picture = trouble or "![Rates and their ratio by batch and by width](sweep.svg)"
    return (f"# One step of the distillation\n\n{machine.warning(about)}Written by tests/benchmarks/run.sh. Medians "
            f"and quartiles over rounds; ratios are of slices of the same round. Telemetry and alarms are off where a "
            f"name does not end in `_watched`.\n\n{titles}\n{table.table(main)}\n## By batch and width\n\n{picture}\n\n"
            f"{table.table(sweep)}\n## Memory\n\n{memory.table(peaks, main)}\n## Machine\n\n{machine.text(about)}\n"
            f"`{table.result_line(main)}`\n")


def main(root, build, data, *options):
    root, build, other = Path(root), Path(build), None
    if options[:1] == ("--other",):
        other, options = Path(options[1]), options[2:]
    place = runner.Place(build, data, 0.5, other)
    if options == ("--smoke",):
        smoke(runner.Place(build, data, 0))
    elif options[:1] == ("--contest",) and len(options) == 2:
        one(options[1], place)
    else:
        everything(root, build, place, float(options[0]))


main(*sys.argv[1:])
