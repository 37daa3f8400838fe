#!/usr/bin/env python3
"""New rows through a map that was learned without them: patients of TCGA onto those of SCAN-B, five folds.

usage: new_rows.py [--set KEY=VALUE ...]

Gene expression of two studies of breast tumours (shared/data/breast-rnaseq-er): log2 counts per million against log2 FPKM of
the genes of both, standardised and reduced to 50 principal components together, scaled to a diameter of 10; tumours with and
without estrogen receptors one after the other. The map is learned from four fifths of TCGA; the last fifth is carried along.

Figures: the squared W2 distance to SCAN-B, in percent of that of TCGA, of the particles (mean of five folds) and of the new rows
(of all folds together), their ratio, and the total variance over SCAN-B's. Needs POT (pip install pot).
"""
import argparse
import csv
import gzip
import json
import os
import subprocess
import tempfile

import h5py
import numpy as np
import ot
from scipy.spatial.distance import cdist, pdist

from measure import PROGRAM
from problems import SHARED

FOLDER = os.path.join(SHARED, "breast-rnaseq-er")


def read(name):
    path = os.path.join(FOLDER, name)
    if name.endswith(".npy"):
        return np.load(path).astype(float)
    with (gzip.open(path, "rt") if name.endswith(".gz") else open(path)) as file:
        return list(csv.DictReader(file)) if name.endswith(".csv") else [line.strip() for line in file]


def components():
    """Both studies in 50 principal components, and which rows have receptors."""
    counts, other = read("tcga_brca_counts.npy"), read("scanb_gse96058_log2fpkm.npy")
    place = {gene: i for i, gene in enumerate(read("tcga_brca_genes.txt.gz"))}
    pairs = [(place[gene], j) for j, gene in enumerate(read("scanb_gse96058_genes.txt.gz")) if gene in place]
    first = np.log2(1e6 * counts / counts.sum(1, keepdims=True) + 1)[:, [i for i, _ in pairs]]
    both = np.vstack([first, other[:, [j for _, j in pairs]]])
    deviations = both.std(0)
    deviations[deviations == 0] = 1
    both = (both - both.mean(0)) / deviations
    directions = np.linalg.svd(both, full_matrices=False)[2][:50]
    both = both @ directions.T
    both *= 10 / np.quantile(pdist(both[len(counts):]), 0.9)
    return (both[:len(counts)], both[len(counts):],
            np.array([row["ER"] == "Positive" for row in read("tcga_brca_labels.csv")]),
            np.array([row["er_status"] == "1" for row in read("scanb_gse96058_labels.csv")]))


def squared_w2(a, b):
    return ot.emd2([], [], cdist(a, b, "sqeuclidean"), numItermax=10**6)


def carried(train, target, new, seed, settings):
    """The particles, and the new rows that are carried along, after a run of the defaults."""
    deck = {"seed": seed, "source": {"file": "data.npz", "array": "source"},
            "target": {"file": "data.npz", "array": "target"}, "generated": {"file": "data.npz", "array": "new"}}
    with tempfile.TemporaryDirectory(prefix="gpa-study-") as folder:
        arrays = {"source": train, "target": target, "new": new}
        np.savez(os.path.join(folder, "data.npz"), **{k: v.astype(np.float32) for k, v in arrays.items()})
        with open(os.path.join(folder, "deck.yaml"), "w") as file:
            json.dump(deck, file)
        subprocess.run([PROGRAM, "run", "deck.yaml", "--quiet", *(w for text in settings for w in ("--set", text))],
                       cwd=folder, env=dict(os.environ, OPENBLAS_NUM_THREADS="1"), check=True)
        with h5py.File(os.path.join(folder, "runs", "deck", "run.h5")) as run:
            return run["particles"][:].astype(float), run["generated"][:].astype(float), int(run["frames/step"][-1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    settings = parser.parse_args().set
    tcga, scan_b, *receptors = components()
    for has in (True, False):
        source, target = tcga[receptors[0] == has], scan_b[receptors[1] == has]
        order, start = np.random.default_rng(5).permutation(len(source)), squared_w2(source, target)
        moved, new, steps = [], [], []
        for fold in range(5):
            is_new = np.isin(np.arange(len(source)), order[fold::5])
            particles, rows, step = carried(source[~is_new], target, source[is_new], fold, settings)
            moved.append(100 * squared_w2(particles, target) / start)
            new.append(rows)
            steps.append(step)
        rows = np.concatenate(new)
        share = 100 * squared_w2(rows, target) / start
        print(f"receptors {'yes' if has else 'no'}: {np.mean(steps):.0f} steps, particles {np.mean(moved):.2f}, new rows "
              f"{share:.2f}, ratio {share / np.mean(moved):.2f}, variance {rows.var(0).sum() / target.var(0).sum():.2f}",
              flush=True)
