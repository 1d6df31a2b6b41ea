"""Prints messages of grids with many points as ecCodes writes them, a JSON object a line: write-large-grids.py SEED. Needs eccodes and numpy.

Each has the message (base64), and what ecCodes reads of it: number of points, smallest and largest latitude, and the latitude and longitude of
some points, among them those around each multiple of 1024.
"""

import base64
import json
import sys

import eccodes
import numpy as np


def octahedral(parallels):
    handle = eccodes.codes_grib_new_from_samples("reduced_gg_pl_32_grib2")
    rows = [16 + 4 * n for n in range(1, parallels + 1)]
    rows += rows[::-1]
    latitude = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(2 * parallels)[0]))[-1]
    eccodes.codes_set(handle, "N", parallels)
    eccodes.codes_set(handle, "Nj", 2 * parallels)
    eccodes.codes_set(handle, "latitudeOfFirstGridPointInDegrees", latitude)
    eccodes.codes_set(handle, "latitudeOfLastGridPointInDegrees", -latitude)
    eccodes.codes_set(handle, "longitudeOfLastGridPointInDegrees", 360 - 360 / max(rows))
    eccodes.codes_set_array(handle, "pl", rows)
    return handle, sum(rows)


def rotated(ni, nj):
    handle = eccodes.codes_grib_new_from_samples("rotated_ll_pl_grib2")
    for key, value in {
        "Ni": ni,
        "Nj": nj,
        "latitudeOfFirstGridPointInDegrees": -5.5,
        "latitudeOfLastGridPointInDegrees": -5.5 + 0.02 * (nj - 1),
        "longitudeOfFirstGridPointInDegrees": 355.2,
        "longitudeOfLastGridPointInDegrees": (355.2 + 0.02 * (ni - 1)) % 360,
        "iDirectionIncrementInDegrees": 0.02,
        "jDirectionIncrementInDegrees": 0.02,
        "jScansPositively": 1,
        "latitudeOfSouthernPoleInDegrees": -40,
        "longitudeOfSouthernPoleInDegrees": 10,
    }.items():
        eccodes.codes_set(handle, key, value)
    return handle, ni * nj


def lambert(ni, nj):
    handle = eccodes.codes_grib_new_from_samples("regular_ll_pl_grib2")
    eccodes.codes_set(handle, "gridType", "lambert")
    for key, value in {
        "shapeOfTheEarth": 6,
        "Nx": ni,
        "Ny": nj,
        "DxInMetres": 3000,
        "DyInMetres": 3000,
        "jScansPositively": 1,
        "latitudeOfFirstGridPointInDegrees": 21.138,
        "longitudeOfFirstGridPointInDegrees": 237.28,
        "LaDInDegrees": 38.5,
        "LoVInDegrees": 262.5,
        "Latin1InDegrees": 38.5,
        "Latin2InDegrees": 38.5,
    }.items():
        eccodes.codes_set(handle, key, value)
    return handle, ni * nj


def healpix(side, order):
    handle = eccodes.codes_grib_new_from_samples("regular_ll_pl_grib2")
    eccodes.codes_set(handle, "gridType", "healpix")
    eccodes.codes_set(handle, "Nside", side)
    eccodes.codes_set(handle, "orderingConvention", order)
    eccodes.codes_set(handle, "longitudeOfFirstGridPointInDegrees", 45)
    return handle, 12 * side**2


rng = np.random.default_rng(int(sys.argv[1]))
grids = [octahedral(1280), octahedral(320), rotated(1200, 700), lambert(1799, 1059), healpix(256, "nested"), healpix(256, "ring")]
for handle, count in grids:
    eccodes.codes_set_values(handle, np.full(count, 273.15))
    latitudes = eccodes.codes_get_array(handle, "latitudes")
    longitudes = eccodes.codes_get_array(handle, "longitudes")
    edges = np.arange(1024, count, 1024 * 64)
    points = {0, count - 1, *edges.tolist(), *(edges - 1).tolist(), *rng.integers(0, count, 500).tolist()}
    print(
        json.dumps(
            {
                "message": base64.b64encode(eccodes.codes_get_message(handle)).decode(),
                "count": count,
                "latitudes": [float(latitudes.min()), float(latitudes.max())],
                "places": [[n, float(latitudes[n]), float(longitudes[n])] for n in sorted(points)],
            }
        )
    )
