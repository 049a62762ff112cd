# SPDX-License-Identifier: Apache-2.0
"""The survey and the claims as pictures, by gnuplot; and the figures of a run that won and of one that failed."""
import math
import shutil
import subprocess

HEAD = """
set terminal svg noenhanced size {width},{height} font 'sans-serif,13' background rgb 'white'
set output '{output}'
set border 1 lc rgb '#666666'
set tics nomirror
set grid xtics lc rgb '#dddddd'
set yrange [{last}:-0.7]
set ytics ({labels}) scale 0
set xlabel '{axis}'
unset key
"""

SURVEY = HEAD + """
set lmargin 24
set logscale x
set xrange [{least}:{most}]
set xtics (50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 200, 300, 400, 500, 1000, 2000, 5000, 10000)
plot '-' using 1:0 with points pt 7 ps 0.9 lc rgb '#1f6fb4', \\
     '-' using 1:0:2 with labels left offset 1,0
{values}e
{words}e
"""

CLAIMS = HEAD + """
set lmargin 46
set style line 1 lc rgb '#888888' lw 2 pt 7 ps 0.8
set style line 2 lc rgb '#1f6fb4' lw 2 pt 7 ps 0.8
set style line 3 lc rgb '#cc4444' lw 2 pt 7 ps 0.8
set arrow from 0,graph 0 to 0,graph 1 nohead lc rgb '#666666'
plot {plots}
{points}
"""


def draw(script):
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def labels_of(texts):
    return ", ".join(f"'{text}' {index}" for index, text in enumerate(texts))


def survey(outcomes, output):
    """Test errors of each row, the fewest on top."""
    rows = sorted(((outcome["student"]["last"]["errors"], row) for row, outcome in outcomes.items() if outcome["finite"]))
    draw(SURVEY.format(width=760, height=70 + 22 * len(rows), output=output, last=len(rows) - 0.3,
                       labels=labels_of(row for _, row in rows), axis="test errors, one seed",
                       least=0.9 * rows[0][0], most=1.2 * rows[-1][0],
                       values="".join(f"{errors}\n" for errors, _ in rows),
                       words="".join(f"{errors} {errors:.0f}\n" for errors, _ in rows)))


def claims(tested, output):
    """Mean difference of errors with its 95 % interval, in percent of the second row's mean, for places differ much:
    blue where the claim holds, red where the opposite does."""
    kinds = {1: [], 2: [], 3: []}
    for index, one in enumerate(tested):
        if one["mean"] is None or math.isinf(one["low"]):
            continue  # nothing to compare, or one seed
        kind = 1 if one["holm"] >= 0.05 else 2 if one["mean"] < 0 else 3
        mean, low, high = (100 * one[name] / one["second_mean"] for name in ("mean", "low", "high"))
        kinds[kind].append(f"{mean} {index} {low} {high}\n")
    shown = {kind: points for kind, points in kinds.items() if points}
    if not shown:
        return
    draw(CLAIMS.format(width=900, height=90 + 24 * len(tested), output=output, last=len(tested) - 0.3,
                       labels=labels_of(f"{one['place']}:  {one['first']} − {one['second']}" for one in tested),
                       axis="difference in % of the second row: mean, 95 % interval",
                       plots=", ".join(f"'-' using 1:2:3:4 with xerrorbars ls {kind}" for kind in shown),
                       points="".join("".join(points) + "e\n" for points in shown.values())))


def examples(bench, outcomes, survey_plan, folder):
    """Figures 1 and 2 of the survey's best and worst row with one discriminator, by NLL on validation data."""
    surveyed = [(outcome["validation"]["nll"], run) for run, outcome in outcomes
                if outcome["finite"] and not run.variant and run.seed == survey_plan["seed"]
                and str(run.place) == survey_plan["place"]
                and (bench.work / "runs" / run.name / "figures/distil.discriminator.main.svg").exists()]
    if not surveyed:
        return
    surveyed.sort(key=lambda pair: pair[0])
    for word, (_, run) in (("best", surveyed[0]), ("worst", surveyed[-1])):
        for figure in ("discriminator.main", "accuracy"):
            shutil.copy(bench.work / "runs" / run.name / f"figures/distil.{figure}.svg",
                        folder / f"{word}.{run.row}.{figure.split('.')[0]}.svg")
