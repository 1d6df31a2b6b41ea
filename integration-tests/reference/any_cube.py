"""Random cubes "t" of no dimension to six, in files and stores, and what netCDF4 reads of them."""

import netCDF4
import numpy as np
import xarray as xr
from packings import numbers, one_of, told

CALENDARS = ["standard", "proleptic_gregorian", "noleap", "all_leap", "360_day", "julian"]
COORDINATES = {"level": ("hPa", "air_pressure"), "lat": ("degrees_north", "latitude"), "lon": ("degrees_east", "longitude")}
BEGINNINGS = ["1999-12-15", "1582-09-20", "0001-01-01 06:00:00", "2000-02-28"]
# Units of times, a number in them that is now, and a step that the type has there.
NOW = [
    ("seconds since 1970-01-01", 1_792_800_000, {"f4": 3600, "f8": 60, "i4": 60}),
    ("hours since 1900-01-01", 1_112_000, {"f4": 0.5, "f8": 0.25, "i4": 1}),
    ("days since 0001-01-01", 739_900, {"f4": 0.25, "f8": 0.25, "i4": 1}),
]
KINDS = ["i1", "i2", "i4", "u1", "u2", "u4", "i8", "f4", "f8"]


def coordinate_values(rng, name, extent):
    if name == "level":
        return 1000.0 - 50 * np.arange(extent) - np.arange(extent) ** 2
    if name == "lat":
        values = -60 + 120 * (np.arange(extent) + 0.5) / max(1, extent)
        return values[::-1] if rng.random() < 0.5 else values
    return 360 * (np.arange(extent) + 0.5) / max(1, extent)


def write_coordinate(rng, file, name, extent):
    """Numbers of a coordinate along its dimension, packed now and then; of times of any type."""
    if name == "time":
        kind = one_of(rng, "f8", "f8", "f4", "i4")
        v = file.createVariable("time", kind, ("time",))
        v.calendar, v.standard_name = one_of(rng, *CALENDARS), "time"
        v.units = f"{one_of(rng, 'days', 'hours')} since {one_of(rng, *BEGINNINGS)}"
        begin, step = 0, one_of(rng, 1, 0.25) if kind[0] == "f" else 1
        if rng.random() < 0.4:
            v.units, begin, steps = NOW[rng.integers(len(NOW))]
            step = steps[kind]
        v[:] = begin + np.cumsum(rng.integers(1, 40, extent)) * step
    elif name in COORDINATES:
        packed = rng.random() < 0.2
        v = file.createVariable(name, "i2" if packed else "f8", (name,))
        v.units, v.standard_name = COORDINATES[name]
        if packed:
            v.scale_factor = 0.5
        v[:] = np.round(2 * coordinate_values(rng, name, extent)) / 2
    elif name == "a":
        v = file.createVariable("region", str, ("a",))
        v[:] = np.array([one_of(rng, "north", "south", "east") for _ in range(extent)], object)


def write(rng, path):
    kind = one_of(rng, *KINDS)
    attributes = told(rng, kind)
    names = list(rng.permutation(["time", "level", "lat", "lon", "a", "b"])[: rng.integers(0, 7)])
    if "time" not in names and names and rng.random() < 0.6:
        names[0] = "time"
    shape = [int(rng.integers(1, 9 if name == "time" else 4)) for name in names]
    if names and rng.random() < 0.12:
        shape[rng.integers(len(names))] = 0
    with netCDF4.Dataset(path, "w") as file:
        for name, extent in zip(names, shape):
            # An empty dimension is one that may grow.
            file.createDimension(name, extent or None)
            write_coordinate(rng, file, name, extent)
        chunks = {}
        if names:
            chunks = dict(
                chunksizes=[int(rng.integers(1, max(1, extent) + 1)) for extent in shape],
                zlib=bool(rng.random() < 0.5),
                shuffle=bool(rng.random() < 0.5),
            )
        fill = np.dtype(kind).type(5) if rng.random() < 0.6 else False
        t = file.createVariable("t", kind, names, fill_value=fill, **chunks)
        t.setncatts(attributes)
        if "a" in names:
            t.coordinates = "region"
        t.set_auto_maskandscale(False)
        stored = numbers(rng, shape, kind, attributes)
        if kind[0] == "f" and rng.random() < 0.3:
            stored = np.where(rng.random(shape) < 0.2, np.nan, stored)
        t[...] = stored


def read(path):
    """
    The cube as netCDF4 reads it, with NaN for what is missing, and 1 where that is; units and calendar of its times, and whether NaN is among its
    values.
    """
    with netCDF4.Dataset(path) as file:
        t = file["t"]
        values = np.ma.masked_array(np.ma.asarray(t[...]), dtype="f8").filled(np.nan).reshape(t.shape)
        has_nan = bool(np.isnan(np.ma.masked_array(t[...], dtype="f8").compressed()).any())
        x = xr.DataArray(values, dims=t.dimensions)
        units, calendar = "days since 2000-01-01", "standard"
        for name in t.dimensions:
            if name == "time":
                units, calendar = file["time"].units, file["time"].calendar
                dates = netCDF4.num2date(file["time"][:], units, calendar, only_use_cftime_datetimes=True)
                x = x.assign_coords(time=xr.CFTimeIndex(list(dates)) if dates.size else np.array([], "f8"))
            elif name == "a":
                x = x.assign_coords(region=("a", np.asarray(file["region"][:], str)))
            elif name in file.variables:
                x = x.assign_coords({name: np.asarray(file[name][:], "f8")})
        about = {key: str(value) for key, value in t.__dict__.items()}
        about.update(dtype=str(t.dtype), dimensions=list(t.dimensions), shape=list(t.shape), time=[units, calendar])
        missing = np.ma.getmaskarray(t[...]).reshape(t.shape)
    return x, x.copy(data=missing.astype("f8")), (units, calendar, has_nan), about


def as_zarr(rng, path):
    """The same numbers as a store of Zarr, by xarray, as it would write what it reads undecoded."""
    store = path.removesuffix(".nc") + ".zarr"
    with xr.open_dataset(path, decode_cf=False) as raw:
        for variable in raw.variables.values():
            variable.encoding.clear()
        raw.load().to_zarr(store, zarr_format=one_of(rng, 2, 3), consolidated=bool(rng.random() < 0.5))
    return store
