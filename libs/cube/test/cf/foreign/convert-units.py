"""Prints for each pair of units in a JSON file what UDUNITS makes of 0 and of 1, or null where it can't convert."""
import json
import math
import sys

import cf_units

for source, target in json.load(open(sys.argv[1])):
    try:
        a, b = cf_units.Unit(source), cf_units.Unit(target)
        known = a.is_convertible(b)
        ends = [a.convert(0.0, b), a.convert(1.0, b)] if known else []
        # It takes a unit for one of its reciprocal, which is no multiplication: seconds for hertz.
        print(json.dumps(ends if ends and all(map(math.isfinite, ends)) else None))
    except ValueError:
        print(json.dumps("unknown"))
