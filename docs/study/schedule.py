#!/usr/bin/env python3
"""A schedule for L: from L geometrically to a multiple of it over some steps; constant L beside it.

usage: schedule.py      appends to results/schedule.csv; the program must be built with lipschitz-schedule.patch
The time step is the same throughout: 0.1 diameters / L at L x diameter = 0.5.
"""
import sys

from measure import PROGRAM, run_all
from problems import NAMES

if __name__ == "__main__":
    with open(PROGRAM, "rb") as file:
        if b"GPA_L_TO" not in file.read():
            sys.exit(f"{PROGRAM} was built without lipschitz-schedule.patch: every L would be constant")
    jobs = []
    for seed in (11, 12):
        for name in ("paper", "orthonormal+smooth_max_min"):
            for schedule in ("constant", "linear"):
                for start, variant in [
                    (1, ""), (4, ""), (4, "L x 0.25 over 50"), (4, "L x 0.25 over 200"), (1, "L x 4 over 50"),
                    (1, "L x 4 over 200"), (0.25, "L x 4 over 50"), (0.25, ""), (1, "L x 0.1 over 200")]:
                    for problem in NAMES:
                        jobs.append(dict(
                            setting=name, problem=problem, seed=seed, L=0.5 * start, step=0.1 * start,
                            schedule=schedule, iterations=3, rate=1e-2, integrator="heun", steps=200, smoothing=0.03,
                            variant=variant))
    run_all(jobs, "schedule.csv")
