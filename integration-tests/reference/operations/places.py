"""Values between points."""

import numpy as np
import xarray as xr


def refuse_nothing():
    raise ValueError("an axis without values")


def drawn(random, points, count):
    """Places on an axis: some of its points, and thirds or anything else of the way between two."""

    def place():
        i = random.below(0, points.size)
        if points.size == 1 or random.chance(0.25):
            return float(points[i])
        i = min(i, points.size - 2)
        share = random.one_of([1 / 3, 2 / 3, random.rng.uniform(0.1, 0.45)])
        return float(points[i] + share * (points[i + 1] - points[i]))

    return [place() for _ in range(count)]


def between(x, d, points, places, method="linear"):
    """What xarray has at places on an axis; at a point the value there alone, whatever is missing beside it."""
    bare = x.drop_vars(x.coords)
    steps = np.diff(points)
    is_axis = np.all(steps > 0) or np.all(steps < 0)
    scale = np.log if method == "log" else np.asarray

    def at(place):
        here = np.flatnonzero(points == place)
        if here.size > 0:
            return bare.isel({d: here[0]})
        if not is_axis or not points.min() < place < points.max():
            return bare.isel({d: 0}) * np.nan
        on_axis = bare.assign_coords({d: scale(points)})
        if method == "nearest":
            return on_axis.sel({d: place}, method="nearest", drop=True)
        return on_axis.interp({d: scale(place)}, method="linear").drop_vars(d)

    made = xr.concat([at(each) for each in places], d).assign_coords({d: places}).transpose(*x.dims)
    return made.assign_coords({name: each for name, each in x.coords.items() if d not in each.dims})


def interpolated(random, text, x):
    axes = [d for d in ("time", "level", "lat", "lon") if d in x.dims and d in x.coords]
    if not axes:
        return None
    d = random.one_of(axes)
    points = random.numbers_of(x[d]).values
    if points.size == 0:
        return f"interpolate({text}, {d}=[500])", refuse_nothing
    places = drawn(random, points, random.below(1, 4))
    if d != "lon" and random.chance(0.3):
        places.append(float(points.max() + 10 * np.ptp(points) + 5000))
    method = random.one_of(["linear", "linear", "nearest", *(["log"] if d == "level" else [])])
    places = sorted(set(places))
    shown = ", ".join(map(str, places))

    def made():
        made = between(x, d, points, places, method)
        # As the units of times count them.
        return made if d != "time" else made.assign_coords(time=random.dates_of(places))

    return f"interpolate({text}, {d}=[{shown}], method={method})", made


def on_places(random, text, x):
    """At points of the globe, and on other grids."""
    if not ({"lat", "lon"} <= set(x.dims) and {"lat", "lon"} <= set(x.coords)):
        return None
    lat, lon = x.lat.values, x.lon.values
    if lat.size == 0 or lon.size == 0:
        return f"points({text}, latitude=[10], longitude=[20])", refuse_nothing
    is_grid = random.chance(0.5)
    method = random.one_of(["bilinear" if is_grid else "linear", "nearest"])
    rows, columns = drawn(random, lat, 3), drawn(random, lon, 3)
    on = lambda rows, columns: between(between(x, "lat", lat, rows, method), "lon", lon, columns, method)
    if is_grid:
        rows, columns = sorted(set(rows)), sorted(set(columns))
        return f"regrid({text}, latitude={rows}, longitude={columns}, method={method})", lambda: on(rows, columns)

    def points():
        first = min(x.dims.index("lat"), x.dims.index("lon"))
        dims = [d for d in x.dims if d not in ("lat", "lon")]
        dims.insert(first, "points")
        each = [on([row], [column]).isel(lat=0, lon=0, drop=True) for row, column in zip(rows, columns)]
        return xr.concat(each, "points").transpose(*dims)

    return f"points({text}, latitude={rows}, longitude={columns}, method={method})", points


def ends_of(points, most):
    """Cells half-way between points, those of latitudes to the poles at most."""
    steps = np.diff(points)
    middles = np.concatenate([points[:1] - steps[:1] / 2, points[:-1] + steps / 2, points[-1:] + steps[-1:] / 2])
    return np.clip(middles, -most, most)


def shared(cells, ends, period=None, measure=np.asarray):
    """Of each two neighbouring ends, how much of what is between them lies in each cell."""
    shifts = [0] if period is None else [-period, 0, period]
    low, high = np.minimum(cells[:-1], cells[1:]), np.maximum(cells[:-1], cells[1:])
    parts = [
        np.maximum(0, measure(np.minimum(ends[1:, None], high + by)) - measure(np.maximum(ends[:-1, None], low + by)))
        for by in shifts
    ]
    return sum(parts)


def in_even_cells(x, height, width):
    """Means over cells of the globe, weighed by area, of what is there."""
    rows, columns = np.arange(-90, 91, height), np.arange(0, 361, width)
    sine = lambda degrees: np.sin(np.deg2rad(degrees))
    of_rows = xr.DataArray(shared(ends_of(x.lat.values, 90), rows, measure=sine), dims=("row", "lat"))
    of_columns = xr.DataArray(shared(ends_of(x.lon.values, np.inf), columns, period=360), dims=("column", "lon"))
    weights = of_rows * of_columns
    bare = x.drop_vars(["lat", "lon"])
    there = (weights * bare.notnull()).sum(["lat", "lon"])
    made = ((weights * bare.fillna(0)).sum(["lat", "lon"]) / there.where(there > 1e-9)).rename(row="lat", column="lon")
    return made.assign_coords(lat=rows[:-1] + height / 2, lon=columns[:-1] + width / 2).transpose(*x.dims)


def regridded(random, text, x):
    """To even cells of the globe, or to its own grid, which changes nothing; by planes latitude and longitude come together."""
    if not random.keeps(x, "lat", "lon"):
        return None
    method = random.one_of(["conservative", "conservative2", "bilinear", "even cells"])
    if method in ("conservative2", "even cells") and random.has_nan:
        return None
    if method == "even cells":
        height, width = random.one_of([20, 45, 60]), random.one_of([40, 90, 180])
        made = lambda: in_even_cells(x, height, width) if x.lat.size > 1 and x.lon.size > 1 else x
        return f"regrid({text}, step=[{height}, {width}], method=conservative, mdtol=1)", made
    if method != "conservative2":
        return f"regrid({text}, like=t, method={method})", lambda: x
    dims = [d for d in x.dims if d not in ("lat", "lon")]
    first = min(x.dims.index("lat"), x.dims.index("lon"))
    return f"regrid({text}, like=t, method=conservative2)", lambda: x.transpose(*dims[:first], "lat", "lon", *dims[first:])
