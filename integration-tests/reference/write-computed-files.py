"""Writes FOLDER/f0.nc and on with netCDF4, random files, and prints what NumPy computes of each, one line a file.

usage: write-computed-files.py FOLDER SEED COUNT

Types, chunks, filters, packing, fill values, missing values and NaN differ from file to file.
"""

import json
import os
import sys
import warnings

import netCDF4
import numpy as np

folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(seed)
warnings.simplefilter("ignore")
os.makedirs(folder, exist_ok=True)


def listed(array):
    """Numbers in row-major order: None where missing, text where there is no finite number."""
    array = np.ma.asarray(array)
    flat = np.ma.getdata(array).ravel()
    missing = np.ma.getmaskarray(array).ravel()
    number = lambda x: float(x) if np.isfinite(x) else str(float(x))
    return [None if m else number(x) for x, m in zip(flat, missing)]


def without_nan(array):
    return np.ma.masked_where(np.isnan(np.ma.getdata(array)) & ~np.ma.getmaskarray(array), array)


for number in range(count):
    kind = str(rng.choice(["f4", "f8", "i2", "u1", "i4", "i1"]))
    shape = tuple(int(n) for n in rng.integers(1, [9, 70, 90]))
    chunks = tuple(int(rng.integers(1, n + 1)) for n in shape)
    packed = kind in ("i2", "u1", "i1") and rng.random() < 0.7
    floating = kind[0] == "f"
    path = os.path.join(folder, f"f{number}.nc")
    with netCDF4.Dataset(path, "w") as file:
        for name, extent in zip("tyx", shape):
            file.createDimension(name, extent)
        options = {
            "zlib": bool(rng.random() < 0.7),
            "shuffle": bool(rng.random() < 0.7),
            "fletcher32": bool(rng.random() < 0.3),
            "complevel": int(rng.integers(1, 9)),
        }
        if rng.random() < 0.2:
            options = {"contiguous": True}
        else:
            options["chunksizes"] = chunks
        fill = {"f4": -999.0, "f8": 1e20, "i2": -32768, "u1": 255, "i4": -(2**31), "i1": -128}[kind]
        v = file.createVariable("v", kind, ("t", "y", "x"), fill_value=fill, **options)
        if packed:
            v.scale_factor, v.add_offset = np.float32(0.25), np.float32(10)
        low, high = (10, 30) if packed and kind == "u1" else (0, 30)
        values = rng.uniform(low, high, shape)
        if not floating and not packed:
            values = np.floor(values)
        if floating and rng.random() < 0.4:
            values[rng.random(shape) < 0.05] = np.nan
        v[:] = np.ma.masked_array(values, rng.random(shape) < (0.15 if rng.random() < 0.5 else 0))
    with netCDF4.Dataset(path) as file:
        stored = np.ma.asarray(file["v"][:])
        v = np.ma.masked_array(np.ma.getdata(stored).astype("f8"), np.ma.getmaskarray(stored))
    plain = without_nan(v)
    only_nan = lambda axes: np.ma.getmaskarray(plain).all(axis=axes) & ~np.ma.getmaskarray(v).all(axis=axes)

    def reduced(found, axes):
        found = np.ma.masked_array(np.ma.getdata(np.ma.filled(found, np.nan)), np.ma.getmaskarray(found))
        nan = only_nan(axes)
        return listed(np.ma.masked_array(np.where(nan, np.nan, np.ma.getdata(found)), np.ma.getmaskarray(found) & ~nan))

    difference = plain - plain.mean(axis=0)
    print(
        json.dumps(
            {
                "file": path,
                "v": listed(v),
                "v * 2.5 + v": listed(v * 2.5 + v),
                "mean(v, t)": reduced(plain.mean(axis=0), (0,)),
                "max(v, x)": reduced(plain.max(axis=2), (2,)),
                "sum(v, y, x)": reduced(plain.sum(axis=(1, 2)), (1, 2)),
                "std(v, t, y)": reduced(plain.std(axis=(0, 1)), (0, 1)),
                "std(v * 1.0 - mean(v, t), t)": reduced(difference.std(axis=0), (0,)),
                "max(sqrt(v * 1.0 * v + 1.0), t, x)": reduced(np.ma.sqrt(plain * plain + 1.0).max(axis=(0, 2)), (0, 2)),
            }
        )
    )
