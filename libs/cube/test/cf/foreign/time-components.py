"""Prints for each [calendar, units, numbers] in a JSON file the parts of these times as cftime has them."""
import json
import sys
import warnings

import cftime

warnings.simplefilter("ignore")

for calendar, units, numbers in json.load(open(sys.argv[1])):
    times = cftime.num2date(numbers, units, calendar=calendar, has_year_zero=True)
    print(
        json.dumps(
            {
                "year": [t.year for t in times],
                "month": [t.month for t in times],
                "season": [t.month % 12 // 3 + 1 for t in times],
                "day": [t.day for t in times],
                "dayofyear": [t.dayofyr for t in times],
                "weekday": [t.dayofwk for t in times],
                "hour": [t.hour for t in times],
                "minute": [t.minute for t in times],
                "second": [t.second for t in times],
            }
        )
    )
