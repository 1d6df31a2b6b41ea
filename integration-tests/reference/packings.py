"""Attributes of CF by which stored numbers become values, or are missing; drawn by a generator of NumPy."""

import numpy as np


def one_of(rng, *options):
    return options[rng.integers(len(options))]


def packing(rng):
    """Attributes by which stored numbers become values."""
    if rng.random() < 0.3:
        return {}
    of = np.float32 if rng.random() < 0.5 else np.float64
    both = {"scale_factor": of(one_of(rng, 0.5, 0.01, 4.0)), "add_offset": of(one_of(rng, -3.0, 273.15))}
    return one_of(rng, both, {"scale_factor": both["scale_factor"]}, {"add_offset": both["add_offset"]})


def missing(rng, kind):
    """Attributes by which stored numbers are missing, but for the fill value; these are among the numbers that are stored."""
    of = np.dtype(kind).type
    return one_of(
        rng,
        {},
        {"missing_value": of(7)},
        {"valid_min": of(3)},
        {"valid_max": of(40)},
        {"valid_range": np.array([3, 40], kind)},
    )


def told(rng, kind):
    """All of them that a variable of a type has."""
    attributes = {**packing(rng), **missing(rng, kind)} if kind[0] != "f" else missing(rng, kind)
    if kind in ("i1", "i2") and rng.random() < 0.3:
        attributes = {key: value for key, value in attributes.items() if not key.startswith("valid")}
        attributes["_Unsigned"] = "true"
    return attributes


def numbers(rng, shape, kind, attributes):
    """Stored numbers; some are negative where the type has a sign, and where they are unsigned in a signed type."""
    drawn = rng.integers(0, 50, shape)
    if "_Unsigned" in attributes:
        drawn = np.where(rng.random(drawn.shape) < 0.3, -drawn - 2, drawn)
    elif kind[0] != "u":
        drawn = drawn - 5
    return drawn.astype(kind)
