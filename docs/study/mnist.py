#!/usr/bin/env python3
"""New digits from 200: the program's discriminators beside other samplers, judged by digits that none has seen.

usage: mnist.py [FOLDER]        FOLDER holds the four files of MNIST (../../../shared/data/mnist)

The table has, for 600 new digits of each sampler, CPU seconds, the Frechet distance to 1000 held-out digits in the features
of mnist_judge.py, precision and recall, the share of copies (nearer to a training image, in pixels, than 95% of unseen digits
are), the classes found, and the accuracy of a classifier that was trained on the 200 and these (mean of three, on 5000 digits).
Training images are numbers 0 to 199. Needs PyTorch, Pillow and h5py; writes results/mnist.csv and results/mnist.png.
"""
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import torch

from mnist_judge import Judge, load, train_classifier
from mnist_samplers import flow_matching, wgan_gp

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("GPA_PROGRAM", os.path.join(HERE, "..", "..", ".build", "release", "gpa-mpi"))
COUNT, SECONDS = 600, 110


def gpa(folder, place, **sections):
    """The carried digits of a run on the first 200, and its CPU seconds."""
    pixels = {"sampler": "logistic", "dimension": 784, "count": COUNT, "mean": 0.13, "scale": 0.1}
    deck = {
        "source": pixels, "generated": pixels, "target": {"file": os.path.join(place, "target.npz"), "array": "X",
                   "labels": {"file": os.path.join(place, "target.npz"), "array": "y"}},
        "classes": "conditional", "output": {"frames_every": 0}, "checkpoint": {"every": 0}, **sections}
    path = os.path.join(place, "deck.yaml")
    with open(path, "w") as file:
        json.dump(deck, file)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PROGRAM, "run", path, "--quiet", "--overwrite"], check=True, cwd=place, env=dict(os.environ, OPENBLAS_NUM_THREADS="1"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with h5py.File(os.path.join(place, "runs", "deck", "run.h5")) as file:
        name = "decoded/generated" if "decoded/generated" in file else "generated"
        rows = np.clip(file[name][:], 0, 1).astype(np.float32)
        labels = file["labels/generated"].asstr()[:].astype(int)
        return rows, labels, after.ru_utime - before.ru_utime, len(file["metrics/step"])


def shifted(x, y, random, count, pixels=2):
    rows = np.arange(count) % len(x)
    moved = [np.roll(x[i].reshape(28, 28), random.integers(-pixels, pixels + 1, 2), (0, 1)).ravel() for i in rows]
    return np.array(moved), y[rows]


def class_gaussians(x, y, random, count):
    """A Gaussian of each class in the 50 principal components of all."""
    centre = x.mean(0)
    axes = np.linalg.svd(x - centre, full_matrices=False)[2][:50]
    z, out = (x - centre) @ axes.T, []
    label = y[np.arange(count) % len(y)]
    for k in label:
        own = z[y == k]
        out.append(own.mean(0) + random.standard_normal(len(own)) @ (own - own.mean(0)) / np.sqrt(len(own) - 1))
    return np.clip(np.array(out) @ axes + centre, 0, 1).astype(np.float32), label


def accuracy(x, y, images, labels):
    right = []
    for seed in range(3):
        epochs = 40 * 200 // len(x) + 10
        net = train_classifier(x.astype(np.float32), y.astype(int), epochs=epochs, seed=seed)
        with torch.no_grad():
            right.append((net(torch.tensor(images)).argmax(1).numpy() == labels).mean())
    return np.mean(right)


def main():
    folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "../../../shared/data/mnist"))
    torch.set_num_threads(1)
    images, labels = load(folder, "train")
    test, truth = load(folder, "t10k")
    x, y, random = images[:200], labels[:200], np.random.default_rng(0)
    judge = Judge(folder, x)
    convolutional = {
        "discriminator": {"network": "convolutional", "image": [28, 28, 1]}, "stop": {"automatic": False},
        "transport": {"bounds": [0, 1], "time_step": 25}}
    found = {}
    with tempfile.TemporaryDirectory(prefix="gpa-mnist-") as place:
        np.savez(os.path.join(place, "target.npz"), X=x, y=y)
        for steps in (40, 60):
            convolutional["transport"]["steps"] = steps
            found[f"convolutional, {steps} steps of 25"] = gpa(folder, place, **convolutional)
        found["convolutional, stops by itself"] = gpa(
            folder, place, **{**convolutional, "stop": {}, "transport": {"bounds": [0, 1], "time_step": 20, "steps": 200}})
        found["dense"] = gpa(folder, place, transport={"bounds": [0, 1]}, discriminator={"hidden": [128, 128, 128]})
        gaussian = {"sampler": "gaussian", "dimension": 50, "count": COUNT}
        found["dense, 50 principal components"] = gpa(
            folder, place, source=gaussian, generated=gaussian, transform=[{"pca": {"components": 50}}])
    own = y[np.arange(COUNT) % 200]
    found[f"flow matching, {SECONDS} s"] = (flow_matching(x, y.astype(int), COUNT, SECONDS), own, SECONDS, "")
    found[f"WGAN-GP, {SECONDS} s"] = (wgan_gp(x, y.astype(int), COUNT, SECONDS), own, SECONDS, "")
    found["Gaussian of each class, 50 components"] = (*class_gaussians(x, y, random, COUNT), 0, "")
    found["shifted by up to two pixels"] = (*shifted(x, y, random, COUNT), 0, "")
    found["the 200 again"] = (x[np.arange(COUNT) % 200], own, 0, "")
    found["real: other digits of the training set"] = (images[10000:10000 + COUNT], labels[10000:10000 + COUNT], 0, "")

    base = accuracy(x, y, test[5000:], truth[5000:])
    print(f"judge's accuracy {judge.accuracy:.4f}; classifier of the 200 alone {base:.3f}")
    columns = ["frechet", "precision", "recall", "copies", "confidence", "classes"]
    with open(os.path.join(HERE, "results", "mnist.csv"), "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["sampler", "cpu_seconds", "steps", *columns, "classifier"])
        for name, (rows, its, seconds, steps) in found.items():
            values = judge.judge(rows)
            right = accuracy(np.concatenate([x, rows]), np.concatenate([y, its]), test[5000:], truth[5000:])
            line = [name, f"{seconds:.0f}", steps, *(f"{values[c]:.4g}" for c in columns), f"{right:.3f}"]
            table.writerow(line)
            print(*line, sep="\t", flush=True)
    draw(found, os.path.join(HERE, "results", "mnist.png"))


def draw(found, path):
    """Ten digits of each sampler, one of each class where the classes are known, a row a sampler."""
    from PIL import Image
    lines = []
    for rows, labels, *_ in found.values():
        order = [np.flatnonzero(labels == k)[:2] for k in range(10)]
        chosen = np.concatenate(order)
        lines.append(np.concatenate([np.pad(rows[i].reshape(28, 28), 1) for i in chosen], 1))
    width = max(line.shape[1] for line in lines)
    picture = np.concatenate([np.pad(line, ((0, 4), (0, width - line.shape[1]))) for line in lines])
    Image.fromarray((255 - 255 * picture).astype(np.uint8)).resize((2 * picture.shape[1], 2 * picture.shape[0]), 0).save(path)


if __name__ == "__main__":
    main()
