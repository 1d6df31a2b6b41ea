"""Prints what Iris makes of each field of PP files: a JSON object a line, in the order of files and fields."""

import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
from iris.fileformats import pp, pp_load_rules, rules  # noqa: E402


def numbers(array):
    return None if array is None else np.asarray(array, dtype="f8").tolist()


def coordinate(coord):
    text = coord.points.dtype.kind == "U"
    return {
        "name": coord.name(),
        "standard_name": coord.standard_name,
        "units": str(coord.units),
        "calendar": coord.units.calendar,
        "points": coord.points.tolist() if text else numbers(coord.points),
        "bounds": numbers(coord.bounds),
        "positive": coord.attributes.get("positive"),
    }


def field(cube):
    data = cube.data
    return {
        "name": cube.name(),
        "units": str(cube.units),
        "stash": str(cube.attributes.get("STASH", "")),
        "cell_methods": " ".join(str(method) for method in cube.cell_methods),
        "scalars": [coordinate(c) for c in cube.coords(dimensions=())],
        "axes": [
            [coordinate(c) for c in cube.coords(dimensions=axis, dim_coords=True)]
            for axis in range(cube.ndim)
        ],
        "dtype": data.dtype.name,
        "values": np.ma.getdata(data).astype("f8").ravel().tolist(),
        "missing": np.ma.getmaskarray(data).ravel().tolist(),
    }


for path in sys.argv[1:]:
    for loaded in pp.load(path):
        try:
            cube, _, _ = rules._make_cube(loaded, pp_load_rules.convert)
            print(json.dumps(field(cube)))
        except ValueError as error:
            print(json.dumps({"error": str(error)}))
