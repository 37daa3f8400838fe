"""Recorded flows, replayed in NumPy."""
import h5py
import numpy as np

from . import deck
from .phi import Phi


class Flow:
    """The map of a run that was recorded with `flow: {record: true}`; Euler and Heun steps."""

    def __init__(self, path):
        with h5py.File(path) as file:
            self.deck = deck.read(file.attrs["deck_in_scale"])
            if "nu" in file:
                raise ValueError("flows whose velocity is weighted (direction: reverse) are replayed by gpa-mpi generate only")
            self.centre = file["scale/centre"][()] if "scale" in file else 0.0
            self.unit = float(file["scale/unit"][0]) if "scale" in file else 1.0
            network = file.get("network", {})
            self.fields, self.steps = file["field"][()], network.get("time_step", file["time_step"])[()]
            # What the network's scale changes is taken in that scale.
            self.arrays = {k: v[()] for k, v in file["phi"].items()}
            self.arrays |= {k: v[()] for k, v in network.items() if k != "time_step"}
            self.start = {k: v[()] for k, v in file.get("start", {}).items()}
            self.stages = int(file.attrs["stages"])
        self.integrator = self.deck["transport"]["integrator"]
        if self.integrator not in ("euler", "heun"):
            raise ValueError(f"flows of {self.integrator} are replayed by gpa-mpi generate only")

    def _phi(self, field):
        section = self.deck["discriminator"]
        smoothing = section.get("smoothing", 0)
        return Phi({k: v[field] for k, v in self.arrays.items()}, section, smoothing if np.isscalar(smoothing) else 0)

    def __call__(self, rows, output=0, until=None):
        """Rows of the source (n, d), in the space of the flow, where the flow takes them; `output` as in `Phi`."""
        x = self._align((np.asarray(rows, float) - self.centre) / self.unit)
        bounds = self.deck["transport"].get("bounds")
        low, high = ((bound - self.centre) / self.unit for bound in bounds or (-np.inf, np.inf))
        x = np.clip(x, low, high)
        for step, length in enumerate(self.steps[:until]):
            velocity = [lambda y, stage=stage: -self._phi(self.fields[self.stages * step + stage]).gradient(y, output)
                        for stage in range(self.stages)]
            first = velocity[0](x)
            moved = x + length * first
            x = moved if self.integrator == "euler" else x + length / 2 * (first + velocity[1](moved))
            x = np.clip(x, low, high)
        return x * self.unit + self.centre

    def _align(self, rows):
        linear, shift = self.start.get("linear"), self.start.get("shift", 0)
        if linear is None:
            return rows + shift
        return (rows * linear if linear.ndim == 1 else rows @ linear.T) + shift
