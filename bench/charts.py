# SPDX-License-Identifier: GPL-2.0-or-later
"""
Charts of doc/performance.md, drawn with matplotlib as SVG.

A chart is a JSON structure: its kind, data and texts. The picture's description contains it, so that current() can compare
a picture with its data without matplotlib.

Refuses an unknown kind.
"""

import json
import os
import re
from xml.sax.saxutils import escape

COLORS = ("#1a7f37", "#b35900", "#3a6ea5", "#8250df", "#777777", "#c2407e")


def description(chart):
    return json.dumps(chart, sort_keys=True)


def current(path, chart):
    "Whether the picture shows this chart."
    if not os.path.exists(path):
        return False
    with open(path, encoding="utf-8") as picture:
        found = re.search(r"<dc:description>(.*?)</dc:description>", picture.read(), re.S)
    return bool(found) and found[1] == escape(description(chart))


def bars(figure, chart):
    "Horizontal bars, grouped: rows of (name, [a value or None for each series])."
    axes = figure.subplots()
    rows, series = chart["rows"], chart["series"]
    high = 0.8 / len(series)
    for number, name in enumerate(series):
        places = [row + (number - (len(series) - 1) / 2) * high for row in range(len(rows))]
        values = [values[number] or 0 for _, values in rows]
        drawn = axes.barh(places, values, high, color=COLORS[number], label=name)
        texts = ["" if row[1][number] is None else chart["format"].format(row[1][number]) for row in rows]
        axes.bar_label(drawn, texts, padding=3, fontsize=8)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    if len(series) > 1:
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncol=len(series), fontsize=9, frameon=False)
    if "line" in chart:
        axes.axvline(chart["line"], color="#aaaaaa", linewidth=1, linestyle="--", zorder=0)
    axes.xaxis.set_major_formatter("{x:,g}")
    return [axes]


def lines(figure, chart):
    "A line for each series: [(name, [(x, y)])], on logarithmic axes."
    axes = figure.subplots()
    for number, (name, points) in enumerate(chart["series"]):
        axes.plot(*zip(*points), marker="o", color=COLORS[number], label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(chart["xticks"], [str(tick) for tick in chart["xticks"]])
    axes.set_yticks(chart["yticks"], [str(tick) for tick in chart["yticks"]])
    axes.minorticks_off()
    axes.grid(color="#dddddd")
    axes.set_ylabel(chart["ylabel"])
    axes.legend(fontsize=9, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return [axes]


def histograms(figure, chart):
    "A panel for each histogram: rows of panels of (title, [(class, count)]); logarithmic counts."
    rows = chart["panels"]
    panels = figure.subplots(len(rows), len(rows[0]), sharex=True, sharey=True, squeeze=False)
    for row, line in zip(rows, panels):
        for (title, classes), axes in zip(row, line):
            drawn = axes.barh([name for name, _ in classes], [count for _, count in classes], color=COLORS[2])
            axes.bar_label(drawn, ["{:,}".format(count) for _, count in classes], padding=3, fontsize=8)
            axes.set_title(title, fontsize=10)
            axes.set_xscale("symlog", linthresh=1)
            axes.set_xlim(0, chart["most"])
    panels[0][0].invert_yaxis()
    return list(panels[-1])


KINDS = {"bars": bars, "lines": lines, "histograms": histograms}


def rectangle(*place, **style):
    from matplotlib.patches import Rectangle  # pylint: disable=import-outside-toplevel

    return Rectangle(*place, **style)


def draw(path, chart, free=None):
    "Writes the picture; for the kind free, free(axes) draws it."
    import matplotlib  # pylint: disable=import-outside-toplevel
    from matplotlib.figure import Figure  # pylint: disable=import-outside-toplevel

    style = {"svg.fonttype": "none", "svg.hashsalt": "vrfleak", "font.family": "sans-serif", "font.size": 10}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=chart["size"], layout="tight")
        if free:
            free(figure.subplots())
        else:
            for axes in KINDS[chart["kind"]](figure, chart):
                axes.set_xlabel(chart["xlabel"])
        for axes in figure.axes:
            axes.spines[["top", "right"]].set_visible(False)
            axes.set_axisbelow(True)
        metadata = {"Description": description(chart), "Title": chart["title"], "Date": None, "Creator": None}
        figure.savefig(path, format="svg", metadata=metadata)
    with open(path, encoding="utf-8") as picture:
        text = "\n".join(line.rstrip() for line in picture.read().splitlines()) + "\n"
    with open(path, "w", encoding="utf-8") as picture:
        picture.write(text)
