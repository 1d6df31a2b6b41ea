"""Writes virtual datasets of sources that were never written and have 4 Mi chunks each: of twelve, and of two.

usage: write-sparse-sources.py FOLDER
"""

import json
import os
import sys

import h5py

folder = sys.argv[1]
with h5py.File(os.path.join(folder, "sources.h5"), "w") as sources:
    sources.create_dataset("x", (4194304,), "i1", chunks=(1,))
for count in (12, 2):
    path = os.path.join(folder, f"virtual{count}.h5")
    with h5py.File(path, "w") as file:
        layout = h5py.VirtualLayout((count,), "i1")
        for at in range(count):
            # Other names for the same.
            source = h5py.VirtualSource("sources.h5", "/" * (at + 1) + "x", (4194304,))
            layout[at] = source[at]
        file.create_virtual_dataset("virtual", layout)
    print(json.dumps({"file": path}))
