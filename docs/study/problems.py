"""The problems of the study: source, training target and held-out target of one size, by name and seed."""
import gzip
import os

import numpy as np

SHARED = os.path.join(os.path.dirname(__file__), "..", "..", "..", "shared", "data")
NAMES = ["mixture", "mixture-12d", "swiss-roll", "carpet", "pbmc", "cell-lines"]
MODES = np.array([[0, 0], [4, 0], [0, 4], [4, 4]], float)


def mixture(n, random):
    return MODES[random.integers(0, 4, n)] + 0.5 * random.standard_normal((n, 2))


def swiss_roll(n, random):
    t = 1.5 * np.pi * (1 + 2 * random.random(n))
    return 0.1 * np.stack([t * np.cos(t), 21 * random.random(n), t * np.sin(t)], 1)


def carpet(n, random, level=4, side=10.0):
    """Each digit pair in base 3 is any but (1, 1); uniform within the smallest squares."""
    x = random.random((n, 2))
    for _ in range(level):
        digit = random.integers(0, 8, n)
        digit = digit + (digit >= 4)
        x = (x + np.stack([digit // 3, digit % 3], 1)) / 3
    return side * x


def table(name):
    with gzip.open(os.path.join(SHARED, name), "rt") as file:
        return [line.rstrip("\n") for line in file]


def pbmc():
    lines = table("pbmc-harmony/pbmc_3500_pcs.tsv.gz")
    rows = np.array([line.split("\t") for line in lines[1:]], float)
    labels = [line.split("\t") for line in table("pbmc-harmony/pbmc_3500_meta.tsv.gz")]
    column = labels[0].index("donor")
    donor = np.array([line[column] for line in labels[1:]])
    return rows[donor == "A"], rows[donor == "B"]


def cell_lines():
    """The Jurkat cells to the half/half mixture of Jurkat and 293T, in principal components of about 0.01 as published."""
    rows = np.load(os.path.join(SHARED, "cell-lines-harmony", "cell_lines_pcs.npy"))
    lines = [line.replace('"', "").split(",") for line in table("cell-lines-harmony/cell_lines_meta.csv.gz")]
    column = lines[0].index("dataset")
    batch = np.array([line[column] for line in lines[1:]])
    return rows[batch == "jurkat"], rows[batch == "half"]


def problem(name, seed, n=400):
    """float32 arrays of n rows: source, target, held-out. cell-lines is in units of 0.002, cell-lines-raw in 1."""
    random = np.random.default_rng([seed, NAMES.index(name.removesuffix("-raw"))])
    if name == "mixture":
        sets = 0.5 * random.standard_normal((n, 2)), mixture(n, random), mixture(n, random)
    elif name == "mixture-12d":
        flat = lambda: np.hstack([mixture(n, random), np.zeros((n, 10))])
        sets = 0.5 * random.standard_normal((n, 12)), flat(), flat()
    elif name == "swiss-roll":
        sets = [0, 1, 0] + 0.5 * random.standard_normal((n, 3)), swiss_roll(n, random), swiss_roll(n, random)
    elif name == "carpet":
        sets = [5, 5] + random.standard_normal((n, 2)), carpet(n, random), carpet(n, random)
    else:
        a, b = pbmc() if name == "pbmc" else cell_lines()
        chosen = random.permutation(len(b))[: 2 * n]
        unit = 0.002 if name == "cell-lines" else 1
        a, b = a / unit, b / unit
        sets = a[random.permutation(len(a))[:n]], b[chosen[:n]], b[chosen[n:]]
    return [np.ascontiguousarray(rows, np.float32) for rows in sets]
