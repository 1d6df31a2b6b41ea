"""Compares netCDF-4 files with what was meant, through netCDF-C and through HDF5.

usage: read_back.py FOLDER
Each FILE.nc in the folder has a FILE.json: {dimensions: {name: length}, attributes: {...}, variables: {name: {dtype,
dimensions, values, attributes, chunks}}}; numbers of 64-bit integers and strings are strings. Prints what differs, one line each.
"""

import glob
import json
import sys

import h5py
import netCDF4
import numpy as np


def typed(values, dtype, shape):
    if dtype == "string":
        return np.array(values, dtype=object).reshape(shape)
    if dtype == "char":
        return np.array([bytes([v]) for v in values], dtype="S1").reshape(shape)
    kind = np.dtype(dtype)
    convert = int if kind.kind in "iu" else float
    return np.array([convert(v) for v in values], dtype=kind).reshape(shape)


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and bool(np.all((a == b) | ((a != a) & (b != b))))


def check(path):
    meant = json.load(open(path.replace(".nc", ".json")))
    with netCDF4.Dataset(path) as found:
        found.set_auto_maskandscale(False)
        found.set_auto_chartostring(False)
        lengths = {name: len(dimension) for name, dimension in found.dimensions.items()}
        if list(lengths.items()) != list(meant["dimensions"].items()):
            yield f"dimensions {lengths}, expected {meant['dimensions']}"
        yield from attributes(found, meant["attributes"], "the file")
        if list(found.variables) != list(meant["variables"]):
            yield f"variables {list(found.variables)}, expected {list(meant['variables'])}"
        for name, expected in meant["variables"].items():
            variable = found.variables[name]
            if list(variable.dimensions) != expected["dimensions"]:
                yield f"{name}: dimensions {variable.dimensions}"
            shape = [meant["dimensions"][each] for each in expected["dimensions"]]
            values = typed(expected["values"], expected["dtype"], shape)
            if not same(variable[...], values):
                yield f"{name}: values differ in netCDF4"
            yield from attributes(variable, expected["attributes"], name)
            if expected["chunks"] is not None:
                filters = variable.filters()
                stored = [variable.chunking(), filters["shuffle"], filters["zlib"] and filters["complevel"]]
                if stored != expected["chunks"]:
                    yield f"{name}: stored {stored}, expected {expected['chunks']}"
    with h5py.File(path) as found:
        for name, expected in meant["variables"].items():
            dataset = found[name] if name in found else found["_nc4_non_coord_" + name]
            if name in meant["dimensions"] and expected["dimensions"][:1] != [name]:
                dataset = found["_nc4_non_coord_" + name]
            values = dataset.asstr()[...] if expected["dtype"] == "string" else dataset[...]
            shape = [meant["dimensions"][each] for each in expected["dimensions"]]
            if not same(values, typed(expected["values"], expected["dtype"], shape)):
                yield f"{name}: values differ in h5py"


def attributes(owner, expected, what):
    found = {name: owner.getncattr(name) for name in owner.ncattrs() if name != "_NCProperties"}
    if list(found) != list(expected):
        yield f"{what}: attributes {list(found)}, expected {list(expected)}"
        return
    for name, (dtype, values) in expected.items():
        if dtype == "char":
            good = found[name] == values[0]
        elif dtype == "string":
            good = ([found[name]] if isinstance(found[name], str) else list(found[name])) == values
        else:
            good = same(np.atleast_1d(found[name]), typed(values, dtype, [len(values)]))
            good = good and np.asarray(found[name]).dtype == np.dtype(dtype)
        if not good:
            yield f"{what}: attribute {name} is {found[name]!r}, expected {values!r}"


failed = False
for path in sorted(glob.glob(sys.argv[1] + "/*.nc")):
    try:
        problems = list(check(path))
    except Exception as error:  # noqa: BLE001: a reader that fails is a finding like others
        problems = [repr(error)]
    for problem in problems:
        failed = True
        print(f"{path}: {problem}")
sys.exit(1 if failed else 0)
