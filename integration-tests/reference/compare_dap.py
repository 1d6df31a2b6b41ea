"""Compares a dataset that the gateway serves with the files that it was published from.

usage: compare_dap.py URL FILE...
Several files are joined along "time". Reads through netCDF4-python, and through xarray with its netcdf4 and pydap engines.
Prints what differs, one line each.
"""

import sys
import warnings

import netCDF4
import numpy as np
import xarray as xr

warnings.simplefilter("ignore")
url, *paths = sys.argv[1:]
problems = []


def differ(what, found, expected, tolerance=0.0):
    found, expected = np.ma.asarray(found), np.ma.asarray(expected)
    if found.shape != expected.shape:
        return problems.append(f"{what}: shape {found.shape}, expected {expected.shape}")
    if not np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(expected)):
        return problems.append(f"{what}: other values are masked")
    found, expected = np.ma.filled(found, 0), np.ma.filled(expected, 0)
    if found.dtype.kind in "fc":
        same = np.isclose(found, expected, rtol=tolerance, atol=0, equal_nan=True)
    else:
        same = found == expected
    if not np.all(same):
        problems.append(f"{what}: {np.size(same) - np.count_nonzero(same)} values differ")


def masked_alike(variable):
    """netCDF4-python masks default fills of one-byte types where the file names none; DAP2 has other types for them."""
    return variable.dtype not in (np.dtype("int8"), np.dtype("uint8")) or "_FillValue" in variable.ncattrs()


if len(paths) == 1:
    with netCDF4.Dataset(url) as served, netCDF4.Dataset(paths[0]) as file:
        if set(served.variables) != set(file.variables):
            problems.append(f"variables {sorted(served.variables)}, expected {sorted(file.variables)}")
        for name, variable in file.variables.items():
            if variable.dtype is str or variable.dtype.kind == "S":
                continue
            if not masked_alike(variable):
                variable.set_auto_mask(False)
                served[name].set_auto_mask(False)
            differ(f"netCDF4 {name}", served[name][...], variable[...])

if len(paths) > 1:
    expected = xr.open_mfdataset(
        paths, combine="nested", concat_dim="time", data_vars="minimal", coords="minimal", compat="override"
    )
else:
    # Real files have years 0, which xarray does not decode.
    expected = xr.open_dataset(paths[0], decode_times=False)
for engine in ["netcdf4", "pydap"]:
    with xr.open_dataset(url, engine=engine, decode_times=len(paths) > 1) as served:
        for name in expected.data_vars:
            if expected[name].dtype.kind in "SUO":
                continue
            # pydap keeps no types of attributes, so that xarray unpacks in float64.
            tolerance = 1e-6 if engine == "pydap" and "scale_factor" in expected[name].encoding else 0.0
            values = served[name].values
            if tolerance:
                values = values.astype(expected[name].dtype)
            absolute = np.nanmax(np.abs(expected[name].values)) * 1e-6 if tolerance else 0
            same = np.isclose(values, expected[name].values, rtol=tolerance, atol=absolute, equal_nan=True) \
                if values.dtype.kind == "f" else values == expected[name].values
            if not np.all(same):
                problems.append(f"xarray {engine} {name}: {np.count_nonzero(~same)} values differ")
        for name in expected.coords:
            if name in served.coords and not np.array_equal(served[name].values, expected[name].values):
                problems.append(f"xarray {engine} {name}: the coordinate differs")

for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
