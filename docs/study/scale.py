#!/usr/bin/env python3
"""In which scale the network learns best: the data's own units, rescaled data, and the scale that the program chooses.

usage: scale.py      appends to results/scale.csv; `report.py scale` prints the table
"""
from final import CENTRE
from measure import run_all
from problems import NAMES

SEEDS = range(501, 513)
DEFAULTS = dict(CENTRE, setting="orthonormal+smooth_max_min")
PAPER = dict(CENTRE, setting="paper", step=0.2, rate=3e-3)
UNITS = [("the data's units", dict(scale="none"))]
UNITS += [(f"radius {radius}", dict(scale="none", radius=radius)) for radius in (1, 2, 3, 4, 6, 8)]
UNITS += [("scale: auto", dict(scale="auto"))]

if __name__ == "__main__":
    jobs = []
    for seed in SEEDS:
        for problem in NAMES + ["cell-lines-raw"]:
            each = {"problem": problem, "seed": seed}
            for name, unit in UNITS:
                jobs.append({**DEFAULTS, **unit, **each, "name": name})
            for name, unit in (UNITS[0], UNITS[-1]):
                jobs.append({**PAPER, **unit, **each, "name": name + ", paper's network"})
    run_all(jobs, "scale.csv", further=["name"])
