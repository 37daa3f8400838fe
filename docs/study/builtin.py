#!/usr/bin/env python3
"""The built-in job, 5000 particles to a Swiss roll known by 200 samples: the paper's setting and the deck's defaults.

usage: builtin.py      writes results/builtin.csv; RANKS=2 ranks
Held-out W2 is that of 1000 particles (every fifth) and 1000 fresh points of the roll. The level is the least that the
paper's setting comes to in its 1000 steps, plus 2%; the seconds are the solver's, without output, until then.
"""
import csv
import os
import shutil
import subprocess
import tempfile

import h5py
import numpy as np

from measure import PROGRAM, w2
from problems import swiss_roll

DATA = """
source: {sampler: gaussian, count: 5000, mean: [0, 1, 0], standard_deviation: 0.5}
target: {sampler: swiss_roll, count: 200, scale: 0.1}
checkpoint: {every: 0}
"""
PAPER = """
divergence: {lipschitz: 1.0}
discriminator: {activation: relu, constraint: spectral}
training: {learning_rate: 1.0e-3, iterations: 5}
transport: {integrator: heun, time_step: 0.1, schedule: constant, steps: 1000}
output: {frames_every: 10}
"""
NEW = """
transport: {steps: 200}
output: {frames_every: 2}
"""


def run(deck, seed):
    folder = tempfile.mkdtemp(prefix="gpa-study-")
    try:
        with open(os.path.join(folder, "deck.yaml"), "w") as file:
            file.write(f"seed: {seed}\n{DATA}{deck}")
        subprocess.run(
            ["mpirun", "-n", os.environ.get("RANKS", "2"), "--oversubscribe", PROGRAM, "run", "deck.yaml", "--quiet"],
            cwd=folder, env=dict(os.environ, OPENBLAS_NUM_THREADS="1"), check=True)
        with h5py.File(os.path.join(folder, "runs", "deck", "run.h5")) as file:
            frames, steps = file["frames/particles"][:, ::5], file["frames/step"][:]
            seconds = sum(file["timing"][k][1] for k in file["timing"] if k not in ("total", "output"))
            target = file["target"][:]
            fisher = file["metrics/fisher_information"][-1]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    held_out = swiss_roll(1000, np.random.default_rng(seed)).astype(np.float32)
    nearest = lambda rows: np.sqrt(((rows[:, None] - target[None]) ** 2).sum(2)).min(1).mean()
    return steps, seconds, np.array([w2(f, held_out) for f in frames]), nearest(frames[-1]) / nearest(held_out), fisher


if __name__ == "__main__":
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results", "builtin.csv")
    with open(path, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["seed", "setting", "level", "steps", "seconds", "least", "end", "memory", "fisher", "run_seconds"])
        for seed in (301, 302, 303, 304, 305):
            paper = run(PAPER, seed)
            level = 1.02 * paper[2].min()
            for name, (steps, seconds, distance, memory, fisher) in (("paper", paper), ("defaults", run(NEW, seed))):
                there = np.flatnonzero(distance <= level)
                step = steps[there[0]] if len(there) else -1
                row = [seed, name, level, step, seconds * step / steps[-1] if step >= 0 else -1, distance.min(),
                       distance[-1], memory, fisher, seconds]
                table.writerow([f"{v:.4g}" if isinstance(v, float) else v for v in row])
                print(*row, flush=True)
