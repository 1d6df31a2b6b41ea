"""Prints the days since 1970-01-01 of each date [year, month, day, calendar] of a JSON list; null for dates that are none."""

import json
import sys

import cftime

for year, month, day, calendar in json.loads(sys.argv[1]):
    try:
        date = cftime.datetime(year, month, day, calendar=calendar)
        print(json.dumps(round(float(cftime.date2num(date, "days since 1970-01-01", calendar=calendar)))))
    except ValueError:
        print("null")
