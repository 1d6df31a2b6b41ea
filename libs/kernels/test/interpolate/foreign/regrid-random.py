"""Prints a JSON line for each of COUNT random rectilinear grids, drawn by SEED, with what xarray and Iris make of them.

null stands for missing. Points of targets keep off the middle between source points, where rounding decides."""

import json
import sys
import warnings

import iris
import iris.analysis
import numpy
import xarray
from iris.coords import DimCoord
from iris.cube import Cube

warnings.simplefilter("ignore")
random = numpy.random.default_rng(int(sys.argv[1]))


def axis(low, high, count, descends):
    cells = random.uniform(0.5, 1.5, count + 1).cumsum()
    ends = low + (high - low) * (cells - cells[0]) / (cells[-1] - cells[0])
    points = (ends[:-1] + ends[1:]) / 2
    bounds = numpy.stack([ends[:-1], ends[1:]], axis=-1)
    return (points[::-1], bounds[::-1, :]) if descends else (points, bounds)


def grid(south, north, west, east):
    rows, columns = random.integers(4, 14, 2)
    return axis(south, north, rows, random.random() < 0.5), axis(west, east, columns, False)


def cube(latitude, longitude, data):
    system = iris.coord_systems.GeogCS(6371229.0)
    made = Cube(data)
    for dimension, (name, (points, bounds), circular) in enumerate(
        [("latitude", latitude, False), ("longitude", longitude, is_global)]
    ):
        coordinate = DimCoord(points, name, units="degrees", bounds=bounds, coord_system=system, circular=circular)
        made.add_dim_coord(coordinate, dimension)
    return made


def plain(array):
    filled = numpy.ma.filled(numpy.ma.masked_invalid(array), numpy.nan)
    return [None if numpy.isnan(value) else float(value) for value in filled.ravel()]


for _ in range(int(sys.argv[2])):
    is_global = random.random() < 0.5
    if is_global:
        start = random.uniform(-180, 0)
        latitude, longitude = grid(-90, 90, start, start + 360)
        target_latitude, target_longitude = grid(-80, 80, start + random.uniform(0, 90), start + random.uniform(200, 350))
    else:
        latitude, longitude = grid(-30, 40, 10, 70)
        target_latitude, target_longitude = grid(-25, 35, 15, 65)
    data = numpy.ma.masked_array(random.normal(size=(len(latitude[0]), len(longitude[0]))))
    if random.random() < 0.6:
        data[random.random(data.shape) < 0.2] = numpy.ma.masked
    source = cube(latitude, longitude, data)
    target = cube(target_latitude, target_longitude, numpy.zeros((len(target_latitude[0]), len(target_longitude[0]))))
    array = xarray.DataArray(
        data.filled(numpy.nan), dims=("y", "x"), coords={"y": latitude[0], "x": longitude[0]}
    )
    tolerance = float(random.choice([0, 0.3, 0.5, 1]))
    print(
        json.dumps(
            {
                "global": is_global,
                "latitude": [list(latitude[0]), latitude[1].ravel().tolist()],
                "longitude": [list(longitude[0]), longitude[1].ravel().tolist()],
                "targetLatitude": [list(target_latitude[0]), target_latitude[1].ravel().tolist()],
                "targetLongitude": [list(target_longitude[0]), target_longitude[1].ravel().tolist()],
                "data": plain(data),
                "tolerance": tolerance,
                # xarray knows no periodic axis.
                "xarray": {
                    method: plain(array.interp(y=target_latitude[0], x=target_longitude[0], method=method))
                    for method in ("linear", "nearest")
                }
                if not is_global
                else None,
                "iris": {
                    "bilinear": plain(source.regrid(target, iris.analysis.Linear(extrapolation_mode="mask")).data),
                    "conservative": plain(source.regrid(target, iris.analysis.AreaWeighted(mdtol=tolerance)).data),
                },
            }
        )
    )
