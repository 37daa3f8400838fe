#!/usr/bin/env python3
"""A Heun step of the paper's convolutional network beside PyTorch and JAX on the same cores, in one run.

usage: images_speed.py [CORES] [CONSTRAINT ...]

600 particles and 200 targets of 28 x 28 pixels, three 5 x 5 convolutions of 128 channels with stride 2, dense 784, 10 outputs,
leaky ReLU, KL by Donsker and Varadhan, two trainings of 5 Adam steps. The peers train and move without any constraint of the
weights, as fast as they can (PyTorch channels last; JAX jitted, channels last). Random pixels: time does not depend on
them. Prints seconds a step, useful arithmetic (multiplications and additions of forward and backward passes) as a share of
what sgemm reaches on as many cores, and ratios.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

CORES = int(sys.argv[1]) if len(sys.argv) > 1 else 2
os.environ |= {"OPENBLAS_NUM_THREADS": str(CORES), "OMP_NUM_THREADS": str(CORES)}

import h5py
import numpy as np
import torch
import torch.nn as nn

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("GPA_PROGRAM", os.path.join(HERE, "..", "..", ".build", "release", "gpa-mpi"))
PARTICLES, TARGETS, ITERATIONS, LENGTH = 600, 200, 5, 0.5
LAYERS = 2 * (14 * 14 * 25 * 128 + 49 * 25 * 128 * 128 + 16 * 25 * 128 * 128 + 2048 * 784 + 784 * 10)
ARITHMETIC = 2 * LAYERS * (3 * ITERATIONS * (PARTICLES + TARGETS) + 2 * PARTICLES)


def program(constraint, steps=2):
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory(prefix="gpa-speed-") as place:
        for name, rows in (("source", PARTICLES), ("target", TARGETS)):
            np.savez(os.path.join(place, name + ".npz"), X=random.random((rows, 784), np.float32), y=np.arange(rows) % 10)
        side = lambda name: {"file": name + ".npz", "array": "X", "labels": {"file": name + ".npz", "array": "y"}}
        deck = {"source": side("source"), "target": side("target"), "classes": "conditional",
                "discriminator": {"network": "convolutional", "image": [28, 28, 1], "channels": [128, 128, 128], "hidden": [784],
                                  "activation": "leaky_relu", "constraint": constraint},
                "training": {"iterations": ITERATIONS, "warm_up": 0, "learning_rate": 1e-3}, "transport": {"time_step": LENGTH, "steps": steps},
                "stop": {"automatic": False}, "flow": {"start": "none"}, "output": {"frames_every": 0},
                "checkpoint": {"every": 0}}
        with open(os.path.join(place, "deck.yaml"), "w") as file:
            json.dump(deck, file)
        root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"} if os.getuid() == 0 else {}
        subprocess.run(["mpirun", "-n", str(CORES), PROGRAM, "run", "deck.yaml", "--quiet"], check=True, cwd=place,
                       env=dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", **root))
        with h5py.File(os.path.join(place, "runs", "deck", "run.h5")) as file:
            timing = {name: values[1] for name, values in file["timing"].items()}
        return sum(timing[k] for k in timing if k not in ("total", "output")) / steps


def pytorch(steps=1):
    torch.set_num_threads(CORES)
    net = nn.Sequential(
        nn.Conv2d(1, 128, 5, 2, 2, bias=False), nn.LeakyReLU(0.2), nn.Conv2d(128, 128, 5, 2, 2, bias=False),
        nn.LeakyReLU(0.2), nn.Conv2d(128, 128, 5, 2, 2, bias=False), nn.LeakyReLU(0.2), nn.Flatten(),
        nn.Linear(2048, 784), nn.LeakyReLU(0.2), nn.Linear(784, 10)).to(memory_format=torch.channels_last)
    adam = torch.optim.Adam(net.parameters(), 1e-3)
    image = lambda rows: torch.rand(rows, 1, 28, 28).contiguous(memory_format=torch.channels_last)
    x, target = image(PARTICLES), image(TARGETS)
    own, its = torch.arange(PARTICLES)[:, None] % 10, torch.arange(TARGETS)[:, None] % 10

    def velocity(x):
        for _ in range(ITERATIONS):
            adam.zero_grad(set_to_none=True)
            gain = net(x).gather(1, own).mean() - (net(target).gather(1, its)[:, 0].logsumexp(0) - np.log(TARGETS))
            (-gain).backward()
            adam.step()
        x = x.detach().requires_grad_(True)
        return -torch.autograd.grad(net(x).gather(1, own).sum(), x)[0]

    def step(x):
        first = velocity(x)
        return x + LENGTH / 2 * (first + velocity(x + LENGTH * first))

    step(x)
    start = time.perf_counter()
    for _ in range(steps):
        x = step(x)
    return (time.perf_counter() - start) / steps


def jax_step(steps=1):
    import jax
    import jax.numpy as jnp
    shape, layout = (28, 28, 1), "NHWC"
    keys = jax.random.split(jax.random.PRNGKey(0), 7)
    normal = lambda key, *size: 0.03 * jax.random.normal(key, size)
    weights = [normal(keys[0], 5, 5, 1, 128), normal(keys[1], 5, 5, 128, 128), normal(keys[2], 5, 5, 128, 128),
               normal(keys[3], 2048, 784), normal(keys[4], 784, 10)]
    x, target = jax.random.uniform(keys[5], (PARTICLES, *shape)), jax.random.uniform(keys[6], (TARGETS, *shape))
    own, its = jnp.arange(PARTICLES) % 10, jnp.arange(TARGETS) % 10

    def phi(weights, x, label):
        leaky = lambda y: jnp.where(y > 0, y, 0.2 * y)
        for kernel in weights[:3]:
            x = leaky(jax.lax.conv_general_dilated(x, kernel, (2, 2), ((2, 2), (2, 2)), dimension_numbers=(layout, "HWIO", layout)))
        return jnp.take_along_axis(leaky(x.reshape(len(x), -1) @ weights[3]) @ weights[4], label[:, None], 1)[:, 0]

    def loss(weights, x):
        return jax.nn.logsumexp(phi(weights, target, its)) - np.log(TARGETS) - phi(weights, x, own).mean()

    slope, field = jax.grad(loss), jax.grad(lambda x, weights: -phi(weights, x, own).sum())

    # Not in a loop of XLA's, in which its convolutions on processors use one thread.
    @jax.jit
    def adam(weights, first, second, count, x):
        gradient, count = slope(weights, x), count + 1
        first = [0.9 * m + 0.1 * g for m, g in zip(first, gradient)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradient)]
        weights = [w - 1e-3 * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8)
                   for w, m, v in zip(weights, first, second)]
        return weights, first, second, count

    field = jax.jit(field)

    def velocity(weights, x):
        first = second = [jnp.zeros_like(w) for w in weights]
        count = 0
        for _ in range(ITERATIONS):
            weights, first, second, count = adam(weights, first, second, count, x)
        return weights, field(x, weights)

    def step(weights, x):
        weights, first = velocity(weights, x)
        weights, second = velocity(weights, x + LENGTH * first)
        return weights, x + LENGTH / 2 * (first + second)

    jax.block_until_ready(step(weights, x))
    start = time.perf_counter()
    for _ in range(steps):
        weights, x = jax.block_until_ready(step(weights, x))
    return (time.perf_counter() - start) / steps


def sgemm():
    a, best = np.ones((3072, 3072), np.float32), 0
    for _ in range(5):
        start = time.perf_counter()
        a @ a
        best = max(best, 2 * 3072**3 / (time.perf_counter() - start))
    return best


def main():
    peak = sgemm()
    print(f"sgemm on {CORES} cores: {peak / 1e9:.0f} GFlop/s; a step is {ARITHMETIC / 1e12:.2f} TFlop")
    peers = {"PyTorch": pytorch(), "JAX": jax_step()}
    for name, seconds in peers.items():
        print(f"{name}: {seconds:.2f} s a step", flush=True)
    for constraint in sys.argv[2:] or ["frobenius", "spectral", "normalized", "orthonormal"]:
        seconds = program(constraint)
        ratios = ", ".join(f"{other / seconds:.2f} times as fast as {name}" for name, other in peers.items())
        print(f"gpa-mpi, {constraint}: {seconds:.2f} s a step, {ARITHMETIC / seconds / peak:.2f} of sgemm, {ratios}", flush=True)
    again = sgemm()
    print(f"sgemm again: {again / 1e9:.0f} GFlop/s")


if __name__ == "__main__":
    main()
