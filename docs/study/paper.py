#!/usr/bin/env python3
"""What the jobs of jobs/paper show, in numbers: runs the decks and prints each claim of their headers with its value.

usage: paper.py [--set KEY=VALUE ...] [NAME ...]

Names of decks, as fig-2-3; all by default. --set goes to all runs, as discriminator.constraint=spectral for the norm that
the paper's text has in place of that of the authors' code. RANKS=2 runs on two ranks.
"""
import argparse
import os
import subprocess
import tempfile

import h5py
import numpy as np
from scipy.spatial.distance import cdist

from augment import energy
from measure import PROGRAM, ROOT, w2
from problems import mixture, swiss_roll

LEVEL, SIDE = 4, 10.0
GIVEN = []  # --set of the command line
DIVERGENCES = {"KL": ["divergence.f=kl"], "alpha 2": [], "alpha 10": ["divergence.alpha=10"]}
QUANTILES = (0.25, 0.5, 0.75, 0.9)


def run(name, *settings):
    """Runs a deck; its result's arrays, how it ended and the seconds it took."""
    with tempfile.TemporaryDirectory(prefix="gpa-study-") as folder:
        outcome = subprocess.run(
            ["mpirun", "-q", "-n", os.environ.get("RANKS", "1"), "--oversubscribe", PROGRAM, "run",
             os.path.join(ROOT, "jobs", "paper", name + ".yaml"), "--output", os.path.join(folder, "run"), "--quiet",
             *(word for text in [*GIVEN, *settings] for word in ("--set", text))],
            env=dict(os.environ, OPENBLAS_NUM_THREADS="1"), capture_output=True, text=True)
        if outcome.returncode not in (0, 3):
            raise RuntimeError(outcome.stderr)
        with h5py.File(os.path.join(folder, "run", "run.h5")) as file:
            return {
                "status": file.attrs["status"], "seconds": file["timing/total"][2],
                "particles": file["particles"][:].astype(float), "target": file["target"][:].astype(float),
                "frames": file["frames/particles"][:].astype(float), "steps": file["frames/step"][:],
                **{k: file["metrics"][k][:] for k in file["metrics"] if k != "step"}}


def told(name, result, *claims):
    print(f"{name}: {result['status']} after {len(result['time'])} steps, {result['seconds']:.1f} s; " + "; ".join(claims),
          flush=True)


def last(values, share=0.1):
    return values[-max(1, int(share * len(values))):].mean()


def holes(points, level):
    """Which points lie in the squares that a level leaves out."""
    cell = np.floor(points / SIDE * 3 ** level).astype(int) % 3
    return (cell == 1).all(1)


def carpet(name):
    """The share in dark cells, the density in each level's holes over that outside, the cells that are found."""
    result = run(name)
    points, side = result["particles"][:, :2], 3 ** LEVEL
    inside = points[((points > 0) & (points < SIDE)).all(1)]
    removed = [holes(inside, level) for level in range(1, LEVEL + 1)]
    densities = []
    for level, is_in in enumerate(removed, 1):
        # Of the holes of larger levels nothing is asked here.
        known = ~np.any(removed[:level - 1], axis=0) if level > 1 else np.ones(len(inside), bool)
        densities.append(8 * (is_in & known).sum() / max(1, (~is_in & known).sum()))
    is_dark = ~np.any(removed, axis=0)
    cells = np.unique(np.floor(inside[is_dark] / SIDE * side).astype(int), axis=0)
    claims = [f"in dark cells {is_dark.sum() / len(points):.3f} (uniform in the square 0.624)",
              "density in holes over that outside, by level " + ", ".join(f"{d:.2f}" for d in densities),
              f"{len(cells)} of 4096 cells", f"Fisher {result['fisher_information'][0]:.3g} to {last(result['fisher_information']):.3g}",
              f"D {last(result['divergence']):.3g}"]
    if result["particles"].shape[1] == 3:
        claims.append(f"mean |z| {np.abs(result['particles'][:, 2]).mean():.4f}, "
                      f"median {np.median(np.abs(result['particles'][:, 2])):.4f} (cells are {SIDE / side:.3f} wide)")
    told(name, result, *claims)


def four_gaussians(name):
    """L = 1, 10, 100 and none: whether particles come to rest, and where."""
    fresh = mixture(200, np.random.default_rng(0))
    for steps in (500, 5000):
        for bound in ("1", "10", "100", ".inf"):
            result = run(name, f"divergence.lipschitz={bound}", f"transport.steps={steps}")
            fisher = result["fisher_information"]
            distance = [w2(rows, result["target"]) for rows in (result["particles"], fresh)]
            told(f"{name}, L {bound}", result,
                 f"Fisher at first {fisher[:5].mean():.3g}, greatest {fisher.max():.3g}, at the end {last(fisher):.3g}",
                 f"W2 to the target {distance[0]:.3g}, of fresh samples {distance[1]:.3g}")


def tails(name, *settings, title=""):
    """KL, alpha 2 and, for Fig. 4, alpha 10: quantiles of |x_i - centre| of particles over those of the target."""
    fig_4 = name == "fig-4-12" and not settings
    for title_f, chosen in DIVERGENCES.items():
        if title_f == "alpha 10" and not fig_4:
            continue
        result = run(name, *settings, *chosen)
        centre = np.median(result["target"], axis=0)
        spread = lambda rows: np.quantile(np.abs(rows - centre), QUANTILES)
        ends = [f"{p:.3g} / {t:.3g}" for p, t in zip(spread(result["particles"]), spread(result["target"]))]
        numbers = {k: result[k] for k in ("divergence", "fisher_information")}
        is_finite = all(np.isfinite(v).all() for v in numbers.values()) and np.isfinite(result["particles"]).all()
        claims = ["all finite" if is_finite else "not finite",
                  f"D greatest {result['divergence'].max():.3g}, at the end {last(result['divergence']):.3g}",
                  f"Fisher at the end {last(result['fisher_information']):.3g}",
                  "|x| 25/50/75/90%, particles / target: " + ", ".join(ends)]
        if len(result["particles"]) == len(result["target"]):
            start = result["frames"][0]
            claims.append(f"energy distance {energy(start, result['target']):.3g} to {energy(result['particles'], result['target']):.3g}")
        if fig_4:
            at = lambda time: np.abs(result["divergence"][np.searchsorted(result["time"], time):][:50]).mean()
            claims.append("D at t = 25, 200, 490: " + ", ".join(f"{at(t):.3g}" for t in (25, 200, 490)))
        told(f"{name}{title}, {title_f}", result, *claims)


def heavy_targets(name):
    tails(name)
    for case, freedom in ((6, "3"), (7, "1.5"), (8, "0.5")):
        tails(name, f"target.degrees_of_freedom={freedom}", title=f", case {case}")


def heavy_sources(name):
    for case, freedom in ((2, "3"), (3, "1.5"), (4, "0.5")):
        tails(name, f"source.degrees_of_freedom={freedom}", title=f", case {case}")


def roll(name):
    """Particles, N = 200, 600 and 5000, that learn the roll from 200 targets: copies or new ones."""
    for count in (200, 600, 5000):
        result = run(name, f"source.count={count}")
        fresh = 10 * swiss_roll(5000, np.random.default_rng(1))
        nearest = lambda rows: cdist(rows, result["target"]).min(1).mean()
        known = np.random.default_rng(2).integers(0, 200, 1000)
        part = result["particles"][np.arange(1000) % count]
        told(f"{name}, N {count}", result,
             f"D {result['divergence'][:5].mean():.3g} to {last(result['divergence']):.3g}",
             f"Fisher {result['fisher_information'][:5].mean():.3g} to {last(result['fisher_information']):.3g}",
             f"distance to the nearest target {nearest(result['particles']) / nearest(fresh):.2f} of fresh points' "
             f"(half way: {nearest(result['frames'][len(result['frames']) // 2]) / nearest(fresh):.2f})",
             f"W2 of 1000 to fresh points {w2(part, fresh[:1000]):.3g}, of 1000 draws of the targets "
             f"{w2(result['target'][known], fresh[:1000]):.3g}")


def twelve(name):
    """Euler, Heun and RK4: how much is left of the ten coordinates in which the target is zero."""
    for step in ("0.5", "0.2"):
        for integrator in ("euler", "heun", "rk4"):
            result = run(name, f"transport.integrator={integrator}", f"transport.time_step={step}")
            late = result["frames"][-len(result["frames"]) // 5:, :, 2:]
            speeds = np.diff(result["frames"][-len(result["frames"]) // 5:, :, 2:], axis=0)
            told(f"{name}, {integrator}, dt {step}", result,
                 f"orthogonal coordinates over the last fifth: deviation {late.std():.4f}, mean |x| {np.abs(late).mean():.4f}, "
                 f"change between frames {np.abs(speeds).mean():.4f}",
                 f"W2 in the plane {w2(result['particles'][:200, :2], result['target'][:, :2]):.3g}",
                 f"Fisher {last(result['fisher_information']):.3g}")


JOBS = {
    "fig-1": carpet, "fig-2-3": four_gaussians, "fig-4-12": heavy_targets, "fig-6-13": roll, "fig-7": carpet,
    "fig-11": twelve, "table-1-1": tails, "table-1-2-3-4": heavy_sources, "table-1-5": tails,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    if unknown := set(options.names) - set(JOBS):
        parser.error(f"no job {', '.join(sorted(unknown))}; there are {', '.join(JOBS)}")
    GIVEN.extend(options.set)
    for name in options.names or JOBS:
        JOBS[name](name)
