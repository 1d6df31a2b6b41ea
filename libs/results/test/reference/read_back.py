"""Compares files of results with what was meant, through the reference libraries.

usage: read_back.py FOLDER
Each file in the folder has a JSON beside it, FILE.json: {variables: {name: {dtype, dimensions, shape, values, attributes}},
coordinates: {name: {...}}, times: {name: [ISO texts]}}. Missing values are null, NaN is "NaN", 64-bit integers are texts.
Prints what differs, one line each.
"""

import glob
import json
import sys

import netCDF4
import numpy as np
import pandas
import pyarrow.parquet
import xarray
import zarr


def meant_array(variable):
    """Values and mask."""
    flat = variable["values"]
    mask = np.array([value is None for value in flat], dtype=bool).reshape(variable["shape"])
    dtype = variable["dtype"]
    if dtype == "string":
        values = np.array(["" if v is None else v for v in flat], dtype=object)
    else:
        kind = np.dtype(dtype)
        convert = int if kind.kind in "iu" else float
        values = np.array([convert(0 if v is None else v) for v in flat], dtype=kind)
    return values.reshape(variable["shape"]), mask


def same(found, values, mask):
    found = np.asarray(found)
    if found.shape != values.shape:
        return False
    if values.dtype == object:
        return bool(np.all(found.astype(object) == values))
    equal = (found == values) | ((found != found) & (values != values))
    return bool(np.all(equal | mask))


def by_netcdf4(path, meant):
    with netCDF4.Dataset(path) as file:
        if file.Conventions != "CF-1.11" or "hyperslab" not in file.history:
            yield "Conventions or history"
        for name, variable in {**meant["coordinates"], **meant["variables"]}.items():
            found = file.variables[name]
            values, mask = meant_array(variable)
            if variable["dtype"] == "string" and found.dtype == "S1":
                texts = found[...]
                if not same(texts, values, mask):
                    yield f"{name}: texts {texts}"
                continue
            if list(found.dimensions) != variable["dimensions"]:
                yield f"{name}: dimensions {found.dimensions}, expected {variable['dimensions']}"
            if variable["dtype"] != "string" and found.dtype != np.dtype(variable["dtype"]):
                yield f"{name}: type {found.dtype}"
            read = found[...]
            if not same(np.ma.getdata(read), values, mask):
                yield f"{name}: values {read}, expected {values}"
            if variable["dtype"] != "string" and not np.array_equal(np.ma.getmaskarray(read), mask):
                yield f"{name}: mask {np.ma.getmaskarray(read)}, expected {mask}"
            for key, value in variable["attributes"].items():
                if found.getncattr(key) != value:
                    yield f"{name}: {key} {found.getncattr(key)!r}, expected {value!r}"
            if "_FillValue" in found.ncattrs() and not mask.any():
                yield f"{name}: a fill value, and nothing is missing"


def by_xarray(dataset, meant):
    for name, texts in meant["times"].items():
        found = dataset[name].values
        found = [str(each)[:19] for each in np.atleast_1d(found)]
        if found != texts:
            yield f"{name}: times {found}, expected {texts}"
    for name, variable in meant["variables"].items():
        found = dataset[name]
        values, mask = meant_array(variable)
        if list(found.dims) != variable["dimensions"]:
            yield f"{name}: dims {found.dims}"
        if not same(found.values, values, mask):
            yield f"{name}: values {found.values}, expected {values}"
        if variable["dtype"] != "string" and not bool(np.all(np.isnan(found.values[mask].astype("f8")))):
            yield f"{name}: missing values are read as {found.values[mask]}"
        for other in variable["auxiliary"]:
            if other not in found.coords:
                yield f"{name}: {other} is none of its coordinates {list(found.coords)}"


def by_zarr(path, meant):
    group = zarr.open_group(path, mode="r")
    for name, variable in {**meant["coordinates"], **meant["variables"]}.items():
        values, mask = meant_array(variable)
        found = group[name][...]
        if not same(found, values, mask):
            yield f"{name}: zarr has {found}, expected {values}"


def by_table(frame, meant, path):
    shape = next(iter(meant["variables"].values()))["shape"]
    places = np.indices(shape).reshape(len(shape), -1)
    for name, variable in meant["variables"].items():
        values, mask = meant_array(variable)
        column = frame[name]
        missing = column.isna().to_numpy()
        nan = values.reshape(-1) != values.reshape(-1) if values.dtype.kind == "f" else np.zeros(values.size, bool)
        if path.endswith(".csv") or values.dtype.kind == "f":
            expected = mask.reshape(-1) | nan
        else:
            expected = mask.reshape(-1)
        if values.dtype != object and not np.array_equal(missing, expected):
            yield f"{name}: missing {missing}, expected {expected}"
        there = ~expected
        found = column.to_numpy()[there]
        meant_values = values.reshape(-1)[there]
        if values.dtype == object:
            found, meant_values = column.fillna("").to_numpy(), values.reshape(-1)
        elif values.dtype.kind == "f":
            found = found.astype(values.dtype)
        if not np.all(found == meant_values):
            yield f"{name}: column {found}, expected {meant_values}"
    for name, coordinate in meant["coordinates"].items():
        if name.endswith("_bnds") or (path.endswith(".csv") and not coordinate["dimensions"]):
            continue
        dims = next(iter(meant["variables"].values()))["dimensions"]
        index = tuple(places[dims.index(each)] for each in coordinate["dimensions"])
        if name in meant["times"]:
            values = np.array(meant["times"][name])
            found = np.array([str(each)[:19].replace(" ", "T") for each in frame[name]])
        else:
            values = meant_array(coordinate)[0]
            found = (frame[name].fillna("") if values.dtype == object else frame[name]).to_numpy()
        expected = values[index] if values.ndim else np.full(len(frame), values[()])
        if not np.all(found == expected):
            yield f"{name}: column {found}, expected {expected}"


def by_parquet(path, meant):
    file = pyarrow.parquet.ParquetFile(path)
    for name, variable in meant["variables"].items():
        kind = str(file.schema_arrow.field(name).type).replace("double", "float64").replace("float", "float32").replace("float3264", "float64")
        if kind != variable["dtype"]:
            yield f"{name}: type {kind}, expected {variable['dtype']}"
    table = file.read()
    for name, variable in meant["variables"].items():
        mask = meant_array(variable)[1].reshape(-1)
        nulls = table.column(name).is_null().to_numpy()
        if not np.array_equal(nulls, mask):
            yield f"{name}: nulls {nulls}, expected {mask}"
    yield from by_table(table.to_pandas(integer_object_nulls=True), meant, path)


def check(path, meant):
    if path.endswith((".nc", ".nc3")):
        yield from by_netcdf4(path, meant)
        with xarray.open_dataset(path, engine="netcdf4") as dataset:
            yield from by_xarray(dataset, meant)
    elif path.endswith((".zarr", ".zarr2")):
        yield from by_zarr(path, meant)
        with xarray.open_zarr(path, consolidated=True) as dataset:
            yield from by_xarray(dataset, meant)
    elif path.endswith(".csv"):
        # Texts that would be read as numbers or as nothing stay.
        kinds = {name: str for name, each in meant["variables"].items() if each["dtype"] == "string"}
        whole = {
            name: each["dtype"].replace("uint", "UInt") if "uint" in each["dtype"] else each["dtype"].replace("int", "Int")
            for name, each in meant["variables"].items()
            if "int" in each["dtype"]
        }
        yield from by_table(pandas.read_csv(path, dtype={**kinds, **whole}), meant, path)
    else:
        yield from by_parquet(path, meant)


failed = False
for document in sorted(glob.glob(sys.argv[1] + "/*.json")):
    path = document[: -len(".json")]
    try:
        problems = list(check(path, json.load(open(document))))
    except Exception as error:  # noqa: BLE001: a reader that fails is a finding like others
        problems = [repr(error)]
    for problem in problems:
        failed = True
        print(f"{path}: {problem}")
sys.exit(1 if failed else 0)
