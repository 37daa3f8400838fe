#!/usr/bin/env python3
"""Samples with as many columns as the paper's chip has: synthetic.py FOLDER writes source.npy and target.npy there."""
import os
import sys

import numpy

COLUMNS, FACTORS = 54675, 40


def samples(random, count, factors, shift):
    noise = random.normal(size=(count, COLUMNS)) * 0.5
    return (8 + random.normal(size=(count, FACTORS)) @ factors * 0.5 + shift + noise).astype("float32")


random = numpy.random.default_rng(0)
factors = random.normal(size=(FACTORS, COLUMNS)) * numpy.exp(-numpy.arange(FACTORS) / 10)[:, None]
os.makedirs(sys.argv[1], exist_ok=True)
numpy.save(sys.argv[1] + "/source.npy", samples(random, 226, factors, random.normal(size=COLUMNS) * 0.7))
numpy.save(sys.argv[1] + "/target.npy", samples(random, 265, factors, 0))
