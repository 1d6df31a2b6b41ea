"""Prints a JSON line for each of COUNT random arrays, drawn by SEED, with what xarray interpolates of them.

null stands for missing, which is NaN to xarray. Targets lie within the outermost points, and on a point only where nothing is
missing: there xarray multiplies its neighbours with 0, which of NaN is NaN.
"""

import json
import sys

import numpy
import xarray

random = numpy.random.default_rng(int(sys.argv[1]))


def axis(low, high, count):
    points = low + (high - low) * random.permutation(1000)[:count] / 1000
    points.sort()
    return points[::-1] if random.random() < 0.5 else points


def targets(points, missing):
    count = random.integers(1, 5)
    chosen = random.uniform(points.min(), points.max(), count)
    if not missing.any():
        chosen[0] = random.choice(points)
    return chosen


def plain(array):
    return [None if numpy.isnan(value) else value for value in array.astype(float).ravel().tolist()]


for _ in range(int(sys.argv[2])):
    counts = random.integers(2, 7, 3)
    level, time, latitude = axis(10, 1000, counts[0]), numpy.arange(counts[1]), axis(-80, 80, counts[2])
    dtype = str(random.choice(["float64", "float32", "int32"]))
    data = (100 * random.normal(size=counts)).astype(dtype)
    missing = random.random(counts) < (0.15 if random.random() < 0.5 else 0)
    array = xarray.DataArray(
        numpy.where(missing, numpy.nan, data.astype(float)),
        dims=("level", "time", "latitude"),
        coords={"level": level, "latitude": latitude},
    )
    levels, latitudes = targets(level, missing), targets(latitude, missing)
    method = str(random.choice(["linear", "log", "nearest"]))
    if method == "log":
        latitudes = None
        result = array.assign_coords(level=numpy.log(level)).interp(level=numpy.log(levels), method="linear")
    else:
        result = array.interp(level=levels, latitude=latitudes, method=method)
    points = None
    if latitudes is not None:
        count = min(len(levels), len(latitudes))
        at = {
            "level": xarray.DataArray(levels[:count], dims="points"),
            "latitude": xarray.DataArray(latitudes[:count], dims="points"),
        }
        points = plain(array.interp(at, method=method).transpose("points", "time").values)
    print(
        json.dumps(
            {
                "dtype": dtype,
                "shape": counts.tolist(),
                "level": level.tolist(),
                "latitude": latitude.tolist(),
                "data": data.ravel().tolist(),
                "missing": missing.astype(int).ravel().tolist(),
                "levels": levels.tolist(),
                "latitudes": None if latitudes is None else latitudes.tolist(),
                "method": method,
                "points": points,
                "expected": plain(result.transpose("level", "time", "latitude").values),
            }
        )
    )
