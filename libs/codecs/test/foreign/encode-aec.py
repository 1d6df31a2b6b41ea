"""Prints random samples as libaec codes them, a JSON object a line: encode-aec.py SEED COUNT. Needs imagecodecs and numpy."""

import base64
import json
import sys

import imagecodecs
import numpy as np

SIGNED, PREPROCESS, RESTRICTED, PAD_RSI = 1, 8, 16, 32


def samples(rng, bits, count):
    """Values of so many bits in stretches of different character: noise, slopes, constants, zeros."""
    parts = []
    while sum(map(len, parts)) < count:
        length = int(rng.integers(1, 400))
        noise = 2 ** int(rng.integers(0, bits + 1))
        slope = int(rng.integers(0, 4)) * np.arange(length)
        parts.append(rng.integers(0, noise, length) + slope * int(rng.integers(0, 2)))
    return np.concatenate(parts)[:count].astype("u8") % 2**bits


def case(rng):
    bits = int(rng.integers(1, 33))
    flags = int(rng.choice([0, PREPROCESS, PREPROCESS, PREPROCESS | SIGNED]))
    flags |= int(rng.choice([0, PAD_RSI]))
    if bits <= 4:
        flags |= int(rng.choice([0, RESTRICTED]))
    values = samples(rng, bits, int(rng.integers(1, 5000)))
    stored = values.astype("<u4" if bits > 16 else "<u2" if bits > 8 else "u1")
    sizes = {
        "bitsPerSample": bits,
        "blockSize": int(rng.choice([8, 16, 32, 64])),
        "rsi": int(rng.choice([1, 2, 63, 64, 65, 128, 300])),
    }
    encoded = imagecodecs.aec_encode(
        stored.tobytes(),
        bitspersample=bits,
        flags=flags,
        blocksize=sizes["blockSize"],
        rsi=sizes["rsi"],
    )
    numbers = values.astype("i8")
    if flags & SIGNED:
        numbers = np.where(numbers >= 2 ** (bits - 1), numbers - 2**bits, numbers)
    return {
        "flags": flags,
        "sizes": sizes,
        "encoded": base64.b64encode(encoded).decode(),
        "values": numbers.tolist(),
    }


rng = np.random.default_rng(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    print(json.dumps(case(rng)))
