# SPDX-License-Identifier: Apache-2.0
"""The measuring stand; run.sh starts it. usage: stand ROOT BUILD DATA [--other BUILD] [--smoke | --contest NAME]"""
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import contests
import figure
import machine
import memory
import products
import runner
import table


def log(line):
    print(line, flush=True)


def check_work(place):
    """All contestants do the same work, or nothing is measured."""
    for here in filter(None, (place, place.other)):
        for options in ({}, {"teacher": "runs"}):
            wrong = products.difference(here, options)
            if wrong:
                sys.exit(wrong)
    log("products: the roofline's are those of Retort's step")
    try:
        command = [place.program("libtorch"), "--data", place.data, "--check", "yes"]
    except runner.Absent:
        return
    if subprocess.run(command, env=place.environment("libtorch"), stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("libtorch's gradients are not those of its autograd")
    log("libtorch: its gradients are those of its autograd")


def measured(chosen, place):
    entries = []
    for contest in chosen:
        entries += table.summary(contest, runner.run(contest, place, log))
    return entries


def smoke(place):
    """Every kind of contest once, without libtorch, on whatever data; what is measured means nothing."""
    wrong = products.difference(place, {})
    if wrong:
        sys.exit(wrong)
    chosen = contests.main_contests() + [contests.size("batch", 16), contests.size("width", 100)]
    for contest in chosen:
        with_us = tuple(one for one in contest.contestants if one.program != "libtorch" and not one.other_onednn)
        entries = measured([replace(contest, rounds=1, contestants=with_us)], place)
        skipped = [entry for entry in entries if "skipped" in entry and not entry["contestant"].endswith("bf16")]
        if skipped:
            sys.exit(table.table(skipped))
        print(table.table(entries))


def one(name, place):
    known = contests.main_contests() + contests.sweep()
    chosen = [contest for contest in known if contest.name == name or contest.name.startswith(f"{name}_")]
    if not chosen:
        sys.exit(f"there is no contest {name}; there are: " + " ".join(contest.name for contest in known))
    entries = measured(chosen, place)
    print(table.table(entries))
    print(table.result_line(entries))


def everything(root, build, place):
    check_work(place)
    about = machine.describe(build, place, root)
    log(machine.text(about))
    main = measured(contests.main_contests(), place)
    sweep = measured(contests.sweep(), place)
    manifest = root / "examples/3_mnist_distillation/distil.json"
    peaks = {epochs: memory.peak(build / "bin/retort", manifest, place.data, epochs) for epochs in (1, 2)}
    about["load after"] = machine.load()
    results = root / "tests/benchmarks/results"
    (results / "step.json").write_text(json.dumps({"machine": about, "contests": main + sweep, "peak_MiB": peaks}, indent=1))
    (results / "step.md").write_text(page(about, main, sweep, peaks))
    figure.draw(sweep, results / "sweep.svg")
    print((results / "step.md").read_text())
    print(table.result_line(main))


def page(about, main, sweep, peaks):
    titles = "".join(f"- `{contest.name}`: {contest.title}\n" for contest in contests.main_contests())
    return (f"# One step of the distillation\n\nWritten by tests/benchmarks/run.sh. Medians and quartiles over rounds; "
            f"ratios are of slices of the same round.\n\n{titles}\n{table.table(main)}\n## By batch and width\n\n"
            f"![Rates and their ratio by batch and by width](sweep.svg)\n\n{table.table(sweep)}\n## Memory\n\n"
            f"{memory.table(peaks, main)}\n## Machine\n\n{machine.text(about)}\n`{table.result_line(main)}`\n")


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
        everything(root, build, place)


main(*sys.argv[1:])
