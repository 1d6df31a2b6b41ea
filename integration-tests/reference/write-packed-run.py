"""Writes FOLDER/t0.nc to t3.nc with netCDF4, one run whose files are packed in four ways, and prints its values.

usage: write-packed-run.py FOLDER SEED

Scale, offset, fill value and type differ, and one file is not packed. Values are those that netCDF4 gives of what it wrote, null
where they are missing; the mean over time is NumPy's.
"""

import json
import os
import sys

import netCDF4
import numpy as np

folder, seed = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(seed)
steps, rows, columns = 3, 4, 5
pieces = [
    {"kind": "i2", "scale": 0.01, "offset": 250.0, "fill": -32768, "format": "NETCDF4"},
    {"kind": "i2", "scale": 0.0025, "offset": 270.0, "fill": 32767, "format": "NETCDF3_CLASSIC"},
    {"kind": "i1", "scale": 0.5, "offset": 280.0, "fill": -128, "format": "NETCDF4_CLASSIC"},
    {"kind": "f4", "scale": None, "offset": None, "fill": -999.0, "format": "NETCDF3_64BIT_OFFSET"},
]
os.makedirs(folder, exist_ok=True)
found = []
for number, piece in enumerate(pieces):
    path = os.path.join(folder, f"t{number}.nc")
    with netCDF4.Dataset(path, "w", format=piece["format"]) as file:
        for name, extent in {"time": steps, "latitude": rows, "longitude": columns}.items():
            file.createDimension(name, extent)
            coordinate = file.createVariable(name, "f8", (name,))
            coordinate.units = {
                "time": "hours since 2026-01-01",
                "latitude": "degrees_north",
                "longitude": "degrees_east",
            }[name]
            coordinate[:] = np.arange(extent) + (number * steps if name == "time" else 0)
        t = file.createVariable("t", piece["kind"], ("time", "latitude", "longitude"), fill_value=piece["fill"])
        t.units = "K"
        t.standard_name = "air_temperature"
        if piece["scale"] is not None:
            t.scale_factor, t.add_offset = piece["scale"], piece["offset"]
        values = 260 + 60 * rng.random((steps, rows, columns))
        t[:] = np.ma.masked_array(values, rng.random(values.shape) < 0.2)
    with netCDF4.Dataset(path) as file:
        found.append(np.ma.asarray(file["t"][:], dtype="f8"))
run = np.ma.concatenate(found)
listed = lambda array: [None if x is np.ma.masked else float(x) for x in array.ravel()]
print(json.dumps({"shape": list(run.shape), "values": listed(run), "mean": listed(run.mean(axis=0))}))
