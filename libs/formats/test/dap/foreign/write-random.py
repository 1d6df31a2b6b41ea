"""Writes NetCDF files of random variables, and prints what each holds.

usage: write-random.py FOLDER SEED COUNT classic|netcdf4
Prints a line for each file: its name, and of each variable path, type, dimensions and values as stored (64-bit integers as text).
netcdf4: with groups, all types, texts.
"""

import json
import os
import sys

import netCDF4
import numpy as np

folder, seed, count, kind = sys.argv[1:5]
rng = np.random.default_rng(int(seed))
plain = ["i2", "i4", "f4", "f8", "u1"]
wide = [*plain, "i1", "u2", "u4", "i8", "u8"]


def numbers(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.normal(size=shape).astype(dtype) * 1000
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, size=shape, dtype=dtype, endpoint=True)


def fill(group, dimensions, prefix):
    for number in range(int(rng.integers(1, 5))):
        dtype = rng.choice(plain if kind == "classic" else wide)
        rank = int(rng.integers(0, 4))
        names = [str(each) for each in rng.choice(sorted(dimensions), size=min(rank, len(dimensions)), replace=False)]
        chunks = None
        if kind == "netcdf4" and names and rng.random() < 0.5:
            chunks = [int(rng.integers(1, dimensions[each] + 1)) for each in names]
        variable = group.createVariable(f"{prefix}{number}", dtype, names, chunksizes=chunks)
        variable.long_name = f"random {dtype} of <{rank}> & more"
        if kind == "netcdf4" and chunks:
            # As servers of Java tell it.
            variable.setncattr("_ChunkSizes", np.array(chunks, "i4"))
        variable[...] = numbers(dtype, [dimensions[each] for each in names])


for at in range(int(count)):
    name = f"random{at}.nc"
    with netCDF4.Dataset(os.path.join(folder, name), "w", format="NETCDF4" if kind == "netcdf4" else "NETCDF3_64BIT_DATA") as file:
        file.set_auto_maskandscale(False)
        sizes = {f"d{each}": int(rng.integers(1, 30)) for each in range(int(rng.integers(1, 4)))}
        for each, size in sizes.items():
            file.createDimension(each, size)
            if rng.random() < 0.8:
                file.createVariable(each, "f8", (each,))[...] = np.sort(rng.normal(size=size))
        fill(file, sizes, "v")
        if kind == "netcdf4":
            group = file.createGroup("inner group")
            inner = {**sizes, "e.0": int(rng.integers(1, 9))}
            group.createDimension("e.0", inner["e.0"])
            fill(group, inner, "w.")
            texts = group.createVariable("texts", str, ("e.0",))
            texts[...] = np.array([rng.choice(["", "a", "größer", "x" * 40]) for _ in range(inner["e.0"])], dtype=object)
        found = []
        pending = [file]
        while pending:
            group = pending.pop()
            pending.extend(group.groups.values())
            for key, variable in group.variables.items():
                variable.set_auto_maskandscale(False)
                values = np.atleast_1d(variable[...]).reshape(-1)
                is_text = variable.dtype is str
                as_text = is_text or np.dtype(variable.dtype).kind in "iu"
                found.append({
                    "path": group.path.rstrip("/") + "/" + key,
                    "dtype": "string" if is_text else np.dtype(variable.dtype).name,
                    "shape": list(variable.shape),
                    "values": [str(each) if as_text else float(each) for each in values],
                })
    print(json.dumps({"name": name, "variables": found}))
