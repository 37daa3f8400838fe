"""Prints the cases of ReferenceTests.swift, by SciPy, POT and GeomLoss (pip install numpy scipy pot torch geomloss)."""
import numpy as np
import ot
import torch
from geomloss import SamplesLoss
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist, pdist


def points(rows, columns, key, shift=0.0):
    """Points as Support.swift makes them."""
    with np.errstate(over="ignore"):
        z = np.uint64(key) + np.arange(1, 4 * rows * columns + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    sums = ((z >> np.uint64(40)).astype(float) * 2.0**-24).reshape(-1, 4).sum(axis=1) - 2
    return (sums.astype(np.float32) + np.float32(shift)).reshape(rows, columns).astype(float)


def exact(a, b):
    """W2^2 by the network simplex, and by the assignment where the counts are equal."""
    costs = cdist(a, b, "sqeuclidean")
    plan = ot.emd2(ot.unif(len(a)), ot.unif(len(b)), costs, numItermax=10**7)
    if len(a) == len(b):
        assigned = costs[linear_sum_assignment(costs)].mean()
        assert abs(plan - assigned) < 1e-12 * assigned
    return plan


def blur(a, b):
    """0.05 of the diagonal of the box around both sets, as GeomLoss measures it."""
    both = np.vstack([a, b])
    return 0.05 * np.linalg.norm(both.max(axis=0) - both.min(axis=0))


def entropic(a, b, epsilon):
    """The least of <P, C> + epsilon KL(P | uniform), C = |x - y|^2 / 2, by POT's iterations until they end."""
    costs, u, v = cdist(a, b, "sqeuclidean") / 2, ot.unif(len(a)), ot.unif(len(b))
    plan = ot.bregman.sinkhorn_log(u, v, costs, epsilon, numItermax=10**6, stopThr=1e-13)
    ratio = plan * len(a) * len(b)
    return (plan * costs).sum() + epsilon * (plan * np.log(np.maximum(ratio, 1e-300))).sum()


def converged(a, b):
    """The debiased divergence in GeomLoss's convention, by POT."""
    epsilon = blur(a, b) ** 2
    return entropic(a, b, epsilon) - (entropic(a, a, epsilon) + entropic(b, b, epsilon)) / 2


def geomloss(a, b, scaling):
    """The same by GeomLoss, which makes an iteration at each blur: the nearer `scaling` is to 1, the more."""
    loss = SamplesLoss("sinkhorn", p=2, blur=blur(a, b), scaling=scaling, debias=True, backend="tensorized")
    return loss(torch.tensor(a), torch.tensor(b)).item()


def mmd(a, b, bandwidth):
    """The unbiased MMD^2 by its definition."""
    def kernel(squares):
        return np.exp(-squares / (2 * bandwidth**2)).mean()
    return kernel(pdist(a, "sqeuclidean")) + kernel(pdist(b, "sqeuclidean")) - 2 * kernel(cdist(a, b, "sqeuclidean"))


for n, m, d, shift in [(50, 50, 1, 0.0), (64, 64, 3, 0.3), (60, 45, 2, 0.5), (97, 101, 8, 0.1), (300, 200, 50, 0.2)]:
    a, b = points(n, d, 1), points(m, d, 2, shift)
    median = np.sort(pdist(np.vstack([a, b])))[(n + m) * (n + m - 1) // 2 // 2]
    energy = 2 * cdist(a, b).mean() - pdist(a).mean() - pdist(b).mean()
    print(f"""    Case(
      {n}, {m}, {d}, shift: {shift}, exact: {exact(a, b):.12g}, converged: {converged(a, b):.12g},
      slowly: {geomloss(a, b, 0.999):.12g}, byDefault: {geomloss(a, b, 0.5):.12g}, bandwidth: {median:.12g},
      discrepancy: {mmd(a, b, median):.12g}, energy: {energy:.12g}),""")
