"""Writes GRIB 2 messages with ecCodes: make-messages.py FOLDER FILES. Each file is a time of 5 parameters on 200 levels."""

import os
import sys

import eccodes
import numpy as np

PARAMETERS = ("t", "q", "u", "v", "z")
LEVELS = range(1, 201)


def main():
    folder, files = sys.argv[1], int(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    values = np.random.default_rng(7).random(30 * 20) * 40 + 240
    message = eccodes.codes_grib_new_from_samples("regular_ll_pl_grib2")
    grid = dict(
        Ni=30,
        Nj=20,
        latitudeOfFirstGridPointInDegrees=60,
        latitudeOfLastGridPointInDegrees=41,
        longitudeOfFirstGridPointInDegrees=0,
        longitudeOfLastGridPointInDegrees=29,
        iDirectionIncrementInDegrees=1,
        jDirectionIncrementInDegrees=1,
        dataDate=20260101,
        dataTime=0,
        bitsPerValue=12,
    )
    for key, value in grid.items():
        eccodes.codes_set(message, key, value)
    eccodes.codes_set_values(message, values)
    for step in range(files):
        eccodes.codes_set(message, "step", step)
        with open(os.path.join(folder, f"step_{step:03}.grib2"), "wb") as file:
            for parameter in PARAMETERS:
                eccodes.codes_set(message, "shortName", parameter)
                for level in LEVELS:
                    eccodes.codes_set(message, "level", level)
                    eccodes.codes_write(message, file)


main()
