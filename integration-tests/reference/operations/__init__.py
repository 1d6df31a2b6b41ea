"""Operations of the language with random arguments, and what xarray and NumPy make of them.

Each takes a Random, the text of an expression and its array, and answers the text of the operation on it and a function that answers its array, or raises
what Python refuses; None where the operation makes no sense. Arrays are doubles with NaN for what is missing, times are of cftime, along "time".
"""

from . import along, anomalies, groups, pairs, places, reductions, shape
from .draws import Random

# Of these, values are those of their operands.
EXACT = [shape.selected, shape.of_months, shape.turned, shape.expanded, shape.joined]
OPERATIONS = [
    *EXACT,
    *[shape.less_its_part, shape.masked, shape.condition],
    # As likely as two.
    *[reductions.reduced, reductions.reduced],
    *[reductions.percentiles, reductions.places, reductions.histogram],
    *[groups.grouped, groups.by_regions, groups.resampled, groups.coarsened, anomalies.anomaly],
    *[pairs.trend, pairs.correlated],
    *[along.rolling, along.cumulated, along.difference],
    *[places.interpolated, places.on_places, places.regridded],
]
__all__ = ["EXACT", "OPERATIONS", "Random"]
