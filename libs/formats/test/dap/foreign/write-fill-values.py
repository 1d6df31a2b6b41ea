"""Writes a NetCDF file of variables with fill values, and prints these by variable.

usage: write-fill-values.py FOLDER
"""

import json
import os
import sys

import netCDF4
import numpy as np

fills = {
    "default_i4": np.int32(-2147483647),
    "least_i4": np.int32(-2147483648),
    "nines_i4": np.int32(-99999999),
    "small_i4": np.int32(-999999),
    "default_i2": np.int16(-32767),
    "default_f8": np.float64(9.969209968386869e36),
    "plain_f4": np.float32(-9999),
    "large_f4": np.float32(1e20),
}
with netCDF4.Dataset(os.path.join(sys.argv[1], "fills.nc"), "w", format="NETCDF3_CLASSIC") as file:
    file.createDimension("x", 3)
    for name, fill in fills.items():
        file.createVariable(name, fill.dtype, ("x",), fill_value=fill)[...] = np.arange(3)
print(json.dumps({name: fill.item() for name, fill in fills.items()}))
