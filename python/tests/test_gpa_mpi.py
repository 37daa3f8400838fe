"""Tests with the program itself: GPA_MPI names it. Run by python3 -m unittest in python/."""
import os
import tempfile
import unittest

import numpy as np

import gpa_mpi
from gpa_mpi import deck


def bars(count, seed):
    random = np.random.default_rng(seed)
    rows = 0.1 * random.random((count, 30))
    kind = np.arange(count) % 3
    for row, third in zip(rows, kind):
        row[10 * third:10 * third + 10] += 0.7
    return rows.astype(np.float32), kind


class Decks(unittest.TestCase):
    def test_what_the_program_writes(self):
        found = deck.read("name: a b\nsource:\n  count: 5\n  scale: 1.0e-3\nstop:\n  automatic: false\n  held_out:\n    share: .inf\nx: [1, 2]\n")
        self.assertEqual(found, {"name": "a b", "source": {"count": 5, "scale": 1e-3}, "x": [1, 2],
                                 "stop": {"automatic": False, "held_out": {"share": float("inf")}}})


class Fields(unittest.TestCase):
    """phi's gradient against differences, and replayed flows against the program's particles."""

    def check(self, **sections):
        rows, kind = bars(40, 1)
        with tempfile.TemporaryDirectory() as place:
            np.savez(os.path.join(place, "data.npz"), target=rows, label=kind.astype(float))
            side = {"file": os.path.join(place, "data.npz"), "array": "target",
                    "labels": {"file": os.path.join(place, "data.npz"), "array": "label"}}
            run = gpa_mpi.run({
                "source": {"sampler": "logistic", "count": 60, "dimension": 30, "scale": 0.2}, "target": side,
                "classes": "conditional", "transport": {"steps": 5}, "stop": {"automatic": False},
                "flow": {"record": True}, "output": {"frames_every": 1}, **sections}, os.path.join(place, "run"), ranks=2)
            self.assertEqual(run.status, "finished")
            self.assertEqual(list(run.metrics["step"]), [1, 2, 3, 4, 5])
            classes = sorted(set(run.labels["target"]), key=float)
            output = np.array([classes.index(label) for label in run.labels["particles"]])
            moved = run.flow()(run.frames[0], output)
            self.assertLess(np.abs(moved - run.particles).max(), 2e-5)
            phi, x = run.phi, run.particles[:7].astype(float) - (run.centre if "image" in run.deck["discriminator"] else 0)
            slope, shift = phi.gradient(x, output[:7]), 1e-6
            for column in (0, 13, 29):
                step = np.zeros(30)
                step[column] = shift
                measured = (phi(x + step, output[:7]) - phi(x - step, output[:7])) / (2 * shift)
                self.assertLess(np.abs(measured - slope[:, column]).max(), 1e-6 * max(1, np.abs(slope).max()))
            self.assertLess(np.linalg.norm(slope, axis=1).max(), run.deck["divergence"]["lipschitz"] * 1.001)

    def test_dense(self):
        for activation in ("smooth_max_min", "max_min", "softplus", "elu", "leaky_relu", "smooth_relu"):
            with self.subTest(activation):
                self.check(discriminator={"activation": activation, "hidden": [16, 12]})

    def test_images(self):
        self.check(discriminator={"network": "convolutional", "image": [6, 5, 1], "channels": [4, 6], "kernel": 3,
                                  "hidden": [10]}, transport={"steps": 5, "bounds": [0, 1]})

    def test_euler_without_scale(self):
        self.check(discriminator={"scale": "none"}, transport={"steps": 5, "integrator": "euler"})


class Models(unittest.TestCase):
    def test_new_rows(self):
        rows = np.random.default_rng(3).normal([3, -1], [1, 0.2], (80, 2))
        model = gpa_mpi.GPA().fit(rows)
        new = model.sample(500)
        self.assertEqual(new.shape, (500, 2))
        self.assertLess(np.abs(new.mean(0) - rows.mean(0)).max(), 0.3)
        self.assertFalse(np.array_equal(new, model.sample(500, seed=9)))

    def test_classes(self):
        rows, kind = bars(60, 4)
        names = np.array(["a", "b", "c"])[kind]
        new = gpa_mpi.GPA().fit(rows, labels=names).sample(30, label="b")
        self.assertEqual(set(new.reshape(30, 3, 10).mean(2).argmax(1)), {1})
        with self.assertRaisesRegex(ValueError, "no class 'z'"):
            gpa_mpi.GPA().fit(rows, labels=names).sample(3, label="z")

    def test_rows_of_a_source(self):
        random = np.random.default_rng(5)
        source, target = random.normal(0, 1, (50, 3)), random.normal(4, 1, (60, 3))
        moved = gpa_mpi.GPA().fit(target, source).moved
        self.assertEqual(moved.shape, source.shape)
        self.assertLess(np.abs(moved.mean(0) - target.mean(0)).max(), 0.5)

    def test_errors_are_the_programs(self):
        with self.assertRaisesRegex(gpa_mpi.JobError, "nan"):
            gpa_mpi.GPA().fit(np.array([[1.0, np.nan], [2, 3]]))


if __name__ == "__main__":
    unittest.main()
