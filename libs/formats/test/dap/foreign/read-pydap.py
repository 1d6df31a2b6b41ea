"""Compares variables of the root of data sets as pydap's client reads them in DAP4 with those of their files.

usage: read-pydap.py URL FOLDER
Prints a line for each variable that differs.
"""

import json
import os
import sys

import netCDF4
import numpy as np
from pydap.client import open_url

url, folder = sys.argv[1:3]
for name in sorted(os.listdir(folder)):
    served = open_url(url + name, protocol="dap4")
    with netCDF4.Dataset(os.path.join(folder, name)) as file:
        file.set_auto_maskandscale(False)
        for key, variable in file.variables.items():
            expected = np.asarray(variable[...])
            # It can't ask for scalars by index.
            if expected.ndim > 0 and not np.array_equal(np.asarray(served[key][...].data), expected):
                print(json.dumps(f"{name}: {key}"))
