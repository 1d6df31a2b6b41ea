"""Writes runs of a forecast in random kinds of netCDF and prints a line of JSON for each: file, start, lead times, chunk."""
import json
import os
import random
import sys

import netCDF4
import numpy as np

folder, seed = sys.argv[1], int(sys.argv[2])
random.seed(seed)

for number in range(random.randint(2, 5)):
    start = 6 * number
    leads = sorted(random.sample(range(0, 60, 6), random.randint(1, 6)))
    kind = random.choice(["NETCDF3_CLASSIC", "NETCDF3_64BIT_DATA", "NETCDF4"])
    growing = random.random() < 0.4
    chunk = random.choice([None, 1, 2]) if kind == "NETCDF4" else None
    path = os.path.join(folder, f"run{number}.nc")
    with netCDF4.Dataset(path, "w", format=kind) as file:
        file.createDimension("time", None if growing else len(leads))
        file.createDimension("x", 3)
        time = file.createVariable("time", "f8", ("time",))
        time.units, time.standard_name = "hours since 2026-11-01", "time"
        reference = file.createVariable("reference", "f8", ())
        reference.units, reference.standard_name = "hours since 2026-11-01", "forecast_reference_time"
        chunks = {"chunksizes": (min(chunk, len(leads)), 3), "zlib": True} if chunk and not growing else {}
        if kind == "NETCDF4" and growing:
            chunks = {"chunksizes": (1, 3)}
        t = file.createVariable("t", random.choice(["f4", "f8", "i4"]), ("time", "x"), **chunks)
        t.coordinates = "reference"
        reference[...] = start
        time[:] = np.array(leads) + start
        t[:] = [[start * 10000 + (start + lead) * 10 + x for x in range(3)] for lead in leads]
    print(json.dumps({"path": path, "start": start, "leads": leads, "chunk": chunk if not growing else 1}))
