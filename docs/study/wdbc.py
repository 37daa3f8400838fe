#!/usr/bin/env python3
"""Scarce real data with held-out rows: the malignant tumours of the Wisconsin Diagnostic Breast Cancer data.

usage: wdbc.py DATA FOLDER [--seed S]

DATA is the folder with wdbc.csv.gz, or wdbc.data as UCI has it (archive.ics.uci.edu, data set 17, CC BY 4.0). The 212
malignant rows are split at random into 106 for training and 106 held out; the 30 features are taken as logarithms and
standardised by the training rows. FOLDER gets train.csv and held-out.csv, with the features' names in the first line.
"""
import argparse
import csv
import gzip
import os

import numpy as np

MEASURES = ["radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
            "symmetry", "fractal dimension"]
NAMES = [f"{measure} {kind}" for kind in ("mean", "error", "worst") for measure in MEASURES]
TRAINING = 106


def malignant(folder):
    """The logarithms of the 212 x 30 features; columns are id, diagnosis, features."""
    packed = os.path.join(folder, "wdbc.csv.gz")
    opened = gzip.open(packed, "rt") if os.path.exists(packed) else open(os.path.join(folder, "wdbc.data"))
    with opened as file:
        rows = [row[2:32] for row in csv.reader(file) if len(row) > 31 and row[1] == "M"]
    return np.log(np.array(rows, float))


def split(rows, random):
    """Training and held-out rows, standardised by the training rows."""
    rows = rows[random.permutation(len(rows))]
    train, held_out = rows[:TRAINING], rows[TRAINING:]
    mean, deviation = train.mean(0), train.std(0)
    return (train - mean) / deviation, (held_out - mean) / deviation


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    sets = split(malignant(options.data), np.random.default_rng(options.seed))
    for name, rows in zip(("train.csv", "held-out.csv"), sets):
        with open(os.path.join(options.folder, name), "w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(NAMES)
            table.writerows([[f"{value:.6f}" for value in row] for row in rows])
        print(f"{os.path.join(options.folder, name)}: {len(rows)} rows of {len(NAMES)} columns")
