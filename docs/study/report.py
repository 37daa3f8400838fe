#!/usr/bin/env python3
"""Tables (Markdown) and the figure from results/.

usage: report.py best | factors | schedule | final | scale | figure
"""
import csv
import os
import sys
from collections import defaultdict

import numpy as np

from problems import NAMES

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPE = ["L", "step", "schedule", "iterations", "rate", "integrator", "steps", "smoothing", "variant"]


def rows(*names):
    found = []
    for name in names:
        with open(os.path.join(HERE, "results", name)) as file:
            for row in csv.DictReader(file):
                for k, v in row.items():
                    try:
                        row[k] = float(v)
                    except ValueError:
                        pass
                found.append(row)
    return found


def mean_log(values):
    return float(np.exp(np.mean(np.log(np.maximum(values, 1e-12)))))


def costs(all_rows):
    """Seconds per step: the median over runs of equal work, as the machine is shared."""
    found = defaultdict(list)
    for r in all_rows:
        found[r["setting"], r["problem"], r["integrator"], r["iterations"]].append(r["seconds_per_step"])
    return {k: np.median(v) for k, v in found.items()}


def summary(group, cost):
    """Means over problems and seeds; a run that never reaches the floor counts as three times its steps."""
    steps = [r["reach_steps"] if r["reach_steps"] >= 0 else 3 * r["steps"] for r in group]
    each = [cost[r["setting"], r["problem"], r["integrator"], r["iterations"]] for r in group]
    return dict(
        reached=np.mean([r["reach_steps"] >= 0 for r in group]), steps=mean_log(np.maximum(steps, 1)),
        work=mean_log([max(s, 1) * r["iterations"] * (2 if r["integrator"] == "heun" else 1)
                       for s, r in zip(steps, group)]),
        seconds=mean_log([max(s, 1) * c for s, c in zip(steps, each)]),
        train=mean_log([r["end_train"] for r in group]), held_out=np.mean([r["end_held_out"] for r in group]),
        worst=max(r["end_held_out"] for r in group), memory=np.mean([r["memory"] for r in group]),
        fisher=mean_log([max(r["fisher"], 1e-9) for r in group]))


COLUMNS = "reached | steps | iterations | seconds | W2 train | W2 held-out | worst | memory | Fisher / L^2"


def line(s):
    return (f"{s['reached']:.2f} | {s['steps']:.0f} | {s['work']:.0f} | {s['seconds']:.3f} | {s['train']:.2f} | "
            f"{s['held_out']:.3f} | {s['worst']:.2f} | {s['memory']:.2f} | {s['fisher']:.1e}")


def grouped(all_rows, keys):
    groups = defaultdict(list)
    for r in all_rows:
        if r["problem"] in NAMES:
            groups[tuple(r[k] for k in keys)].append(r)
    return groups


def best():
    """The configurations of each setting by seconds, among those that reach everywhere."""
    data = rows("search.csv", "factors.csv")
    cost, found = costs(data), defaultdict(list)
    for key, group in grouped(data, ["setting"] + SHAPE).items():
        if len({r["problem"] for r in group}) == len(NAMES):
            found[key[0]].append((summary(group, cost), key[1:], len(group)))
    for setting, each in sorted(found.items()):
        print(f"{setting}: {np.mean([s['reached'] == 1 for s, _, _ in each]):.2f} of configurations reach everywhere")
        for order in ("seconds", "work"):
            for s, shape, count in sorted(
                    (e for e in each if e[0]["reached"] == 1 and e[0]["held_out"] < 1.05), key=lambda e: e[0][order])[:5]:
                print(f"  by {order}: {line(s)} | {count} runs |", dict(zip(SHAPE, shape)))


def factors(file="factors.csv"):
    """The table of one factor at a time."""
    data = rows(file)
    cost, groups = costs(data), grouped(data, ["setting"] + SHAPE)
    import factors as module
    CENTRE = module.CENTRE if file == "factors.csv" else module.CENTRE_2
    for setting in dict.fromkeys(r["setting"] for r in data):
        print(f"\n### {setting}\n\n| changed | {COLUMNS} |\n|" + " --- |" * 10)
        for key, group in groups.items():
            if key[0] == setting:
                changed = ", ".join(f"{k} {v:g}" if isinstance(v, float) else f"{k} {v}"
                                    for k, v in zip(SHAPE, key[1:]) if v != CENTRE[k])
                print(f"| {changed or 'centre'} | {line(summary(group, cost))} |")


def schedule():
    data = rows("schedule.csv")
    cost = costs(data)
    print(f"| setting | time step | L x diameter | {COLUMNS} |\n|" + " --- |" * 12)
    for (setting, kind, start, variant), group in grouped(data, ["setting", "schedule", "L", "variant"]).items():
        name = f"{start:g}"
        if variant:
            factor, over = variant[3:].split(" over ")
            name += f" to {start * float(factor):g} over {over}"
        print(f"| {setting} | {kind} | {name} | {line(summary(group, cost))} |")


def final():
    data = rows("final.csv")
    cost = costs(data)
    for r in data:
        r["reach_seconds"] = r["reach_steps"] * cost[r["setting"], r["problem"], r["integrator"], r["iterations"]]
    print(f"| configuration | {COLUMNS} |\n|" + " --- |" * 10)
    by = grouped(data, ["name"])
    for (name,), group in by.items():
        print(f"| {name} | {line(summary(group, cost))} |")
    for figure, text in [("reach_steps", "steps"), ("reach_seconds", "seconds"), ("end_held_out", "held-out W2 / floor"),
                         ("memory", "memory"), ("fisher", "Fisher / L^2")]:
        print(f"\n{text}: median (least to greatest) of the seeds\n\n| configuration | " + " | ".join(NAMES) + " |\n|"
              + " --- |" * (1 + len(NAMES)))
        for (name,), group in by.items():
            cells = []
            for problem in NAMES:
                values = sorted(r[figure] if r[figure] >= 0 else np.inf for r in group if r["problem"] == problem)
                show = lambda v: "never" if v == np.inf else f"{v:.0f}" if figure == "reach_steps" else f"{v:.2g}" \
                    if figure in ("reach_seconds", "fisher") else f"{v:.2f}"
                cells.append(f"{show(values[len(values) // 2])} ({show(values[0])} to {show(values[-1])})")
            print(f"| {name} | " + " | ".join(cells) + " |")


def scale():
    print("| scale of the network | reached | steps | W2 train | W2 held-out | worst | cell-lines-raw reached | steps |\n|"
          + " --- |" * 8)
    data = rows("scale.csv")
    for name in dict.fromkeys(r["name"] for r in data):
        raw = [r for r in data if r["name"] == name and r["problem"] == "cell-lines-raw"]
        group = [r for r in data if r["name"] == name and r["problem"] in NAMES]
        made = lambda runs: np.exp(np.mean([np.log(r["reach_steps"] if r["reach_steps"] > 0 else 3 * r["steps"]) for r in runs]))
        mean = lambda figure: np.exp(np.mean([np.log(r[figure]) for r in group]))
        reached = lambda runs: np.mean([r["reach_steps"] >= 0 for r in runs])
        print(f"| {name} | {reached(group):.2f} | {made(group):.1f} | {mean('end_train'):.3f} | {mean('end_held_out'):.4f} | "
              f"{max(r['end_held_out'] for r in group):.3f} | {reached(raw):.2f} | {made(raw):.1f} |")


def figure():
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    data = rows("curves.csv")
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
    drawing, axes = plt.subplots(2, 3, figsize=(11, 6.6), sharex=True)
    for axis, problem in zip(axes.flat, NAMES):
        for i, name in enumerate(dict.fromkeys(r["name"] for r in data)):
            curves = defaultdict(list)
            for r in data:
                if r["name"] == name and r["problem"] == problem:
                    curves[r["step"]].append((r["seconds"], r["w2"]))
            points = sorted((np.median([s for s, _ in v]), np.median([w for _, w in v])) for v in curves.values())
            is_default = name.startswith("defaults:")
            axis.loglog(
                *zip(*points), ".-", markersize=3, linewidth=2.2 if is_default else 1, zorder=3 if is_default else 2,
                color="black" if is_default else f"C{i}", label=name)
        axis.axhline(1, color="gray", linewidth=0.7)
        axis.set_title(problem, fontsize=9)
        axis.tick_params(which="both", labelsize=7)
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 3, 5, 8)))
        axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.yaxis.set_minor_formatter(NullFormatter())
    drawing.legend(*axes[0, 0].get_legend_handles_labels(), fontsize=8, ncols=4, loc="lower center")
    for axis in axes[:, 0]:
        axis.set_ylabel("W2 to the target / floor", fontsize=8)
    for axis in axes[1]:
        axis.set_xlabel("solver seconds, 1 rank", fontsize=8)
    drawing.tight_layout(rect=(0, 0.07, 1, 1))
    drawing.savefig(os.path.join(HERE, "..", "defaults.png"), dpi=80)


if __name__ == "__main__":
    dict(best=best, factors=factors, schedule=schedule, final=final, scale=scale, figure=figure)[sys.argv[1]]()
