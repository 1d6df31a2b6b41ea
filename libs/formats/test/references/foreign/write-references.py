"""Writes NetCDF-4 files and what kerchunk makes of them: references to one, and to both joined along time. Prints the values.

usage: write-references.py FOLDER SEED
"""

import json
import os
import random
import sys
import warnings

import fsspec
import netCDF4
import numpy as np
from kerchunk.combine import MultiZarrToZarr
from kerchunk.hdf import SingleHdf5ToZarr

warnings.simplefilter("ignore")
folder, seed = sys.argv[1], int(sys.argv[2])
pick = random.Random(seed)
numbers = np.random.default_rng(seed)
shape = (2, pick.randint(3, 9), pick.randint(3, 9))
chunks = (1, pick.randint(1, shape[1]), pick.randint(1, shape[2]))

paths, values, singles = [], [], []
for part in range(2):
    path = os.path.join(folder, f"part{part}.nc")
    with netCDF4.Dataset(path, "w") as file:
        for name, length in zip(("time", "y", "x"), shape):
            file.createDimension(name, length)
        time = file.createVariable("time", "f8", ("time",))
        time.units = "hours since 2026-01-01"
        time[:] = np.arange(2) + 2 * part
        t = file.createVariable("t", "i2", ("time", "y", "x"), zlib=True, shuffle=True, chunksizes=chunks, fill_value=-1)
        t.set_auto_maskandscale(False)
        t.units = "K"
        t[:] = numbers.integers(0, 1000, shape)
        values.append(t[:].astype(int))
    paths.append(path)
    with open(path, "rb") as content:
        singles.append(SingleHdf5ToZarr(content, path, inline_threshold=pick.choice([0, 100])).translate())

with open(os.path.join(folder, "single.json"), "w") as out:
    json.dump(singles[0], out)
# Version 0 is the references alone; its URLs may be relative.
plain = {key: [os.path.basename(value[0]), *value[1:]] if isinstance(value, list) else value for key, value in singles[0]["refs"].items()}
with open(os.path.join(folder, "flat.json"), "w") as out:
    json.dump(plain, out)
joined = MultiZarrToZarr(singles, concat_dims=["time"], identical_dims=["x", "y"]).translate()
template = {"version": 1, "templates": {"u": folder}, "refs": {
    key: [value[0].replace(folder, "{{u}}"), *value[1:]] if isinstance(value, list) else value
    for key, value in joined["refs"].items()
}}
with open(os.path.join(folder, "joined.json"), "w") as out:
    json.dump(template, out)
print(json.dumps({"single": values[0].ravel().tolist(), "joined": np.concatenate(values).ravel().tolist()}))
