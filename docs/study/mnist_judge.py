"""Judges generated digits by digits that no sampler has seen: Frechet distance, precision, recall, copies, classes.

The features are the 64 numbers of the last hidden layer of a small convolutional classifier, trained on 20,000 digits of the
training set from number 20,000 on; held-out digits are 1000 of the training set from number 50,000 on (the first half of the
test set is of other writers, and easier). Inception's weights are not used.
"""
import gzip, os, sys
import numpy as np
import torch, torch.nn as nn, torch.nn.functional as F


def idx(path):
    data = gzip.open(path).read()
    axes = data[3]
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(axes)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def load(folder, part):
    x = idx(f"{folder}/{part}-images-idx3-ubyte.gz").reshape(-1, 784).astype(np.float32) / 255
    return x, idx(f"{folder}/{part}-labels-idx1-ubyte.gz").astype(int)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(1, 16, 5, 2, 2), nn.Conv2d(16, 32, 5, 2, 2)
        self.c, self.d = nn.Linear(32 * 49, 64), nn.Linear(64, 10)

    def features(self, x):
        y = F.relu(self.b(F.relu(self.a(x.reshape(-1, 1, 28, 28)))))
        return F.relu(self.c(y.flatten(1)))

    def forward(self, x): return self.d(self.features(x))


def train_classifier(x, y, epochs=4, seed=0):
    torch.manual_seed(seed)
    net, x, y = Classifier(), torch.tensor(x), torch.tensor(y)
    opt = torch.optim.Adam(net.parameters(), 2e-3)
    for _ in range(epochs):
        for i in torch.randperm(len(x)).split(100):
            opt.zero_grad(); F.cross_entropy(net(x[i]), y[i]).backward(); opt.step()
    return net


class Judge:
    def __init__(self, folder, training):
        """training: the rows (n, 784) that samplers have seen."""
        x, y = load(folder, "train"); t, u = load(folder, "t10k")
        cache = os.path.join(os.environ.get("TMPDIR", "/tmp"), "mnist-judge.pt")
        self.net = Classifier()
        if os.path.exists(cache): self.net.load_state_dict(torch.load(cache))
        else:
            self.net = train_classifier(x[20000:40000], y[20000:40000])
            torch.save(self.net.state_dict(), cache)
        self.held, self.fresh, self.training = x[50000:51000], x[51000:52000], training
        with torch.no_grad():
            self.accuracy = (self.net(torch.tensor(t)).argmax(1).numpy() == u).mean()
        self.moments = self._moments(self.features(self.held))
        self.threshold = np.quantile(self.nearest(self.fresh, training), 0.05)

    def features(self, x):
        with torch.no_grad(): return self.net.features(torch.tensor(x, dtype=torch.float32)).numpy().astype(float)

    @staticmethod
    def _moments(f): return f.mean(0), np.cov(f.T)

    @staticmethod
    def nearest(a, b, k=1):
        d = np.sqrt(np.maximum((a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T, 0))
        return np.sort(d, 1)[:, k - 1]

    def judge(self, x):
        """Frechet distance, precision, recall (Kynkaanniemi et al. 2019, 3 neighbours), copies, mean confidence, classes."""
        f, h = self.features(x), self.features(self.held)
        m, c = self._moments(f); n, d = self.moments
        roots = np.sqrt(np.maximum(np.linalg.eigvals(c @ d).real, 0))
        frechet = ((m - n) ** 2).sum() + np.trace(c + d) - 2 * roots.sum()

        def inside(points, others):
            radius = self.nearest(others, others, 4)
            d = np.sqrt(np.maximum((points * points).sum(1)[:, None] + (others * others).sum(1) - 2 * points @ others.T, 0))
            return (d <= radius).any(1).mean()

        with torch.no_grad(): p = torch.softmax(self.net(torch.tensor(x, dtype=torch.float32)), 1).numpy()
        return dict(frechet=frechet, precision=inside(f, h), recall=inside(h, f),
                    copies=(self.nearest(x, self.training) < self.threshold).mean(), confidence=p.max(1).mean(),
                    classes=len(set(p.argmax(1))))
