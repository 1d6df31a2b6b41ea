"""Prints a JSON line for each of COUNT random columns, drawn by SEED, with what numpy.interp makes of them."""

import json
import sys

import numpy

random = numpy.random.default_rng(int(sys.argv[1]))

for _ in range(int(sys.argv[2])):
    levels, columns, count = random.integers(1, 9), random.integers(1, 6), random.integers(0, 7)
    heights = random.uniform(10, 1000, (levels, columns))
    heights.sort(axis=0)
    values = random.normal(size=heights.shape)
    targets = random.uniform(5, 1005, count)
    if count:
        targets[0] = heights[-1, 0]
    falls = random.random() < 0.5
    if falls:
        heights, values = heights[::-1], values[::-1]

    def column(scale, i):
        order = slice(None, None, -1) if falls else slice(None)
        return numpy.interp(
            scale(targets), scale(heights[order, i]), values[order, i], left=numpy.nan, right=numpy.nan
        )

    expected = {
        name: [
            [None if numpy.isnan(value) else value for value in column(scale, i)] for i in range(columns)
        ]
        for name, scale in (("linear", lambda x: x), ("log", numpy.log))
    }
    print(
        json.dumps(
            {
                "shape": [int(levels), int(columns)],
                "heights": heights.ravel().tolist(),
                "values": values.ravel().tolist(),
                "targets": targets.tolist(),
                "expected": expected,
            }
        )
    )
