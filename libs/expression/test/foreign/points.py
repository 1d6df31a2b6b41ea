"""Prints a JSON line for each of COUNT random grids, drawn by SEED, with what SciPy makes of values at places.

null stands for missing. Grids are of the globe or of a rotated pole, once by their axes and once as fields of latitude and
longitude; no place is so near to the outermost points that rounding tells whether it is within them.
"""

import json
import sys

import cartopy.crs
import numpy
from scipy.interpolate import RegularGridInterpolator
from scipy.optimize import root
from scipy.spatial import cKDTree

random = numpy.random.default_rng(int(sys.argv[1]))
globe = cartopy.crs.Geodetic(cartopy.crs.Globe(semimajor_axis=1, semiminor_axis=1, ellipse=None))


def axis(low, high):
    cells = random.uniform(0.5, 1.5, random.integers(5, 10)).cumsum()
    ends = low + (high - low) * (cells - cells[0]) / (cells[-1] - cells[0])
    return (ends[:-1] + ends[1:]) / 2, numpy.stack([ends[:-1], ends[1:]], axis=-1)


def on_globe(pole, latitudes, longitudes):
    if pole is None:
        return latitudes, longitudes
    rotated = cartopy.crs.RotatedGeodetic(pole[1], pole[0], globe=globe.globe)
    places = globe.transform_points(rotated, longitudes.ravel(), latitudes.ravel())
    return places[:, 1].reshape(latitudes.shape), places[:, 0].reshape(longitudes.shape)


def on_sphere(latitudes, longitudes):
    phi, lam = numpy.deg2rad([numpy.ravel(latitudes), numpy.ravel(longitudes)])
    return numpy.stack([numpy.cos(phi) * numpy.cos(lam), numpy.cos(phi) * numpy.sin(lam), numpy.sin(phi)], axis=-1)


def between(axes, array, places):
    """Linear between points; array has the two dimensions of the axes first."""
    return RegularGridInterpolator(axes, array, bounds_error=False)(places)


def index_within(fields, place, guess):
    """The row and column at which fields of latitude and longitude, linear between points, have a place."""
    rows, columns = [numpy.arange(length) for length in fields.shape[:2]]
    off = lambda index: RegularGridInterpolator((rows, columns), fields, bounds_error=False, fill_value=None)(index)[0] - place
    found = root(off, guess, tol=1e-12)
    assert numpy.abs(off(found.x)).max() < 1e-9, found
    return found.x


def plain(array):
    return [None if numpy.isnan(value) else float(value) for value in numpy.ravel(array)]


for _ in range(int(sys.argv[2])):
    pole = None if random.random() < 0.3 else (38.0, float(random.uniform(-178, -172)))
    north, east = (0, 0) if pole else (52, 5)
    (rows, row_ends), (columns, column_ends) = axis(north - 20, north + 20), axis(east - 20, east + 20)
    data = random.normal(size=(2, len(rows), len(columns)))
    if random.random() < 0.6:
        data[random.random(data.shape) < 0.1] = numpy.nan
    # Well within the outermost points, and well outside of the grid.
    count = 12
    inside = numpy.stack(
        [random.uniform(each[0] + 1, each[-1] - 1, count) for each in (rows, columns)], axis=-1
    )
    outside = numpy.array([[north + 30, east], [north, east - 35]])
    own = numpy.concatenate([inside, outside])
    places = numpy.stack(on_globe(pole, own[:, 0], own[:, 1]), axis=-1)
    fields = numpy.stack(on_globe(pole, *numpy.meshgrid(rows, columns, indexing="ij")), axis=-1)
    layers = numpy.moveaxis(data, 0, -1)
    none = numpy.full((len(outside), 2), numpy.nan)
    guesses = [[numpy.interp(r, rows, numpy.arange(len(rows))), numpy.interp(c, columns, numpy.arange(len(columns)))] for r, c in inside]
    indices = [index_within(fields, place, guess) for place, guess in zip(places, guesses)]
    numbers = numpy.arange(len(rows)), numpy.arange(len(columns))
    nearest = [layers[numpy.abs(rows - r).argmin(), numpy.abs(columns - c).argmin()] for r, c in inside]
    tree = cKDTree(on_sphere(fields[..., 0], fields[..., 1]))
    closest = tree.query(on_sphere(places[:count, 0], places[:count, 1]))[1]
    expected = {
        "axes": {"linear": between((rows, columns), layers, inside), "nearest": nearest},
        "fields": {
            "linear": between(numbers, layers, indices),
            "nearest": layers.reshape(-1, 2)[closest],
        },
    }
    print(
        json.dumps(
            {
                "source": {
                    "pole": pole,
                    "latitude": rows.tolist(),
                    "latitudeBounds": row_ends.ravel().tolist(),
                    "longitude": columns.tolist(),
                    "longitudeBounds": column_ends.ravel().tolist(),
                },
                "data": plain(data),
                "latitude": places[:, 0].tolist(),
                "longitude": places[:, 1].tolist(),
                "expected": {
                    kind: {method: plain(numpy.concatenate([values, none]).T) for method, values in methods.items()}
                    for kind, methods in expected.items()
                },
            }
        )
    )
