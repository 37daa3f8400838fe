#!/usr/bin/env python3
"""The coarse search: the same random configurations for every setting on every problem.

usage: search.py [COUNT=36] [SEED=1]      appends to results/search.csv; what is there already is not run again
"""
import sys

from measure import run_all, SETTINGS
from problems import NAMES
import numpy as np


def configurations(count, seed):
    random = np.random.default_rng(seed)
    pick = lambda *values: values[random.integers(len(values))]
    for _ in range(count):
        yield dict(
            L=pick(0.15, 0.3, 0.5, 1.0, 2.0, 4.0), step=pick(0.01, 0.02, 0.05, 0.1, 0.2),
            schedule=pick("constant", "linear"), iterations=pick(1, 3, 5), rate=pick(1e-3, 3e-3, 1e-2),
            integrator=pick("euler", "heun"), steps=pick(100, 200, 400), smoothing=pick(0.01, 0.03, 0.1), variant="")


if __name__ == "__main__":
    count, seed = (int(word) for word in (sys.argv[1:] + ["36", "1"][len(sys.argv) - 1:]))
    jobs = []
    for drawn in configurations(count, 20260):
        for name in SETTINGS:
            for problem in NAMES:
                jobs.append(dict(drawn, setting=name, problem=problem, seed=seed))
    run_all(jobs, "search.csv")
