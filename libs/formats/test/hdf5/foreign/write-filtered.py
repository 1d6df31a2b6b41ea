"""Writes datasets of random types, shapes and chunks with one filter, and prints what h5py reads of them as JSON.

write-filtered.py PATH SEED COUNT FILTER. Needs h5py, hdf5plugin and numpy.
"""

import hashlib
import json
import sys

import h5py
import hdf5plugin
import numpy as np

BLOSC_CODECS = ["blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"]
DTYPES = ["i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", "<i8", ">u8", "<f4", ">f4", "<f8", ">f8"]


def pick(rng, choices):
    return choices[int(rng.integers(0, len(choices)))]


def values_of(rng, dtype, shape):
    """Smooth, noisy, or constant; small integers or the whole range of the type."""
    count = int(np.prod(shape))
    kind = int(rng.integers(0, 4))
    if kind == 0:
        raw = np.zeros(count)
    elif kind == 1:
        raw = np.round(40 * np.sin(np.arange(count) / 37) + 50)
    elif kind == 2:
        raw = rng.integers(0, 100, count)
    elif dtype.kind == "f":
        raw = rng.normal(280, 30, count)
    else:
        raw = rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, count, dtype=dtype.newbyteorder("="))
    return np.asarray(raw).astype(dtype).reshape(shape)


def szip(rng, dtype, chunk):
    elements = int(np.prod(chunk))
    sizes = [size for size in (4, 8, 16, 32) if size <= elements]
    return {"compression": "szip", "compression_opts": (pick(rng, ["nn", "ec"]), pick(rng, sizes))}


def scaleoffset(rng, dtype, chunk):
    if dtype.kind == "f":
        return {"scaleoffset": int(rng.integers(0, 5))}
    # Some bits are too few: then values are lost, as h5py reads them.
    return {"scaleoffset": int(rng.integers(0, 8 * dtype.itemsize + 1)) if rng.random() < 0.3 else 0}


def blosc(rng, dtype, chunk):
    level = int(rng.integers(0, 10))
    return hdf5plugin.Blosc(cname=pick(rng, BLOSC_CODECS), clevel=level, shuffle=int(rng.integers(0, 3)))


FILTERS = {
    "szip": szip,
    "scaleoffset": scaleoffset,
    "lzf": lambda rng, dtype, chunk: {"compression": "lzf"},
    "blosc": blosc,
    "lz4": lambda rng, dtype, chunk: hdf5plugin.LZ4(nbytes=pick(rng, [0, 64, 1000])),
    "bitshuffle": lambda rng, dtype, chunk: hdf5plugin.Bitshuffle(
        nelems=pick(rng, [0, 8, 64]), cname=pick(rng, ["none", "lz4", "zstd"])
    ),
    "zstd": lambda rng, dtype, chunk: hdf5plugin.Zstd(clevel=pick(rng, [1, 3, 19])),
    "bzip2": lambda rng, dtype, chunk: hdf5plugin.BZip2(blocksize=pick(rng, [1, 9])),
}


def write(file, rng, name, number):
    dtype = np.dtype(pick(rng, DTYPES))
    rank = int(rng.integers(1, 4))
    shape = tuple(int(rng.integers(1, 60 if rank < 3 else 20)) for _ in range(rank))
    chunk = tuple(int(rng.integers(1, extent + 1)) for extent in shape)
    if rng.random() < 0.1:
        # More than one block of what codecs cut chunks into.
        chunk = shape = (int(rng.integers(30_000, 200_000)),)
    if name == "szip" and np.prod(chunk) < 4:
        chunk = shape = (40,)
    further = {"shuffle": bool(rng.integers(0, 2)), "fletcher32": bool(rng.integers(0, 2))}
    if name == "scaleoffset" or (name == "szip" and rng.random() < 0.5):
        further = {}
    options = dict(FILTERS[name](rng, dtype, chunk))
    values = values_of(rng, dtype, shape)
    path = f"{name}_{number}"
    file.create_dataset(path, data=values, chunks=chunk, **further, **options)
    return path, f"{dtype.str} {shape} in {chunk}, {options}, {further}"


def main():
    path, seed, count, name = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    rng = np.random.default_rng(seed)
    libver = pick(rng, ["earliest", "latest"])
    with h5py.File(path, "w", libver=libver) as file:
        made = [write(file, rng, name, number) for number in range(count)]
    described = {}
    with h5py.File(path) as file:
        for dataset, what in made:
            values = file[dataset][...]
            native = values.astype(values.dtype.newbyteorder("<"))
            described[f"/{dataset}"] = {
                "what": what,
                "shape": list(values.shape),
                "sha256": hashlib.sha256(native.tobytes()).hexdigest(),
            }
    print(json.dumps(described))


main()
