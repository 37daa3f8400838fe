#!/usr/bin/env python3
"""The final comparison on five fresh seeds: each setting at its best configuration, and the paper's as published.

usage: final.py      appends to results/final.csv and results/curves.csv
"""
from measure import run_all
from problems import NAMES

SEEDS = (201, 202, 203, 204, 205)
# By search.csv, factors.csv and factors2.csv: see docs/defaults.md.
CENTRE = dict(
    L=0.5, step=0.1, schedule="linear", iterations=3, rate=1e-2, integrator="heun", steps=200, smoothing=0.03, variant="")
BEST = {
    "paper's network, tuned": dict(CENTRE, setting="paper", step=0.2, rate=3e-3),
    "normalized+relu": dict(CENTRE, setting="normalized+relu"),
    "normalized+max_min": dict(CENTRE, setting="normalized+max_min"),
    "normalized+smooth_max_min": dict(CENTRE, setting="normalized+smooth_max_min", step=0.2),
    "orthonormal+max_min": dict(CENTRE, setting="orthonormal+max_min"),
    "defaults: orthonormal+smooth_max_min": dict(CENTRE, setting="orthonormal+smooth_max_min"),
    "defaults, 1 iteration": dict(CENTRE, setting="orthonormal+smooth_max_min", iterations=1),
}
PUBLISHED = dict(
    L=1.0, step=0.2, schedule="constant", iterations=5, rate=1e-3, integrator="heun", steps=1000, smoothing=0.03,
    variant="absolute")
STEPS = {"swiss-roll": 0.1, "pbmc": 0.5}  # the shipped decks' time steps where they differ

if __name__ == "__main__":
    jobs = []
    for seed in SEEDS:
        for problem in NAMES:
            each = {"problem": problem, "seed": seed, "curve": True}
            published = {**PUBLISHED, "setting": "paper", "step": STEPS.get(problem, 0.2)}
            for name, config in [("paper, as published", published), *BEST.items()]:
                jobs.append({**config, **each, "name": name})
    run_all(jobs, "final.csv", further=["name"], curves="curves.csv")
