#!/usr/bin/env python3
"""One factor at a time around one configuration, for every setting on every problem.

usage: factors.py       around the first centre, appends to results/factors.csv
       factors.py 2     around the second, with the learning rate that the first found: results/factors2.csv
"""
import sys

from measure import run_all
from problems import NAMES

CENTRE = dict(
    L=0.5, step=0.1, schedule="linear", iterations=3, rate=3e-3, integrator="heun", steps=200, smoothing=0.03, variant="")
CENTRE_2 = {**CENTRE, "rate": 1e-2}
FACTORS_2 = dict(
    L=[0.15, 1.0, 2.0], step=[0.05, 0.2], schedule=["constant"], iterations=[1, 5], rate=[5e-3, 2e-2],
    integrator=["euler"], steps=[100, 400], smoothing=[0.01, 0.1])
FACTORS = dict(
    L=[0.15, 0.3, 1.0, 2.0, 4.0], step=[0.02, 0.05, 0.2], schedule=["constant"], iterations=[1, 5], rate=[1e-3, 1e-2],
    integrator=["euler"], steps=[100, 400], smoothing=[0.01, 0.1])
SETTINGS = [
    "paper", "normalized+relu", "normalized+max_min", "orthonormal+max_min", "orthonormal+smooth_max_min"]


def second():
    jobs = []
    for seed in (13, 14):
        for changed in [{}] + [{key: value} for key, values in FACTORS_2.items() for value in values]:
            for name in ("orthonormal+smooth_max_min", "paper", "normalized+max_min", "normalized+smooth_max_min"):
                if "smoothing" not in changed or "smooth" in name:
                    jobs += [
                        {**CENTRE_2, **changed, "setting": name, "problem": problem, "seed": seed} for problem in NAMES]
    run_all(jobs, "factors2.csv")


if __name__ == "__main__":
    if sys.argv[1:] == ["2"]:
        second()
        sys.exit()
    jobs = []
    for seed in (11, 12):
        for changed in [{}] + [{key: value} for key, values in FACTORS.items() for value in values]:
            for name in SETTINGS:
                if "smoothing" not in changed or "smooth" in name:
                    jobs += [
                        {**CENTRE, **changed, "setting": name, "problem": problem, "seed": seed} for problem in NAMES]
    # constant steps with Euler: the case in which tight networks oscillate
    for seed in (11, 12):
        for name in SETTINGS:
            jobs += [{**CENTRE, "schedule": "constant", "integrator": "euler", "setting": name, "problem": problem,
                      "seed": seed} for problem in NAMES]
    run_all(jobs, "factors.csv")
