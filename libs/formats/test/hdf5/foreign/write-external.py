"""Writes datasets whose bytes are in other files, and prints what h5py reads of them as JSON, one a line.

write-external.py FOLDER SEED COUNT. Needs h5py and numpy.
"""

import hashlib
import json
import os
import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(int(sys.argv[2]))
# Names are relative to the file for us, and to the working directory for HDF5.
os.chdir(folder)
for number in range(int(sys.argv[3])):
    dtype = np.dtype(["<i2", ">f4", "<f8"][int(rng.integers(0, 3))])
    shape = tuple(int(n) for n in rng.integers(1, 9, int(rng.integers(1, 4))))
    values = rng.integers(-100, 100, shape).astype(dtype)
    offset = int(rng.integers(0, 50))
    name = f"raw_{number}.bin"
    pathlib.Path(name).write_bytes(bytes(offset))
    path = f"external_{number}.h5"
    with h5py.File(path, "w") as file:
        size = values.nbytes if rng.integers(0, 2) else h5py.h5f.UNLIMITED
        file.create_dataset("external", data=values, external=[(name, offset, size)])
    native = values.astype(dtype.newbyteorder("<"))
    digest = hashlib.sha256(native.tobytes()).hexdigest()
    print(json.dumps({"file": str(folder / path), "what": f"{dtype} {shape}", "shape": list(shape), "sha256": digest}))
