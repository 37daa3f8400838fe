#!/usr/bin/env python3
"""How near samples of one study come to held-out samples of another, and what is kept of their places among each other.

integration.py PROGRAM DATA [PROBLEM ...] prints, for each problem, the mean over its folds of: squared W2 to held-out targets in
percent of that before, the rank correlation of pairwise distances with those before, the share of each sample's 15 nearest
neighbours that still are, the unbiased energy distance to held-out targets, and the variance over that of the targets; for the
run and for a shift, mean and standard deviation, and a Gaussian map. DATA is the folder of the data sets that jobs/ name. Needs
NumPy, SciPy, h5py and POT.
"""
import csv
import gzip
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import ot
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist, pdist
from scipy.stats import spearmanr

FOLDS = 5


def lines(path):
    with gzip.open(path, "rt") as file:
        return file.read().split()


def table(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        return list(csv.DictReader(file, delimiter="\t" if ".tsv" in path else ","))


def folds(count):
    order = np.random.default_rng(0).permutation(count)
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        yield np.setdiff1d(order, test), test


def components(source, train, test, count=50):
    both = np.vstack([source, train])
    mean, deviation = both.mean(0), both.std(0, ddof=1)
    deviation[deviation == 0] = 1
    scaled = (both - mean) / deviation
    axes = np.linalg.svd(scaled - scaled.mean(0), full_matrices=False)[2][:count].T
    return [((rows - mean) / deviation - scaled.mean(0)) @ axes for rows in (source, train, test)]


def genes(data):
    folder = data + "/breast-rnaseq-er/"
    counts = np.load(folder + "tcga_brca_counts.npy").astype(float)
    source = np.log2(counts / counts.sum(1, keepdims=True) * 1e6 + 1)
    target = np.load(folder + "scanb_gse96058_log2fpkm.npy").astype(float)
    own, other = lines(folder + "tcga_brca_genes.txt.gz"), lines(folder + "scanb_gse96058_genes.txt.gz")
    place = {gene: i for i, gene in enumerate(own)}
    common = [gene for gene in other if gene in place]
    source, target = source[:, [place[gene] for gene in common]], target[:, [other.index(gene) for gene in common]]
    positive = np.array([row["ER"] == "Positive" for row in table(folder + "tcga_brca_labels.csv")])
    theirs = np.array([row["er_status"] == "1" for row in table(folder + "scanb_gse96058_labels.csv")])
    yield "tcga-er+", source[positive], target[theirs], True
    yield "tcga-er-", source[~positive], target[~theirs], True
    folder = data + "/breast-er-small/"
    sides = []
    for name in ("expo", "vdx"):
        labels = np.array([row["er"] for row in table(folder + name + "_labels.csv")])
        sides.append((np.load(folder + name + "_log2.npy").astype(float), labels))
    for label in "10":
        yield "expo-er" + "-+"[int(label)], *(rows[labels == label] for rows, labels in sides), True


def cells(data):
    folder = data + "/pbmc-harmony/pbmc_3500_"
    with gzip.open(folder + "pcs.tsv.gz", "rt") as file:
        points = np.loadtxt(file, skiprows=1)
    donors = np.array([row["donor"] for row in table(folder + "meta.tsv.gz")])
    for donor in "AC":
        yield "pbmc-" + donor, points[donors == donor], points[donors == "B"], False
    folder = data + "/cell-lines-harmony/cell_lines_"
    points, rows = np.load(folder + "pcs.npy"), table(folder + "meta.csv.gz")
    sets, types = np.array([row["dataset"] for row in rows]), np.array([row["cell_type"] for row in rows])
    for line in ("jurkat", "t293"):
        yield "line-" + line, points[sets == line], points[(sets == "half") & (types == line)], False
    yield "lines", points[sets != "half"], points[sets == "half"], False


def squared_w2(a, b):
    weights = [np.full(len(rows), 1 / len(rows)) for rows in (a, b)]
    return ot.emd2(*weights, cdist(a, b, "sqeuclidean"), numItermax=10**7)


def energy(a, b):
    n, m = len(a), len(b)
    return 2 * cdist(a, b).mean() - cdist(a, a).sum() / n / (n - 1) - cdist(b, b).sum() / m / (m - 1)


def neighbours(rows):
    distances = cdist(rows, rows)
    np.fill_diagonal(distances, np.inf)
    return np.argpartition(distances, 15, 1)[:, :15]


def figures(before, after, train, test, start):
    some = np.random.default_rng(1).permutation(len(before))[:300]
    same = [len(set(a) & set(b)) / 15 for a, b in zip(neighbours(before), neighbours(after))]
    return [
        100 * squared_w2(after, test) / start,
        spearmanr(pdist(before[some]), pdist(after[some]))[0],
        np.mean(same),
        energy(after, test),
        after.var(0).sum() / train.var(0).sum(),
    ]


def gaussian(source, target):
    ridge = 0.1 * np.trace(np.cov(source.T)) / source.shape[1] * np.eye(source.shape[1])
    s, t = np.cov(source.T) + ridge, np.cov(target.T) + ridge
    root = np.real(sqrtm(s))
    inverse = np.linalg.inv(root)
    return target.mean(0) + (source - source.mean(0)) @ inverse @ np.real(sqrtm(root @ t @ root)) @ inverse


def run(program, source, target):
    with tempfile.TemporaryDirectory() as folder:
        np.save(folder + "/source.npy", source)
        np.save(folder + "/target.npy", target)
        with open(folder + "/deck.yaml", "w") as deck:
            deck.write("source: {file: source.npy}\ntarget: {file: target.npy}\noutput: {directory: out}\n")
        subprocess.run([program, "run", folder + "/deck.yaml", "--quiet"], check=True, env=dict(os.environ, OPENBLAS_NUM_THREADS="1"))
        with h5py.File(folder + "/out/run.h5") as result:
            return result["particles"][:].astype(float), result.attrs["best_step"]


def main(program, data, *wanted):
    for make in (genes, cells):
        for name, source, target, has_columns in make(data):
            if wanted and name not in wanted:
                continue
            found, steps = {}, []
            for train, test in folds(len(target)):
                sides = source, target[train], target[test]
                x, y, held_out = components(*sides) if has_columns else sides
                start = squared_w2(x, held_out)
                moved, step = run(program, x, y)
                steps.append(step)
                maps = {
                    "run": moved,
                    "shift": x + y.mean(0) - x.mean(0),
                    "mean and std": y.mean(0) + (x - x.mean(0)) * y.std(0) / x.std(0),
                    "Gaussian map": gaussian(x, y),
                }
                for way, rows in maps.items():
                    found.setdefault(way, []).append(figures(x, rows, y, held_out, start))
            print(f"{name}: {np.mean(steps):.1f} steps")
            for way, rows in found.items():
                print(f"  {way:14}" + "".join(f"{value:9.3f}" for value in np.mean(rows, 0)), flush=True)


main(*sys.argv[1:])
