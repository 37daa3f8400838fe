"""One run of gpa-mpi and what is measured of it."""
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from multiprocessing import Pool

import h5py
import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist, pdist

from problems import problem

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PROGRAM = os.environ.get("GPA_PROGRAM", os.path.join(ROOT, ".build", "release", "gpa-mpi"))
REACH = 1.1  # times the floor
SETTINGS = {
    "paper": ("spectral", "relu"),
    "normalized+relu": ("normalized", "relu"),
    "normalized+max_min": ("normalized", "max_min"),
    "normalized+smooth_max_min": ("normalized", "smooth_max_min"),
    "orthonormal+max_min": ("orthonormal", "max_min"),
    "orthonormal+smooth_max_min": ("orthonormal", "smooth_max_min"),
}
CONFIGURATION = [
    "setting", "problem", "seed", "L", "step", "schedule", "iterations", "rate", "integrator", "steps", "smoothing",
    "variant"]
FIGURES = [
    "size", "floor", "seconds_per_step", "reach_steps", "reach_seconds", "end_train", "end_held_out", "memory", "fisher"]


def w2(a, b):
    """The exact 2-Wasserstein distance of two sets of equal size."""
    cost = cdist(a.astype(float), b.astype(float), "sqeuclidean")
    return np.sqrt(cost[linear_sum_assignment(cost)].mean())


def diameter(rows, most=1000):
    """As the program's: the 90th percentile of the distances of pairs."""
    chosen = rows[np.arange(min(len(rows), most)) * len(rows) // min(len(rows), most)].astype(float)
    distances = np.sort(pdist(chosen))
    return distances[int(0.9 * (len(distances) - 1))]


def deck(config, size):
    """The deck of a configuration: lengths in diameters, L times the diameter, L times the time step in diameters."""
    is_absolute = config.get("variant") == "absolute"  # L and the time step as numbers, smoothing 0.5
    lipschitz = config["L"] if is_absolute else config["L"] / size
    step = config["step"] if is_absolute else config["step"] * size / lipschitz
    smoothing = 0.5 if is_absolute else config["smoothing"] * size
    return {
        "seed": config["seed"],
        "source": {"file": "data.npz", "array": "source"},
        "target": {"file": "data.npz", "array": "target"},
        "divergence": {"f": "kl", "lipschitz": float(lipschitz)},
        "discriminator": {
            "hidden": [32, 32, 32], "activation": config["activation"], "constraint": config["constraint"],
            "scale": config.get("scale", "none"),
            **({"smoothing": float(smoothing)} if config["activation"].startswith("smooth_") else {})},
        "training": {"optimizer": "adam", "learning_rate": config["rate"], "iterations": config["iterations"],
            "warm_up": 0},
        "transport": {
            "integrator": config["integrator"], "time_step": float(step), "schedule": config["schedule"],
            "steps": config["steps"]},
        "stop": {"automatic": False},
        "flow": {"start": "none"},
        "output": {"frames_every": max(1, config["steps"] // 80)},
        "checkpoint": {"every": 0},
    }


def rescaled(sets, radius):
    """The first two sets and others with these as far from the origin, in the middle, as the radius says."""
    first, second = (rows.astype(float) for rows in sets[:2])
    centre = (np.median(first, 0) + np.median(second, 0)) / 2
    distances = [np.median(np.linalg.norm(rows - centre, axis=1)) for rows in (first, second)]
    unit = np.sqrt(np.mean(np.square(distances)))
    return [((rows - centre) / unit * radius).astype(np.float32) for rows in sets]


def first_reach(frames, target, limit):
    """The first frame within the limit: every fourth is looked at, then those before."""
    for i in range(0, len(frames) + 3, 4):
        if w2(frames[min(i, len(frames) - 1)], target) <= limit:
            for j in range(max(i - 3, 0), min(i, len(frames))):
                if w2(frames[j], target) <= limit:
                    return j
            return min(i, len(frames) - 1)
    return None


def measure(config):
    """Runs a configuration on a problem; the configuration with its figures."""
    sets = problem(config["problem"], config["seed"])
    source, target, held_out = rescaled(sets, config["radius"]) if config.get("radius") else sets
    size = diameter(target)
    written = deck(config, size)
    folder = tempfile.mkdtemp(prefix="gpa-study-")
    try:
        np.savez(os.path.join(folder, "data.npz"), source=source, target=target)
        with open(os.path.join(folder, "deck.yaml"), "w") as file:
            json.dump(written, file)
        environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
        outcome = subprocess.run(
            [PROGRAM, "run", "deck.yaml", "--quiet"], cwd=folder, env=environment, capture_output=True, text=True)
        if outcome.returncode not in (0, 3):
            raise RuntimeError(outcome.stderr)
        with h5py.File(os.path.join(folder, "runs", "deck", "run.h5")) as run:
            frames, steps = run["frames/particles"][:], run["frames/step"][:]
            seconds = sum(run["timing"][k][1] for k in run["timing"] if k not in ("total", "output"))
            fisher = float(run["metrics/fisher_information"][-1])
            made = int(run["metrics/step"][-1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    floor = w2(target, held_out)
    reached = first_reach(frames, target, REACH * floor)
    end = frames[-1]
    nearest = lambda rows: cdist(rows.astype(float), target.astype(float)).min(1).mean()
    per_step = seconds / made
    result = dict(config)
    chosen = sorted({int(i) for i in np.geomspace(1, len(frames) - 1, 14)}) if config.get("curve") else []
    result.update(
        size=float(size), floor=float(floor), seconds_per_step=float(per_step),
        reach_steps=int(steps[reached]) if reached is not None else -1,
        reach_seconds=float(steps[reached] * per_step) if reached is not None else -1.0,
        end_train=float(w2(end, target) / floor), end_held_out=float(w2(end, held_out) / floor),
        curve=[(int(steps[i]), float(w2(frames[i], target) / floor)) for i in chosen], 
        memory=float(nearest(end) / nearest(held_out)), fisher=float(fisher / written["divergence"]["lipschitz"] ** 2))
    return result


def attempt(config):
    constraint, activation = SETTINGS[config["setting"]]
    try:
        return measure(dict(config, constraint=constraint, activation=activation))
    except Exception as error:  # one failed run is a line on the console, not the end of a study
        print(config, error, file=sys.stderr, flush=True)


def run_all(jobs, name, processes=2, further=(), curves=None):
    """Measures configurations, two at a time, and appends each result to a table in results/, W2 over steps to another."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results")
    path = os.path.join(folder, name)
    identity = list(further) + CONFIGURATION
    columns = identity + FIGURES
    done = set()
    if os.path.exists(path):
        with open(path) as file:
            done = {tuple(row[k] for k in identity) for row in csv.DictReader(file)}
    text = lambda row: {k: f"{row[k]:.4g}" if isinstance(row.get(k), float) else str(row.get(k, "")) for k in columns}
    jobs = [job for job in jobs if tuple(text(job)[k] for k in identity) not in done]
    is_new = not os.path.exists(path)
    with open(path, "a", newline="") as file, Pool(processes) as pool:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        if is_new:
            writer.writeheader()
        for i, row in enumerate(pool.imap_unordered(attempt, jobs)):
            if row is not None:
                writer.writerow(text(row))
                file.flush()
                if curves is not None:
                    with open(os.path.join(folder, curves), "a", newline="") as other:
                        line = csv.writer(other, lineterminator="\n")
                        if other.tell() == 0:
                            line.writerow(["name", "problem", "seed", "step", "seconds", "w2"])
                        for step, distance in row["curve"]:
                            line.writerow([row["name"], row["problem"], row["seed"], step,
                                           f"{step * row['seconds_per_step']:.4g}", f"{distance:.4g}"])
            if (i + 1) % 100 == 0:
                print(f"{name}: {i + 1} of {len(jobs)}", flush=True)
