"""Samplers of digits to compare with, trained in PyTorch on a few hundred images for a given CPU time, on one thread.

Both know the classes and use the convolutions of the size that the program uses by default (16 and 32 channels, dense 128).
"""
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Decoder(nn.Module):
    """A row of numbers and a class to an image: dense, then two convolutions after enlarging."""

    def __init__(self, width):
        super().__init__()
        self.dense = nn.Linear(width + 10, 32 * 49)
        self.a, self.b = nn.Conv2d(32, 16, 5, padding=2), nn.Conv2d(16, 1, 5, padding=2)

    def forward(self, z, label):
        x = F.leaky_relu(self.dense(torch.cat([z, F.one_hot(label, 10).float()], 1)), 0.2).reshape(-1, 32, 7, 7)
        x = F.leaky_relu(self.a(F.interpolate(x, scale_factor=2)), 0.2)
        return torch.sigmoid(self.b(F.interpolate(x, scale_factor=2))).flatten(1)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(1, 16, 5, 2, 2), nn.Conv2d(16, 32, 5, 2, 2)
        self.c, self.d = nn.Linear(32 * 49, 128), nn.Linear(128, 10)

    def forward(self, x, label):
        x = F.leaky_relu(self.b(F.leaky_relu(self.a(x.reshape(-1, 1, 28, 28)), 0.2)), 0.2)
        return self.d(F.leaky_relu(self.c(x.flatten(1)), 0.2)).gather(1, label[:, None])[:, 0]


def until(seconds):
    """Counts steps while CPU time is left."""
    start, step = time.process_time(), 0
    while time.process_time() - start < seconds:
        yield step
        step += 1


def wgan_gp(x, y, count, seconds, seed=0):
    """Gulrajani et al. 2017: five steps of the critic for one of the generator, penalty 10, Adam 2e-4 (0.5, 0.9)."""
    torch.manual_seed(seed)
    x, y, width = torch.tensor(x), torch.tensor(y), 32
    generator, critic = Decoder(width), Critic()
    g_step = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.9))
    c_step = torch.optim.Adam(critic.parameters(), 2e-4, (0.5, 0.9))
    for step in until(seconds):
        chosen = torch.randint(len(x), (64,))
        label, z = y[chosen], torch.randn(64, width)
        if step % 6 < 5:
            real, fake = x[chosen], generator(z, label).detach()
            share = torch.rand(64, 1)
            middle = (share * real + (1 - share) * fake).requires_grad_(True)
            slope = torch.autograd.grad(critic(middle, label).sum(), middle, create_graph=True)[0].norm(dim=1)
            loss = critic(fake, label).mean() - critic(real, label).mean() + 10 * ((slope - 1) ** 2).mean()
            c_step.zero_grad(); loss.backward(); c_step.step()
        else:
            loss = -critic(generator(z, label), label).mean()
            g_step.zero_grad(); loss.backward(); g_step.step()
    with torch.no_grad():
        return generator(torch.randn(count, width), y[torch.arange(count) % len(y)]).numpy()


class Velocity(nn.Module):
    """A small U-Net of an image, a time and a class."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(1, 16, 5, 2, 2), nn.Conv2d(16, 32, 5, 2, 2)
        self.c, self.d = nn.Linear(32 * 49 + 11, 128), nn.Linear(128, 32 * 49)
        self.e, self.f = nn.Conv2d(64, 16, 5, padding=2), nn.Conv2d(32, 16, 5, padding=2)
        self.g = nn.Conv2d(17, 1, 5, padding=2)

    def forward(self, x, time, label):
        x = x.reshape(-1, 1, 28, 28)
        a = F.silu(self.a(x))
        b = F.silu(self.b(a))
        h = F.silu(self.c(torch.cat([b.flatten(1), time[:, None], F.one_hot(label, 10).float()], 1)))
        h = torch.cat([F.silu(self.d(h)).reshape(-1, 32, 7, 7), b], 1)
        h = torch.cat([F.interpolate(F.silu(self.e(h)), scale_factor=2), a], 1)
        h = torch.cat([F.interpolate(F.silu(self.f(h)), scale_factor=2), x], 1)
        return self.g(h).flatten(1)


def flow_matching(x, y, count, seconds, seed=0):
    """Lipman et al. 2023: straight paths from a standard Gaussian, Adam 1e-3, 50 Heun steps."""
    torch.manual_seed(seed)
    x, y, net = torch.tensor(x) * 2 - 1, torch.tensor(y), Velocity()
    adam = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in until(seconds):
        chosen = torch.randint(len(x), (64,))
        start, time_ = torch.randn(64, 784), torch.rand(64)
        there = x[chosen]
        place = (1 - time_[:, None]) * start + time_[:, None] * there
        loss = ((net(place, time_, y[chosen]) - (there - start)) ** 2).mean()
        adam.zero_grad(); loss.backward(); adam.step()
    with torch.no_grad():
        place, label, steps = torch.randn(count, 784), y[torch.arange(count) % len(y)], 50
        for k in range(steps):
            now = torch.full((count,), k / steps)
            v = net(place, now, label)
            place = place + (v + net(place + v / steps, now + 1 / steps, label)) / (2 * steps)
        return np.clip(((place + 1) / 2).numpy(), 0, 1)
