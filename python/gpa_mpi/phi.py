"""phi, the network of a run, in NumPy float64."""
import numpy as np

_PAIRED = ("max_min", "smooth_max_min")


class Phi:
    """phi of a run or of a stage of a recorded flow, as a function of coordinates in the network's own scale or the data's.

    arrays: weight_0 (in, out) or (kernel, kernel, in, out), bias_0, ...; section: `discriminator` of the resolved deck;
    smoothing: that of the activation in the scale of the arrays. Both come from `Run.phi` and `Flow`.
    """

    def __init__(self, arrays, section, smoothing=0.0):
        self.image = section.get("image") if section.get("network") == "convolutional" else None
        self.stride = int(section.get("stride", 1))
        self.activation, self.leak = section["activation"], float(section.get("leak", 0.2))
        self.smoothing = float(smoothing)
        count = 1 + max(int(name.split("_")[1]) for name in arrays if name.startswith("weight_"))
        self.layers = [(np.asarray(arrays[f"weight_{i}"], float),
                        np.asarray(arrays[f"bias_{i}"], float) if f"bias_{i}" in arrays else None) for i in range(count)]

    def __call__(self, rows, output=0):
        """phi of rows (n, d); `output` is the class's number, one or one a row, where the network has several."""
        return self._forward(rows, output)[0]

    def gradient(self, rows, output=0):
        """grad phi, (n, d)."""
        value, steps, weight = self._forward(rows, output)
        slope = np.broadcast_to(weight, (len(value), weight.shape[-1])).copy()
        for back in reversed(steps):
            slope = back(slope)
        return slope

    def _forward(self, rows, output):
        x, steps = np.asarray(rows, float), []
        n = len(x)
        if self.image is not None:
            x = x.reshape(n, *self.image)
            steps.append(lambda g: g.reshape(n, -1))
        for index, (weight, bias) in enumerate(self.layers[:-1]):
            if weight.ndim == 4:
                x, back = _convolve(x, weight, self.stride)
            else:
                if x.ndim == 4:
                    shape = x.shape
                    x = x.reshape(n, -1)
                    steps.append(lambda g, shape=shape: g.reshape(shape))
                x, back = x @ weight, (lambda g, weight=weight: g @ weight.T)
            steps.append(back)
            x, back = self._activate(x if bias is None else x + bias)
            steps.append(back)
        weight, bias = self.layers[-1]
        if x.ndim == 4:
            shape = x.shape
            x = x.reshape(n, -1)
            steps.append(lambda g, shape=shape: g.reshape(shape))
        output = np.broadcast_to(output, n) if weight.shape[1] > 1 else np.zeros(n, int)
        columns = weight.T[output]
        value = (x * columns).sum(1) + (0 if bias is None else bias[output])
        return value, steps, columns

    def _activate(self, z):
        eps = self.smoothing
        if self.activation in _PAIRED:
            half = z.shape[-1] // 2
            a, b = z[..., :half], z[..., half:]
            mean, t = (a + b) / 2, (a - b) / 2
            if self.activation == "max_min":
                value, slope = np.abs(t), np.sign(t)
            else:
                root = np.sqrt(t * t + eps * eps)
                value, slope = root - eps, t / root
            out = np.concatenate([mean + value, mean - value], -1)

            def back(g):
                up, down = g[..., :half], g[..., half:]
                same, other = (up + down) / 2, (up - down) / 2 * slope
                return np.concatenate([same + other, same - other], -1)
            return out, back
        if self.activation == "relu":
            value, slope = np.maximum(z, 0), (z > 0).astype(float)
        elif self.activation == "leaky_relu":
            slope = np.where(z > 0, 1, self.leak)
            value = z * slope
        elif self.activation == "softplus":
            value, slope = np.logaddexp(0, z), 1 / (1 + np.exp(-z))
        elif self.activation == "elu":
            value, slope = np.where(z > 0, z, np.expm1(np.minimum(z, 0))), np.where(z > 0, 1, np.exp(np.minimum(z, 0)))
        elif self.activation == "smooth_relu":
            inside = (z > 0) & (z < 2 * eps)
            blend = z * z / (4 * eps) + eps * (np.cos(np.pi * z / eps) - 1) / (2 * np.pi**2)
            value = np.where(inside, blend, np.where(z > 0, z - eps, 0))
            slope = np.where(inside, z / (2 * eps) - np.sin(np.pi * z / eps) / (2 * np.pi), (z > 0).astype(float))
        else:
            raise ValueError(f"an activation that is not known: {self.activation}")
        return value, lambda g: g * slope


def _convolve(x, kernel, stride):
    """Zero padding as TensorFlow's SAME: ceil(size / stride) patches, the surplus of the padding at the end."""
    n, height, width, channels = x.shape
    k, out = kernel.shape[0], kernel.shape[3]
    counts = [-(-size // stride) for size in (height, width)]
    pads = [max((count - 1) * stride + k - size, 0) for count, size in zip(counts, (height, width))]
    before = [pad // 2 for pad in pads]
    padded = np.pad(x, ((0, 0), *((b, p - b) for b, p in zip(before, pads)), (0, 0)))
    y = np.zeros((n, *counts, out))
    views = [(i, j, np.s_[:, i:i + (counts[0] - 1) * stride + 1:stride, j:j + (counts[1] - 1) * stride + 1:stride])
             for i in range(k) for j in range(k)]
    for i, j, view in views:
        y += padded[view] @ kernel[i, j]

    def back(g):
        slope = np.zeros_like(padded)
        for i, j, view in views:
            slope[view] += g @ kernel[i, j].T
        return slope[:, before[0]:before[0] + height, before[1]:before[1] + width]
    return y, back
