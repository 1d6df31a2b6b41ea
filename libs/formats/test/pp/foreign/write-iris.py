"""Writes PP files with Iris: cubes of random shapes and kinds. Prints path and what was written, a JSON object a file."""

import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
import iris  # noqa: E402
from cf_units import Unit  # noqa: E402
from iris.coord_systems import GeogCS, RotatedGeogCS  # noqa: E402
from iris.coords import AuxCoord, CellMethod, DimCoord  # noqa: E402
from iris.cube import Cube  # noqa: E402

folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random = np.random.default_rng(seed)
calendars = ["standard", "360_day", "365_day"]


def axis(name, size, system, regular):
    points = np.arange(size) * 1.25 if regular else np.cumsum(random.integers(1, 9, size)) * 0.5
    coord = DimCoord(np.float32(points - 20), standard_name=name, units="degrees", coord_system=system)
    if not regular:
        coord.guess_bounds()
    return coord


for number in range(count):
    times, levels, ny, nx = (int(n) for n in random.integers([1, 1, 2, 2], [4, 4, 9, 9]))
    globe = GeogCS(6371229.0)
    rotated = random.random() < 0.5
    system = RotatedGeogCS(37.5, 177.5, ellipsoid=globe) if rotated else globe
    prefix = "grid_" if rotated else ""
    calendar = calendars[number % 3]
    # Iris writes periods of no other calendar.
    mean = calendar == "standard" and random.random() < 0.5
    hours = np.arange(times) * 6.0 + 24 * int(random.integers(10_000, 20_000))
    bounds = np.stack([hours - 6, hours], 1) if mean else None
    units = Unit("hours since 1970-01-01 00:00:00", calendar=calendar)
    time = DimCoord(hours - 3 if mean else hours, bounds=bounds, standard_name="time", units=units)
    pressure = DimCoord(np.float32(1000 - 50 * np.arange(levels)), long_name="pressure", units="hPa")
    data = np.ma.asarray(random.normal(280, 10, (times, levels, ny, nx)).astype("f4"))
    if random.random() < 0.5:
        data[random.random(data.shape) < 0.2] = np.ma.masked
    if random.random() < 0.3:
        data = np.ma.asarray(np.ma.filled(data.astype("i4"), 7))
    cube = Cube(
        data,
        standard_name="air_temperature",
        units="K",
        dim_coords_and_dims=[
            (time, 0),
            (pressure, 1),
            (axis(f"{prefix}latitude", ny, system, random.random() < 0.6), 2),
            (axis(f"{prefix}longitude", nx, system, random.random() < 0.6), 3),
        ],
    )
    cube.add_aux_coord(AuxCoord(hours[0] - 12, standard_name="forecast_reference_time", units=units))
    if not mean:
        # Without it, Iris writes no time at all.
        period = AuxCoord(hours - hours[0] + 12, standard_name="forecast_period", units="hours")
        cube.add_aux_coord(period, 0)
    if mean:
        cube.add_cell_method(CellMethod("mean", coords="time"))
    path = f"{folder}/{number}.pp"
    iris.save(cube, path)
    print(json.dumps({
        "path": path,
        "calendar": calendar,
        "time": time.points.tolist(),
        "bounds": None if bounds is None else bounds.tolist(),
        "reference": float(hours[0] - 12),
        "pressure": pressure.points.tolist(),
        "latitude": cube.coord(dimensions=2).points.tolist(),
        "longitude": cube.coord(dimensions=3).points.tolist(),
        "rotated": rotated,
        "shape": list(data.shape),
        "values": np.ma.filled(data, 0).astype("f8").ravel().tolist(),
        "missing": np.ma.getmaskarray(data).ravel().tolist(),
    }))
