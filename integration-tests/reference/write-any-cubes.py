"""Writes FOLDER/cube0.nc to cubeN.nc with netCDF4, a random cube "t" each, and prints what expressions of it are, one cube a line.

usage: write-any-cubes.py FOLDER SEED COUNT

Cubes have no dimension to six, the first of which may be time, in any calendar, with bounds or without, and have no step yet; numbers of any type, packed in
any way of CF (scale, offset, unsigned in signed types), with missing values told by any attribute, in any chunks. Values are those that netCDF4
gives, null where they are missing; what is computed of them is NumPy's, and so are types: that of the cube is as CF has it. "size" is that of what was added
on the way to values, besides themselves: as many digits are left as it has.
"""

import json
import os
import sys

import netCDF4
import numpy as np
from packings import numbers, one_of, told

folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(seed)
CALENDARS = [
    "standard",
    "gregorian",
    "proleptic_gregorian",
    "noleap",
    "365_day",
    "all_leap",
    "366_day",
    "360_day",
    "julian",
]
KINDS = ["i1", "i2", "i4", "f4", "f8"]
NEWER = ["u1", "u2", "u4", "i8"]


def write(path):
    newer = rng.random() < 0.7
    kind = one_of(rng, *KINDS, *NEWER) if newer else one_of(rng, *KINDS)
    attributes = told(rng, kind)
    rank = rng.integers(0, 7)
    has_time = rank > 0 and rng.random() < 0.8
    names = (["time"] if has_time else []) + list("abcdef")[: rank - has_time]
    shape = [int(rng.integers(1, 8 if name == "time" else 4)) for name in names]
    grows = has_time and rng.random() < 0.4
    if grows and rng.random() < 0.3:
        shape[0] = 0
    fill = np.dtype(kind).type(5) if rng.random() < 0.6 else False
    with netCDF4.Dataset(path, "w", format="NETCDF4" if newer else "NETCDF3_64BIT_OFFSET") as file:
        for name, extent in zip(names, shape):
            file.createDimension(name, None if name == "time" and grows else extent)
        if has_time:
            time = file.createVariable("time", "f8", ("time",))
            time.units = one_of(rng, "days", "hours") + " since 1999-12-15"
            time.calendar = one_of(rng, *CALENDARS)
            time.standard_name = "time"
            time[:] = np.cumsum(rng.integers(1, 40, shape[0]))
            if rng.random() < 0.5:
                file.createDimension("nv", 2)
                bounds = file.createVariable("time_bnds", "f8", ("time", "nv"))
                bounds[:] = np.stack([time[:] - 20, time[:] + 20], axis=-1)
                time.bounds = "time_bnds"
        chunks = {}
        if newer and rank > 0:
            chunks = dict(
                chunksizes=[int(rng.integers(1, max(1, extent) + 1)) for extent in shape],
                zlib=bool(rng.random() < 0.5),
                shuffle=bool(rng.random() < 0.5),
            )
        t = file.createVariable("t", kind, names, fill_value=fill, **chunks)
        t.setncatts(attributes)
        t.set_auto_maskandscale(False)
        t[...] = numbers(rng, shape, kind, attributes)


def read(path):
    with netCDF4.Dataset(path) as file:
        values = np.ma.asarray(file["t"][...])
        dates, edges = [], None
        if "time" in file.variables and len(file["time"]) > 0:
            time = file["time"]
            dates_of = lambda each: netCDF4.num2date(each[:], time.units, time.calendar, only_use_cftime_datetimes=True)
            dates = dates_of(time)
            # What says nothing itself is in the units and the calendar of its coordinate.
            edges = dates_of(file["time_bnds"]) if "time_bnds" in file.variables else None
        offset = abs(float(getattr(file["t"], "add_offset", 0)))
        cube = np.ma.masked_array(values, dtype="f8")
        return file["t"].dimensions, cube, unpacked_type(file["t"]), offset, list(dates), edges


def unpacked_type(variable):
    """As CF has it: of the numbers that are stored, or of the attributes that scale them (section 8.1)."""
    scales = [getattr(variable, name).dtype for name in ("scale_factor", "add_offset") if name in variable.ncattrs()]
    stored = variable.dtype.str.replace("i", "u") if "_Unsigned" in variable.ncattrs() else variable.dtype
    return np.result_type(*scales) if scales else np.dtype(stored)


def types(dtype):
    """Of results, where it is not that of the cube."""
    ones = np.ones(2, dtype)
    mean, floating = np.mean(ones).dtype, (ones * 2.0).dtype
    return {
        "count(t)": "int64",
        "is_missing(t)": "int8",
        "month(time_bnds)": "int32",
        "day(time_bnds)": "int32",
        **dict.fromkeys(["mean(t)", "group(t, mean, time=month)"], str(mean)),
        **dict.fromkeys(["t * 2.0 - 1.0", "fill_missing(t * 1.0, -1)", "clip(t * 1.0, 3, 30.5)"], str(floating)),
        "t - mean(t, time)": str((ones - ones.mean()).dtype),
    }


def expected(names, values, dtype, offset, dates, edges):
    found = {"t": values, "count(t)": np.ma.asarray(values.count()), "t * 2.0 - 1.0": values * 2 - 1}
    found["where(t > 10, t)"] = np.ma.masked_where(np.ma.filled(values <= 10, True), values)
    found["is_missing(t)"] = np.ma.getmaskarray(values)
    found["fill_missing(t * 1.0, -1)"] = np.ma.filled(values, -1)
    found["clip(t * 1.0, 3, 30.5)"] = np.clip(values, 3, 30.5)
    if values.size > 0:
        found["mean(t)"] = np.ma.asarray(values.mean())
    if dates:
        found["max(t, time)"] = values.max(axis=0)
        found["t - mean(t, time)"] = values - values.mean(axis=0)
        months = np.array([date.month for date in dates])
        found["group(t, mean, time=month)"] = np.ma.stack(
            [np.ma.asarray(values[months == month].mean(axis=0)) for month in sorted(set(months))]
        )
    if edges is not None:
        for part in ("month", "day"):
            found[f"{part}(time_bnds)"] = np.array([[getattr(date, part) for date in pair] for pair in edges])
    listed = lambda array: [None if x is np.ma.masked else float(x) for x in np.ma.asarray(array).ravel()]
    largest = float(np.ma.filled(np.abs(values), 0).max(initial=0))
    of = types(dtype)
    return {
        text: {
            "shape": list(np.shape(array)),
            "dtype": of.get(text, str(dtype)),
            "size": largest if "mean" in text else offset + 1,
            "values": listed(array),
        }
        for text, array in found.items()
    }


for number in range(count):
    path = os.path.join(folder, f"cube{number}.nc")
    write(path)
    names, *cube = read(path)
    with netCDF4.Dataset(path) as file:
        about = {key: str(value) for key, value in file["t"].__dict__.items()}
        about.update(dtype=str(file["t"].dtype), dimensions=list(names), shape=list(cube[0].shape))
    print(json.dumps({"file": path, "about": about, "expected": expected(names, *cube)}))
