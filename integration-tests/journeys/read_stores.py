"""Prints what files or stores of results hold, a JSON line each: {variable: {dtype, dims, values, attrs}}, coordinates that are texts, and the history.

usage: read_stores.py PATH...
"""

import json
import sys

import xarray

for path in sys.argv[1:]:
    with xarray.open_dataset(path, mask_and_scale=False, decode_times=False) as dataset:
        variables = {
            name: {
                "dtype": str(each.dtype),
                "dims": list(each.dims),
                "values": each.values.reshape(-1).tolist(),
                "coordinates": sorted(each.coords),
            }
            for name, each in dataset.data_vars.items()
        }
        texts = {name: each.values.tolist() for name, each in dataset.coords.items() if each.dtype.kind in "OTU"}
        print(json.dumps({"variables": variables, "texts": texts, "history": dataset.attrs["history"]}))
