"""What random operations are drawn with."""

import copy

import cftime
import numpy as np
import xarray as xr


class Random:
    """Draws for expressions of a cube: `exact` while values are those of the cube, `limit` is a number between some of these."""

    def __init__(self, seed, cube, units, calendar, has_nan):
        self.rng = np.random.default_rng(seed)
        self.cube, self.units, self.calendar = cube, units, calendar
        # NaN that is not missing is a number to comparisons and slopes, which it is not here.
        self.has_nan = has_nan
        self.exact = True
        self.limit = round(float(cube.median()) + 0.0037, 4) if cube.notnull().any() else 0.5

    def one_of(self, options):
        return options[self.rng.integers(len(options))]

    def chance(self, share):
        return self.rng.random() < share

    def below(self, least, end):
        return int(self.rng.integers(least, end))

    def some(self, options, least=0):
        """Some of them in any order."""
        count = self.below(least, len(options) + 1)
        return [options[i] for i in self.rng.permutation(len(options))[:count]]

    def dimension(self, x):
        return self.one_of(x.dims) if x.dims else None

    def keeps(self, x, *names):
        """Whether an array has these dimensions with the coordinates that the cube has."""
        has = lambda name: name in x.dims and name in x.coords and name in self.cube.coords
        return all(has(name) and np.array_equal(x[name].values, self.cube[name].values) for name in names)

    def numbers_of(self, coordinate):
        """A coordinate as it is stored."""
        if coordinate.dtype != object:
            return coordinate.astype("f8")
        numbers = cftime.date2num(coordinate.values, self.units, self.calendar) if coordinate.size else []
        return xr.DataArray(np.asarray(numbers, "f8"), dims=coordinate.dims)

    def dates_of(self, numbers):
        """Times that are stored as these."""
        dates = cftime.num2date(numbers, self.units, self.calendar, only_use_cftime_datetimes=True)
        return xr.CFTimeIndex(list(dates))

    def again(self):
        """One that draws the same."""
        other = copy.copy(self)
        other.rng = copy.deepcopy(self.rng)
        return other


def listed(names):
    return "".join(f", {name}" for name in names)


def others(x, gone):
    """Dimensions that stay."""
    return [name for name in x.dims if name not in gone]


def in_place(x, one, other):
    """Dimensions with another in the place of one."""
    return [other if name == one else name for name in x.dims]
