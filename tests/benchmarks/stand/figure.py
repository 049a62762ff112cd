# SPDX-License-Identifier: Apache-2.0
"""The sweep as a picture: rates of Retort and of the roofline by batch and by width, and below their ratio."""
import subprocess

SCRIPT = """
set terminal svg size 860,560 font 'sans-serif,13' background rgb 'white'
set output '{output}'
set multiplot layout 2,2 columnsfirst margins 0.09,0.98,0.1,0.93 spacing 0.08,0.1
set logscale x
set grid ytics lc rgb '#dddddd'
set border 3 lc rgb '#666666'
set tics nomirror
set format y '%.0s%c'
set style data linespoints
{columns}
unset multiplot
"""

COLUMN = """
set xtics ({ticks})
set xrange [{first}*0.8:{last}*1.25]
set logscale y
set yrange [*:*]
set format y '%.0s %c'
set title '{title}'
set xlabel ''
set ylabel '{rate}'
set key {key}
plot {rates}
{rate_points}
unset logscale y
set yrange [0:1.2]
set format y '%.1f'
set title ''
set xlabel '{axis}'
set ylabel '{ratio}'
plot 1 lc rgb '#888888' notitle, 0.7 lc rgb '#cc4444' dt 2 notitle, {ratios}
{ratio_points}
"""

# Contestants, how they are drawn and what they are called.
RATES = {"roofline_bf16": ("lc rgb '#e0a872' pt 4", "bare products, bfloat16"),
         "retort_bf16": ("lc rgb '#c4651a' pt 5", "Retort, bfloat16"),
         "roofline": ("lc rgb '#8fb3d4' pt 6", "bare products, float32"),
         "retort": ("lc rgb '#1f6fb4' pt 7", "Retort, float32")}
RATIOS = {"retort_bf16": "notitle", "retort": "notitle"}


def points(entries, kind, contestant, value):
    lines = ""
    for entry in entries:
        name, _, size = entry["contest"].rpartition("_")
        if name == kind and entry["contestant"] == contestant and value in entry:
            of = entry[value]
            lines += f"{size} {of['median']:.4f} {of['low']:.4f} {of['high']:.4f}\n"
    return lines


def curves(lines, titles):
    """What gnuplot is told to plot of `lines`, points by contestant, and the points; of those that have any."""
    there = [name for name in titles if lines[name]]
    drawn = (f"'-' using 1:2:3:4 with yerrorlines {RATES[name][0]} {titles[name]}" for name in there)
    return ", ".join(drawn), "".join(f"{lines[name]}e\n" for name in there).rstrip()


def column(entries, kind, title, axis, labelled):
    rates = {name: points(entries, kind, name, "images_per_second") for name in RATES}
    ratios = {name: points(entries, kind, name, "roofline") for name in RATIOS}
    sizes = [line.split()[0] for line in rates["roofline"].splitlines()]
    rate_curves, rate_points = curves(rates, {name: f"title '{title}'" for name, (_, title) in RATES.items()})
    ratio_curves, ratio_points = curves(ratios, RATIOS)
    return COLUMN.format(ticks=", ".join(sizes), first=sizes[0], last=sizes[-1], title=title,
                         key="on bottom right" if labelled else "off", axis=axis,
                         rate="images per second" if labelled else "", ratio="Retort / products" if labelled else "", rates=rate_curves, rate_points=rate_points,
                         ratios=ratio_curves, ratio_points=ratio_points)


def draw(entries, output):
    """Why there is no figure; empty if there is one. The numbers stand in the table, whatever happens here."""
    output.unlink(missing_ok=True)  # not that of other numbers
    try:
        draw_with_gnuplot(entries, output)
        return ""
    except (OSError, subprocess.CalledProcessError, IndexError) as why:
        return f"{output.name} was not drawn: {why}"


def draw_with_gnuplot(entries, output):
    """Errors: IndexError where the roofline was skipped, and those of subprocess."""
    columns = column(entries, "batch", "by batch, at width 800", "images per batch", True)
    columns += column(entries, "width", "by width, at batch 128", "width of the hidden layers", False)
    subprocess.run(["gnuplot"], input=SCRIPT.format(output=output, columns=columns), text=True, check=True)
