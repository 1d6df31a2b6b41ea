"""Prints for each case in a JSON file the indices that Python's slices or pandas choose, or null where there are none."""
import json
import sys

import pandas

for case in json.load(open(sys.argv[1])):
    if case["kind"] == "slice":
        found = list(range(case["length"]))[slice(case["start"], case["end"], case["step"])]
    else:
        index = pandas.Index(case["values"], dtype=float)
        found = index.get_indexer(case["wanted"], method="nearest", tolerance=case["within"]).tolist()
        found = found if min(found) >= 0 else []
    print(json.dumps(found or None))
