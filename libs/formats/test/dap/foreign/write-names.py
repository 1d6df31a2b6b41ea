"""Writes a NetCDF file of variables with unusual names, and prints these as a list.

usage: write-names.py FOLDER
The variable at N of the list has N * 100000, N * 100000 + 1, …; the one with "_1" behind its name has N, N, N, N.
"""

import json
import os
import sys

import netCDF4
import numpy as np

names = ["a", "a&b", "a'b", "a[0]", "a;b", "a#b", "a+b", "a,b", "ä", "a=b", "a(b)"]
with netCDF4.Dataset(os.path.join(sys.argv[1], "names.nc"), "w", format="NETCDF3_64BIT_DATA") as file:
    file.createDimension("x", 4)
    file.createDimension("y", 10000)
    for at, name in enumerate(names):
        file.createVariable(name, "i4", ("y", "x"))[...] = np.arange(40000).reshape(10000, 4) + 100000 * at
        file.createVariable(f"{name}_1", "i2", ("x",))[...] = at
print(json.dumps(names))
