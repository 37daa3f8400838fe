"""Runs of the program, started from Python."""
import json
import os
import shutil
import subprocess
import tempfile

import numpy as np

from .result import Run


class JobError(RuntimeError):
    """The program ended with an error; the message is what it said."""


def program():
    """The program: $GPA_MPI, or gpa-mpi on the path."""
    found = os.environ.get("GPA_MPI") or shutil.which("gpa-mpi")
    if not found:
        raise JobError("gpa-mpi is not on the path; install it (make install PREFIX=...), or set GPA_MPI to the program")
    return found


def _call(words, ranks, folder=None):
    environment = dict(os.environ)
    if ranks > 1:
        words = ["mpirun", "-q", "-n", str(ranks), *words]
        if os.getuid() == 0:
            environment |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, env=environment, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise JobError(done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}")
    return done.stdout


def run(deck, output, ranks=1, overwrite=False):
    """Runs a deck, a path or a dictionary of its sections, into the folder `output`; the `Run`. Raises `JobError`."""
    words = [program(), "run"]
    with tempfile.TemporaryDirectory(prefix="gpa-mpi-") as place:
        if not isinstance(deck, (str, os.PathLike)):
            path = os.path.join(place, "deck.yaml")
            with open(path, "w") as file:
                json.dump(deck, file)
            deck = path
        words += [os.fspath(deck), "--output", os.path.abspath(output), "--quiet"] + ["--overwrite"] * overwrite
        _call(words, ranks)
    return Run(output)


class GPA:
    """New samples from few.

        model = GPA().fit(rows)             # rows (n, d): what is known of the target
        new = model.sample(1000)
        moved = GPA().fit(target, source).moved     # the rows of a source, moved to the target

    sections: sections of the deck by name, such as divergence={"f": "alpha"}; folder: the run's, kept where it is given.
    """

    def __init__(self, ranks=1, seed=0, folder=None, **sections):
        self.ranks, self.seed, self.sections = ranks, seed, sections
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="gpa-mpi-run-")
        self.folder = os.path.abspath(folder or self._temporary.name)

    def fit(self, target, source=None, labels=None, source_labels=None):
        """Learns the flow to `target` from a Gaussian, or from the rows of `source`; with labels each class by its own."""
        os.makedirs(self.folder, exist_ok=True)
        arrays = {"target": np.asarray(target)}
        for name, values in (("source", source), ("labels", labels), ("source_labels", source_labels)):
            if values is not None:
                arrays[name] = np.asarray(values)
        words = sorted(set(map(str, labels))) if labels is not None else []
        for name in ("labels", "source_labels"):
            if name in arrays:
                unknown = set(map(str, arrays[name])) - set(words)
                if unknown:
                    raise ValueError(f"{name} has {sorted(unknown)[:3]}, which the target's labels lack")
                arrays[name] = np.array([words.index(str(x)) for x in arrays[name]], float)
        self.classes = words
        data = os.path.join(self.folder, "input.npz")
        np.savez(data, **arrays)

        def side(name, labels):
            found = {"file": data, "array": name}
            return found | ({"labels": {"file": data, "array": labels}} if labels in arrays else {})
        gaussian = {"sampler": "gaussian", "count": max(1000, 5 * len(arrays["target"])), "dimension": arrays["target"].shape[1]}
        deck = {"seed": self.seed, "source": side("source", "source_labels") if source is not None else gaussian,
                "target": side("target", "labels"), "flow": {"record": True}}
        if source is None and labels is not None:
            deck["classes"] = "conditional"
        for name, section in self.sections.items():
            deck[name] = deck.get(name, {}) | section if isinstance(section, dict) else section
        self.run = run(deck, os.path.join(self.folder, "run"), self.ranks, overwrite=True)
        return self

    @property
    def moved(self):
        """The particles at the end: the rows of the source, moved, in its order."""
        return self.run.decoded

    def sample(self, count, label=None, seed=None):
        """New rows by the flow that was learned; of one class where each has its own."""
        path = os.path.join(self.folder, "generated.npy")
        words = [program(), "generate", os.path.join(self.folder, "run"), "--count", str(count), "--output", path,
                 "--overwrite", "--quiet"]
        if label is not None:
            if str(label) not in self.classes:
                raise ValueError(f"there is no class {label!r}; there are {self.classes}")
            words += ["--label", str(self.classes.index(str(label)))]
        if seed is not None:
            words += ["--seed", str(seed)]
        _call(words, self.ranks)
        return np.load(path)
