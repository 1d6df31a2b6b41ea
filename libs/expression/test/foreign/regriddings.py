"""Prints a JSON line for each of COUNT random regriddings, drawn by SEED, with what Iris makes of them.

null stands for missing. Grids are of the globe or of a rotated pole; areas are weighed only between grids of one pole.
"""

import json
import sys
import warnings

import iris
import iris.analysis
import numpy
from iris.coord_systems import GeogCS, RotatedGeogCS
from iris.coords import DimCoord
from iris.cube import Cube

warnings.simplefilter("ignore")
random = numpy.random.default_rng(int(sys.argv[1]))
globe = GeogCS(6371229.0)


def axis(low, high):
    cells = random.uniform(0.5, 1.5, random.integers(5, 10)).cumsum()
    ends = low + (high - low) * (cells - cells[0]) / (cells[-1] - cells[0])
    return (ends[:-1] + ends[1:]) / 2, numpy.stack([ends[:-1], ends[1:]], axis=-1)


def grid(pole, reach):
    """Around 52 north and 5 east, which a rotated grid has in its middle."""
    north, east = (0, 0) if pole else (52, 5)
    return axis(north - reach, north + reach), axis(east - reach, east + reach)


def cube(data, pole, latitude, longitude):
    system = RotatedGeogCS(*pole, ellipsoid=globe) if pole else globe
    prefix = "grid_" if pole else ""
    made = Cube(data)
    for dimension, (name, (points, bounds)) in enumerate([("latitude", latitude), ("longitude", longitude)]):
        coordinate = DimCoord(points, prefix + name, units="degrees", bounds=bounds, coord_system=system)
        made.add_dim_coord(coordinate, dimension + data.ndim - 2)
    return made


def plain(array):
    return [None if value is numpy.ma.masked else float(value) for value in numpy.ma.array(array).ravel()]


def described(pole, latitude, longitude):
    return {
        "pole": pole,
        "latitude": latitude[0].tolist(),
        "latitudeBounds": latitude[1].ravel().tolist(),
        "longitude": longitude[0].tolist(),
        "longitudeBounds": longitude[1].ravel().tolist(),
    }


for _ in range(int(sys.argv[2])):
    poles = [None if random.random() < 0.4 else (38.0, float(random.uniform(-178, -172))) for _ in range(2)]
    method = str(random.choice(["bilinear", "nearest", "conservative"]))
    if method == "conservative":
        poles[1] = poles[0]
    source, target = grid(poles[0], 20), grid(poles[1], 12)
    data = numpy.ma.masked_array(random.normal(size=(3, len(source[0][0]), len(source[1][0]))))
    if random.random() < 0.6:
        data[random.random(data.shape) < 0.1] = numpy.ma.masked
    mdtol = float(random.choice([0, 0.4, 1]))
    scheme = {
        "bilinear": iris.analysis.Linear(extrapolation_mode="mask"),
        "nearest": iris.analysis.Nearest(extrapolation_mode="mask"),
        "conservative": iris.analysis.AreaWeighted(mdtol=mdtol),
    }[method]
    empty = numpy.zeros((len(target[0][0]), len(target[1][0])))
    result = cube(data, poles[0], *source).regrid(cube(empty, poles[1], *target), scheme)
    print(
        json.dumps(
            {
                "source": described(poles[0], *source),
                "target": described(poles[1], *target),
                "data": plain(data),
                "method": method,
                "mdtol": mdtol,
                "expected": plain(result.data),
            }
        )
    )
