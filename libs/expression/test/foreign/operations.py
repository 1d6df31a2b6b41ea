"""Prints what xarray makes of each case in a JSON file: a dataset, and an expression of it in Python."""
import json
import sys
import warnings

import numpy as np
import xarray as xr

warnings.simplefilter("ignore")


def array(variable):
    """Missing values are NaN, as xarray has them; integers with some become floating."""
    values = [np.nan if value is None else value for value in variable["values"]]
    whole = not any(value is None for value in variable["values"])
    dtype = variable["dtype"] if whole or variable["dtype"].startswith("float") else "float64"
    values = np.array(values, dtype=dtype).reshape(variable["shape"])
    return variable["dimensions"], values, variable["attributes"]


def plain(value):
    number = value.item()
    if isinstance(number, float) and not np.isfinite(number):
        return None if np.isnan(number) else repr(number)
    return number


for case in json.load(open(sys.argv[1])):
    variables = {variable["name"]: array(variable) for variable in case["variables"]}
    cubes = {name: value for name, value in variables.items() if name in case["cubes"]}
    coordinates = {name: value for name, value in variables.items() if name not in cubes}
    dataset = xr.Dataset(cubes, coordinates)
    dataset = xr.decode_cf(dataset, decode_times=xr.coders.CFDatetimeCoder(use_cftime=True))
    encoded = {name: value for name, (_, value, _) in variables.items()}
    known = {"dataset": dataset, "encoded": encoded, "np": np, "xr": xr}
    names = {**{name: dataset[name] for name in dataset.variables}, **known}
    try:
        result = eval(case["python"], names)
    except Exception as error:  # The test says which case it was.
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
        continue
    values = np.asarray(result)
    print(
        json.dumps(
            {
                "dimensions": list(result.dims),
                "shape": list(values.shape),
                "dtype": str(values.dtype),
                "values": [plain(value) for value in values.reshape(-1)],
            }
        )
    )
