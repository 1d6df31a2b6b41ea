"""Groups, stretches of time and blocks of neighbours, each reduced to one."""

import numpy as np
import xarray as xr

from .draws import in_place
from .reductions import of_each_group

SEASONS = ["DJF", "MAM", "JJA", "SON"]
FREQUENCIES = ["6h", "5D", "1D", "MS", "2MS", "QS", "QS-DEC", "YS", "90min"]
PARTS = ["month", "hour", "dayofyear", "year", "day", "season"]


def dated(x):
    return "time" in x.dims and "time" in x.coords


def groups_of(x, part):
    """Of each group its name and its indices along time."""
    parts = getattr(x.time.dt, part).values
    order = SEASONS if part == "season" else sorted(set(parts.tolist()))
    return [(each, np.flatnonzero(parts == each)) for each in order if np.any(parts == each)]


def of_groups(x, part, of):
    """An array with groups in place of times: what a function of the indices of each answers."""
    groups = groups_of(x, part)
    made = xr.concat([of(at) for _, at in groups], part).assign_coords({part: [each for each, _ in groups]})
    return made.transpose(*in_place(x, "time", part))


def grouped(random, text, x):
    if not dated(x):
        return None
    name, options, of = of_each_group(random)
    part = random.one_of(PARTS)
    made = lambda: of_groups(x, part, lambda at: of(x.isel(time=at), ["time"]))
    return f"group({text}, {name}, time={part}{options})", made


def by_regions(random, text, x):
    """Groups by the values of another coordinate along a dimension."""
    if "region" not in x.coords or "a" not in x.dims:
        return None
    name, options, of = of_each_group(random)

    def regions():
        values, bare = x.region.values, x.drop_vars("region")
        names = sorted(set(values.tolist()))
        made = xr.concat([of(bare.isel(a=np.flatnonzero(values == each)), ["a"]) for each in names], "region")
        return made.transpose(*in_place(x, "a", "region"))

    return f"group({text}, {name}, a=region{options})", regions


def resampled(random, text, x):
    if not dated(x):
        return None
    frequency = random.one_of(FREQUENCIES)
    name, options, of = of_each_group(random)

    def stretches():
        made = x.resample(time=frequency).map(lambda part: of(part, ["time"]))
        # A stretch without any time has no count in xarray; of nothing it is 0.
        return (made.fillna(0) if name == "count" else made).transpose(*x.dims)

    return f'resample({text}, {name}, time="{frequency}"{options})', stretches


def coarsened(random, text, x):
    # An option of this name is what percentiles are made.
    dims = [each for each in random.some(x.dims) if each != "percentile"]
    if not dims:
        return None
    sizes = {d: random.below(1, max(2, min(4, x.sizes[d] + 1))) for d in dims}
    boundary = random.one_of(["exact", "trim", "pad"])
    name, options, of = of_each_group(random)
    if name in ("first", "last") and len(dims) > 1:
        return None
    shown = "".join(f", {d}={size}" for d, size in sizes.items())
    text = f"coarsen({text}, {name}{shown}, boundary={boundary}{options})"

    def blocks():
        windows = x.drop_vars(x.coords).coarsen(sizes, boundary=boundary).construct({d: (d, f"{d}_in") for d in dims})
        return of(windows, [f"{d}_in" for d in dims]).transpose(*x.dims)

    return text, blocks
