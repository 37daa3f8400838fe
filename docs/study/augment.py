#!/usr/bin/env python3
"""What a setting makes of scarce data: how near the new samples are to unseen ones, and how many of them are copies.

usage: augment.py [--problems NAMES] [--seeds N] [--first S] [--count M] [--generated M] [--frames N] [--processes P] [--earlier]
                  [--set KEY=VALUE ...]

Problems of augmentation: swiss-roll (200 training rows, 1000 held out) and wdbc (106 and 106 in 30 dimensions; needs the
data, see wdbc.py). Problems of resolution: two-moons, eight-gaussians and thin-blobs (400 particles, 400 training rows, 400
held out), where the steps count until W2 to the training rows is 1.1 times that of held-out rows. All sources are standard
Gaussians. --set goes to the program, --generated adds as many carried particles, --frames measures every N steps too.

Columns, means over the seeds (standard deviation): W2 to held-out rows, exact, equal counts, and its floor, W2 of the
training rows and as many held-out ones; energy distance in 1e-3; precision and recall by 3 nearest neighbours; nearer: the share nearer to a
training row than to any of as many held-out rows (0.5: no memory); copies: the share nearer to a training row than 95% of
the held-out rows are (0.05: none); DCR: the score of SDMetrics' DCROverfittingProtection for as many held-out rows as
training rows (1: no memory).
"""
import argparse
import json
import os
import subprocess
import tempfile
from collections import defaultdict
from multiprocessing import Pool

import h5py
import numpy as np
from scipy.spatial.distance import cdist

from measure import PROGRAM, REACH, diameter, first_reach, w2
from problems import SHARED, swiss_roll
from wdbc import malignant, split

THIN = np.array([3, 1, 0.3, 0.1, 0.03])


def two_moons(n, random):
    angle, lower = np.pi * random.random(n), random.integers(0, 2, n)[:, None] == 1
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    return 2 * (np.where(lower, [1, 0.5] - upper, upper) + 0.06 * random.standard_normal((n, 2)))


def eight_gaussians(n, random):
    angle = np.pi / 4 * random.integers(0, 8, n)
    return 4 * np.stack([np.cos(angle), np.sin(angle)], 1) + 0.3 * random.standard_normal((n, 2))


def thin_blobs(n, random):
    """One of unit covariance around (-4, 0, ...), one thin in three directions around (4, 0, ...)."""
    is_thin, normal = random.integers(0, 2, n)[:, None] == 1, random.standard_normal((n, 5))
    return np.where(is_thin, normal * THIN + [4, 0, 0, 0, 0], normal - [4, 0, 0, 0, 0])


RESOLUTION = {"two-moons": two_moons, "eight-gaussians": eight_gaussians, "thin-blobs": thin_blobs}
NAMES = ["swiss-roll", "wdbc", *RESOLUTION]


def problem(name, seed):
    """Training and held-out rows."""
    random = np.random.default_rng([seed, NAMES.index(name)])
    if name == "wdbc":
        return split(malignant(os.path.join(SHARED, "uci-wdbc")), random)
    law, sizes = (swiss_roll, (200, 1000)) if name == "swiss-roll" else (RESOLUTION[name], (400, 400))
    return [law(n, random) for n in sizes]


def dcr_protection(rows, train, held_out):
    """The score of SDMetrics' DCROverfittingProtection for numerical columns: differences in the ranges of the reference
    rows, at most 1, are added up; min(2 (1 - share strictly nearer to training rows), 1)."""
    def closest(reference):
        spread = np.ptp(reference, axis=0)
        total = np.zeros((len(rows), len(reference)))
        for j, width in enumerate(spread):
            difference = np.abs(rows[:, j, None] - reference[None, :, j])
            total += np.minimum(difference / width, 1) if width > 0 else difference > 0
        return total.min(1)
    return min(2 * (1 - (closest(train) < closest(held_out)).mean()), 1)


def energy(a, b):
    """The unbiased estimate of the energy distance."""
    within = lambda x: cdist(x, x).sum() / (len(x) * (len(x) - 1))
    return 2 * cdist(a, b).mean() - within(a) - within(b)


def third_neighbour(rows):
    return np.partition(cdist(rows, rows), 3, axis=1)[:, 3]


def judge(rows, train, held_out):
    count = min(len(rows), len(held_out))
    parts = [rows[i * count:(i + 1) * count] for i in range(min(len(rows) // count, max(1, 1000 // count), 5))]
    to_train, unseen = cdist(rows, train).min(1), held_out[:len(train)]
    return {
        "W2": np.mean([w2(part, held_out[:count]) for part in parts]),
        "floor": w2(train[:len(unseen)], unseen[:len(train)]),
        "energy": 1e3 * energy(rows[:2000], held_out),
        "precision": (cdist(rows[:2000], held_out) < third_neighbour(held_out)).any(1).mean(),
        "recall": np.mean([(cdist(held_out, part) < third_neighbour(part)).any(1).mean() for part in parts]),
        "nearer": (to_train < cdist(rows, unseen).min(1)).mean(),
        "copies": (to_train < np.quantile(cdist(held_out, train).min(1), 0.05)).mean(),
        "DCR": dcr_protection(rows, train, unseen),
    }


def run(name, seed, train, options):
    """The run's file as arrays: frames and their steps, final and carried particles, seconds of the solver."""
    gaussian = lambda count: {"sampler": "gaussian", "count": count, "dimension": train.shape[1]}
    count = 400 if name in RESOLUTION else options.count
    deck = {"seed": seed, "source": gaussian(count), "target": {"file": "data.npz", "array": "target"},
            "transport": {"steps": 1000}, "checkpoint": {"every": 0},
            "output": {"frames_every": 4 if name in RESOLUTION else options.frames}}
    if options.earlier:
        length = 0.1 / 0.5 * diameter(train) ** 2
        deck["transport"] |= {"time_step": float(length), "schedule": "linear"}
        deck |= {"flow": {"start": "none"}, "training": {"warm_up": 0}, "stop": {"automatic": False}}
    if options.generated:
        deck["generated"] = gaussian(options.generated)
    with tempfile.TemporaryDirectory(prefix="gpa-study-") as folder:
        np.savez(os.path.join(folder, "data.npz"), target=train.astype(np.float32))
        with open(os.path.join(folder, "deck.yaml"), "w") as file:
            json.dump(deck, file)
        outcome = subprocess.run(
            [PROGRAM, "run", "deck.yaml", "--quiet", *(word for text in options.set for word in ("--set", text))],
            cwd=folder, env=dict(os.environ, OPENBLAS_NUM_THREADS="1"), capture_output=True, text=True)
        if outcome.returncode not in (0, 3):
            raise RuntimeError(outcome.stderr)
        with h5py.File(os.path.join(folder, "runs", "deck", "run.h5")) as file:
            return {
                "frames": file["frames/particles"][:].astype(float), "steps": file["frames/step"][:],
                "particles": file["particles"][:].astype(float),
                "generated": file["generated"][:].astype(float) if "generated" in file else None,
                "made": len(file["metrics/step"]),
                "seconds": sum(file["timing"][k][1] for k in file["timing"] if k not in ("total", "output"))}


def measure(job):
    """The measured sets of one run, by name."""
    name, seed, options = job
    train, held_out = problem(name, seed)
    result = run(name, seed, train, options)
    whole = {"step": result["steps"][-1], "made": result["made"], "seconds": result["seconds"]}
    if name in RESOLUTION:
        floor = w2(train, held_out)
        reached = first_reach(result["frames"], train, REACH * floor)
        whole["reach"] = result["steps"][reached] if reached is not None else np.nan
    found = {}
    if options.frames:
        for step, rows in zip(result["steps"], result["frames"]):
            if step % options.frames == 0:
                found[f"step {step}"] = judge(rows, train, held_out)
    found["particles"] = {**whole, **judge(result["particles"], train, held_out)}
    if result["generated"] is not None:
        found["generated"] = judge(result["generated"], train, held_out)
    return name, found


def table(name, sets):
    """Prints one line for each measured set; a column that a set lacks is empty."""
    columns = list(max((each[0] for each in sets.values()), key=len))
    print(f"\n| {name} | " + " | ".join(columns) + " |\n|" + " --- |" * (1 + len(columns)))
    for title, runs in sets.items():
        cells = []
        for column in columns:
            values = np.array([each[column] for each in runs if column in each], float)
            known = values[np.isfinite(values)]
            cell = f"{known.mean():.3g} ({known.std():.1g})" if len(known) else "never" if len(values) else ""
            cells.append(cell + (f" in {len(known)} of {len(values)}" if 0 < len(known) < len(values) else ""))
        print(f"| {title} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", default=",".join(NAMES), help="comma-separated names")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=2000, help="the first seed")
    parser.add_argument("--count", type=int, default=2000, help="particles of the problems of augmentation")
    parser.add_argument("--generated", type=int, default=0)
    parser.add_argument("--earlier", action="store_true", help="as the defaults of version 0.3: 1000 steps, no end in time")
    parser.add_argument("--frames", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1, choices=(1, 2))
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    chosen = options.problems.split(",")
    if unknown := set(chosen) - set(NAMES):
        parser.error(f"no problem {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    jobs = [(name, options.first + i, options) for name in chosen for i in range(options.seeds)]
    sets = defaultdict(lambda: defaultdict(list))
    with Pool(options.processes) as pool:
        for name, found in pool.imap(measure, jobs):
            for title, figures in found.items():
                sets[name][title].append(figures)
            if len(sets[name]["particles"]) == options.seeds:
                table(name, sets[name])
