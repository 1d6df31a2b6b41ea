"""Prints what h5py finds in files, a JSON object a line: describe-files.py FILE… Needs h5py, hdf5plugin and netCDF4."""

import json
import pathlib
import sys

import hdf5plugin  # noqa: F401, for its filters

sys.path.append(str(pathlib.Path(__file__).parents[5] / "fixtures/hdf5"))
from describe import describe  # noqa: E402

for path in sys.argv[1:]:
    print(json.dumps({"path": path, **describe(path, False)}))
