"""Mean over time of one variable of a run of one file a step, by netCDF4-python, a step at a time.

    time_mean.py FOLDER VARIABLE OUT

Writes the mean as little-endian float64, NaN where all steps are missing.
"""

import glob
import sys

import netCDF4
import numpy as np

folder, name, out = sys.argv[1:]
total = count = 0
for path in sorted(glob.glob(folder + "/*.nc")):
    with netCDF4.Dataset(path) as dataset:
        values = np.ma.asarray(dataset[name][:], dtype="f8").sum(axis=0)
        present = np.ma.count(dataset[name][:], axis=0)
        total = total + values.filled(0)
        count = count + present
with np.errstate(invalid="ignore"):
    (total / count).astype("<f8").tofile(out)
