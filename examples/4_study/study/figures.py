# SPDX-License-Identifier: Apache-2.0
"""The survey and the claims as pictures, by gnuplot; and the figures of a run that won and of one that failed."""
import math
import shutil
import subprocess

from tables import verdict

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

PANELS = """
set terminal svg noenhanced size {width},{height} font 'sans-serif,11' background rgb 'white'
set output '{output}'
set border 3 lc rgb '#666666'
set tics {step} nomirror scale 0.5
set grid lc rgb '#e4e4e4'
set xrange [0:1]
set yrange [0:1]
set size square
set key {key}
set xlabel '{x}' offset 0,0.6
set ylabel '{y}' offset 1.4
set multiplot layout {rows},{columns} title '{says}' font ',10'
"""

PANEL = """
set title '{title}' offset 0,-0.6
plot {curves}
{points}"""

COLOURS = ("#444444", "#1f6fb4", "#cc4444", "#2a9d55", "#b8860b", "#8a4fbf", "#d2691e", "#00868b")
LEAST = 0.002  # of the examples; the accuracy of fewer says little
KINDS = {"yes": 2, "the opposite": 3}  # line styles of verdicts; all others are of style 1


def draw(script):
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def labels_of(texts):
    return ", ".join(f"'{text}' {index}" for index, text in enumerate(texts))


def survey(outcomes, output):
    """Test errors of each row, the fewest on top."""
    rows = sorted(((outcome["student"]["last"]["errors"], row) for row, outcome in outcomes.items() if outcome["finite"]))
    if not rows:
        return
    draw(SURVEY.format(width=760, height=70 + 22 * len(rows), output=output, last=len(rows) - 0.3,
                       labels=labels_of(row for _, row in rows), axis="test errors, one seed",
                       least=0.9 * rows[0][0], most=1.2 * rows[-1][0],
                       values="".join(f"{errors}\n" for errors, _ in rows),
                       words="".join(f"{errors} {errors:.0f}\n" for errors, _ in rows)))


def claims(tested, output):
    """Mean difference of errors with its 95 % interval, in percent of the second row's mean, for places differ much:
    blue where the claim holds, red where the opposite does, grey where neither is shown, as yet or at all."""
    kinds = {1: [], 2: [], 3: []}
    for index, one in enumerate(tested):
        if one["mean"] is None or math.isinf(one["low"]):
            continue  # nothing to compare, or one seed
        kind = KINDS.get(verdict(one), 1)
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


def reliability_of_places(diagrams, output):
    """A panel for each place, in which the teacher and the rows are curves. `diagrams`: {(place or data, row): pooled bins}."""
    panels_of = {}
    for (place, row), bins in diagrams.items():
        if row == "teacher":
            continue
        panel = panels_of.setdefault(str(place), {"teacher": diagrams[place.data, "teacher"]})
        panel[row] = bins
    panels(panels_of, 3, 340, output, step=0.2, key="bottom right samplen 1 font ',9'", x="confidence", y="accuracy")


def reliability_of_rows(diagrams, output):
    """A panel for each row."""
    panels({row: {"student": bins} for (_, row), bins in diagrams.items()}, 6, 170, output, step=0.5, key="off", x="", y="")


def panels(curves_of, columns, side, output, **look):
    """Reliability diagrams: accuracy over mean confidence of the bins that hold at least LEAST, and the diagonal of a model whose
    confidence is its accuracy. `curves_of`: {title: {name: bins}}; a name has the same colour in all panels."""
    names = dict.fromkeys(["teacher", *(name for curves in curves_of.values() for name in curves)])
    colour_of = {name: COLOURS[index % len(COLOURS)] for index, name in enumerate(names)}
    columns = min(columns, len(curves_of))
    lines = -(-len(curves_of) // columns)
    script = PANELS.format(width=columns * side, height=lines * side + 24, output=output, rows=lines, columns=columns,
                           says=f"bins of fewer than {100 * LEAST:g} % of the examples are left out", **look)
    for title, curves in curves_of.items():
        shown = {name: points for name, bins in curves.items() if (points := points_of(bins))}
        plots = ["x with lines lw 1 dt 2 lc rgb '#999999' notitle"]
        plots += [f"'-' using 1:2 with linespoints lw 1.6 pt 7 ps 0.4 lc rgb '{colour_of[name]}' title '{name}'"
                  for name in shown]
        script += PANEL.format(title=title, curves=", ".join(plots), points="".join(points + "e\n" for points in shown.values()))
    draw(script + "unset multiplot\n")


def points_of(bins):
    least = LEAST * sum(count for count, _, _ in bins)
    return "".join(f"{confidence} {accuracy}\n" for count, confidence, accuracy in bins if count and count >= least)


def examples(bench, outcomes, survey_plan, folder):
    """Figures 1 and 2 of the survey's best and worst row with one discriminator, by NLL on validation data, instead of those of an
    earlier survey."""
    surveyed = [(outcome["validation"]["nll"], run) for run, outcome in outcomes
                if outcome["finite"] and not run.variant and run.seed == survey_plan["seed"]
                and str(run.place) == survey_plan["place"]
                and (bench.work / "runs" / run.name / "figures/distil.discriminator.main.svg").exists()]
    if not surveyed:
        return
    surveyed.sort(key=lambda pair: pair[0])
    for earlier in (*folder.glob("best.*.svg"), *folder.glob("worst.*.svg")):
        earlier.unlink()
    for word, (_, run) in (("best", surveyed[0]), ("worst", surveyed[-1])):
        for figure in ("discriminator.main", "accuracy"):
            shutil.copy(bench.work / "runs" / run.name / f"figures/distil.{figure}.svg",
                        folder / f"{word}.{run.row}.{figure.split('.')[0]}.svg")
