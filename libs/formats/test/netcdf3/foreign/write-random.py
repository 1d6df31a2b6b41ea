"""Writes random netCDF classic files with netCDF-C, and prints what it reads of them.

write-random.py FOLDER SEED COUNT. Needs netCDF4 and numpy.
"""

import json
import pathlib
import sys

import netCDF4
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[5] / "fixtures/netcdf3"))
from describe import describe

CLASSIC = ["i1", "S1", "i2", "i4", "f4", "f8"]
CDF5 = [*CLASSIC, "u1", "u2", "u4", "i8", "u8"]
FORMATS = ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"]
NAMES = ["t", "air_temperature", "größe", "東京", "a.b", "x y"]


def pick(rng, choices):
    return choices[int(rng.integers(0, len(choices)))]


def values(rng, dtype, shape):
    size = int(np.prod(shape))
    if dtype == "S1":
        return rng.integers(97, 123, size, dtype="u1").view("S1").reshape(shape)
    if dtype[0] == "f":
        special = rng.random(size) < 0.05
        return np.where(special, pick(rng, [np.nan, np.inf, -0.0]), rng.normal(280, 30, size)).astype(dtype).reshape(shape)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, size, dtype=dtype, endpoint=True).reshape(shape)


def layout(rng):
    """Lengths of dimensions, the number of records or none, and the dimensions of each variable."""
    # Now and then, records of more than 64 KiB.
    largest, most = (9, 4) if rng.random() < 0.9 else (300, 2)
    lengths = {f"d{i}": int(rng.integers(1, largest)) for i in range(rng.integers(1, 5))}
    records = int(rng.integers(0, 9)) if rng.random() < 0.75 else None
    variables = []
    for _ in range(rng.integers(1, 9)):
        rank = int(rng.integers(0, min(most, len(lengths)) + 1))
        dimensions = [str(name) for name in rng.choice(list(lengths), rank, replace=False)]
        if records is not None and rng.random() < 0.6:
            dimensions.insert(0, "records")
        variables.append(dimensions)
    return lengths, records, variables


def attributes(rng, types):
    found = {}
    for i in range(rng.integers(0, 4)):
        dtype = pick(rng, types)
        text = pick(rng, ["K", "", "m s-1", "Größe", "two\nlines"])
        found[f"attribute_{i}"] = text if dtype == "S1" else values(rng, dtype, (int(rng.integers(1, 6)),))
    return found


def write(path, rng):
    kind = pick(rng, FORMATS)
    types = CDF5 if kind == FORMATS[2] else CLASSIC
    lengths, records, variables = layout(rng)
    with netCDF4.Dataset(path, "w", format=kind) as file:
        # Values that nobody writes are fill values, or with this whatever is in the file.
        if rng.random() < 0.3:
            file.set_fill_off()
        order = list(lengths.items())
        if records is not None:
            order.insert(int(rng.integers(0, len(order) + 1)), ("records", None))
        for name, length in order:
            file.createDimension(name, length)
        file.setncatts(attributes(rng, types))
        made = []
        for i, dimensions in enumerate(variables):
            dtype = pick(rng, types)
            data = file.createVariable(f"{pick(rng, NAMES)}_{i}", dtype, dimensions)
            data.set_auto_maskandscale(False)
            data.setncatts(attributes(rng, types))
            made.append((data, dtype, dimensions))
        for data, dtype, dimensions in made:
            shape = [records if name == "records" else lengths[name] for name in dimensions]
            if 0 not in shape:
                data[...] = values(rng, dtype, shape)


def main():
    folder, seed, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(seed)
    paths = []
    for i in range(count):
        path = str(folder / f"random_{i}.nc")
        write(path, rng)
        paths.append(path)
    print(json.dumps({path: describe(path) for path in paths}))


main()
