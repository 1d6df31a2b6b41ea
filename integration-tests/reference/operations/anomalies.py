"""Means of groups, and what differs from them, weighted or not."""

import numpy as np
import xarray as xr

from .groups import PARTS, dated, groups_of, of_groups


def weights_of(random, x):
    """Weights in the language, and a function that answers them as an array, or none."""
    kind = random.one_of(["none", *[each for each in ("time", "lat") if random.keeps(x, each)]])
    if kind == "time":
        return ", weights=day(time)", lambda: x.time.dt.day.astype("f8")
    if kind == "lat":
        return ', weights=cos(convert(lat, "radian"))', lambda: np.cos(np.deg2rad(x.lat))
    return "", None


def weighted_mean(x, weights, gone):
    if weights is None:
        return x.mean(gone)
    sums = (x * weights).sum(gone, min_count=1)
    return (sums / weights.where(x.notnull()).sum(gone)).transpose(*sums.dims)


def anomaly(random, text, x):
    if not dated(x):
        return None
    part = random.one_of(PARTS)
    shown, weights = weights_of(random, x)

    def mean(at):
        along = None if weights is None else weights().isel(time=at, missing_dims="ignore")
        return weighted_mean(x.isel(time=at), along, ["time"])

    if random.chance(0.3):
        return f"climatology({text}, time={part}{shown})", lambda: of_groups(x, part, mean)

    def less_means():
        places = [at for _, at in groups_of(x, part)]
        made = xr.concat([x.isel(time=at) - mean(at) for at in places], "time")
        return made.isel(time=np.argsort(np.concatenate(places))).transpose(*x.dims)

    return f"anomaly({text}, time={part}{shown})", less_means
