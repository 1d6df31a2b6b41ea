"""Reductions over any dimensions."""

import numpy as np
import xarray as xr

from .draws import listed, others

NAMES = ["mean", "sum", "min", "max", "std", "var", "median", "count", "first", "last", "percentile"]


def reduce(x, name, gone, percentile=30):
    """A reduction over dimensions, missing of nothing."""
    if name == "count":
        return x.count(gone)
    if x.size == 0:
        return x.sum(gone) * np.nan
    if name in ("first", "last"):
        if len(gone) == 0:
            return x
        # In the order of the array, not of the names.
        z = x.stack(z=[each for each in x.dims if each in gone]).reset_index("z", drop=True)
        if name == "last":
            z = z.isel(z=slice(None, None, -1))
        return z.isel(z=z.notnull().argmax("z"))
    if name == "percentile":
        return x.quantile(percentile / 100, gone).drop_vars("quantile")
    return x.sum(gone, min_count=1) if name == "sum" else getattr(x, name)(gone)


def of_each_group(random):
    """A reduction as groups take it: its name, its options, and what it makes of an array over dimensions."""
    name = random.one_of(NAMES)
    if name == "percentile":
        percentile = random.one_of([0, 30, 50, 87.5, 100])
        return name, f", percentile={percentile}", lambda x, gone: reduce(x, name, gone, percentile)
    if name in ("std", "var") and random.chance(0.3):
        return name, ", ddof=1", lambda x, gone: getattr(x, name)(gone, ddof=1)
    return name, "", lambda x, gone: reduce(x, name, gone)


def reduced(random, text, x):
    gone, name = random.some(x.dims), random.one_of(NAMES)
    percentile = ", 30" if name == "percentile" else ""
    return f"{name}({text}{percentile}{listed(gone)})", lambda: reduce(x, name, gone or list(x.dims))


def percentiles(random, text, x):
    if "percentile" in text:
        return None
    gone = random.some(x.dims)

    def both():
        made = [reduce(x, "percentile", gone or list(x.dims), each) for each in (12.5, 60)]
        return xr.concat(made, "percentile").assign_coords(percentile=[12.5, 60.0]).transpose(..., "percentile")

    return f"percentile({text}, [12.5, 60]{listed(gone)})", both


def places(random, text, x):
    """Of least and greatest values, by index or by coordinate."""
    if not random.exact or x.dims == ():
        return None
    which, d = random.one_of(["min", "max"]), random.dimension(x)
    by_coordinate = d in x.coords and random.chance(0.6)
    gone = [d] if by_coordinate else [each for each in x.dims if random.chance(0.5)] or [d]

    def found():
        if x.size == 0:
            return reduce(x, "min", gone)
        z = x.fillna(np.inf if which == "min" else -np.inf).stack(z=gone).reset_index("z", drop=True)
        at = getattr(z, f"arg{which}")("z")
        made = random.numbers_of(x[d]).drop_vars(d, errors="ignore").isel({d: at}) if by_coordinate else at
        return made.where(x.notnull().any(gone)).transpose(*others(x, gone))

    return f"{'idx' if by_coordinate else 'arg'}{which}({text}{listed(gone)})", found


def histogram(random, text, x):
    if text != "t":
        return None
    gone = random.some(x.dims)
    edges = [random.limit - 20, random.limit - 3, random.limit, random.limit + 11]
    bins = lambda v: np.histogram(v[~np.isnan(v)], edges)[0]
    options = dict(input_core_dims=[gone or list(x.dims)], output_core_dims=[["t_bin"]], vectorize=True)
    return f"histogram(t, {edges}{listed(gone)})", lambda: xr.apply_ufunc(bins, x.drop_vars(x.coords), **options)
