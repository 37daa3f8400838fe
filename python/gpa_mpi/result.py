"""What a run has left."""
import os

import h5py
import numpy as np

from . import deck
from .phi import Phi


class Run:
    """A run folder, or a run.h5: arrays as attributes, read when asked for.

    particles, target, generated, decoded (moved particles in the original space), frames, frame_steps, metrics (a
    dictionary by name, with `step`), labels, names, status, deck (a dictionary), phi.
    """

    def __init__(self, path):
        self.path = os.path.join(path, "run.h5") if os.path.isdir(path) else path
        with h5py.File(self.path) as file:
            self.attributes = {k: v.decode() if isinstance(v, bytes) else v for k, v in file.attrs.items()}
            self.metrics = {k: v[()] for k, v in file["metrics"].items()}
            self.labels = {k: v.asstr()[()] for k, v in file.get("labels", {}).items()}
            self.names = {k: v.asstr()[()] for k, v in file.get("names", {}).items()}
            self.centre, self.unit = file["scale/centre"][()], float(file["scale/unit"][0])
        self.deck, self.status = deck.read(self.attributes["deck"]), self.attributes["status"]

    def _read(self, name):
        with h5py.File(self.path) as file:
            return file[name][()] if name in file else None

    @property
    def particles(self): return self._read("particles")

    @property
    def target(self): return self._read("target")

    @property
    def generated(self): return self._read("generated")

    @property
    def held_out(self): return self._read("held_out")

    @property
    def decoded(self):
        found = self._read("decoded/particles")
        return self.particles if found is None else found

    @property
    def frames(self): return self._read("frames/particles")

    @property
    def frame_steps(self): return self._read("frames/step")

    @property
    def phi(self):
        """phi at the end, a function of rows in the data's coordinates. (A convolutional network sees their centre as 0: it takes
        rows less `centre`.)"""
        with h5py.File(self.path) as file:
            arrays = {name: values[()] for name, values in file["phi"].items()}
        section = self.deck["discriminator"]
        smoothing = section.get("smoothing", 0)
        return Phi(arrays, section, float(smoothing) / self.unit if np.isscalar(smoothing) else 0)

    def flow(self):
        """The recorded flow (flow: {record: true})."""
        from .flow import Flow
        return Flow(os.path.join(os.path.dirname(self.path), "flow.h5"))
