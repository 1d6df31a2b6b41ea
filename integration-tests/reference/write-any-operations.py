"""Writes cubes of random numbers below FOLDER and prints random expressions of each with what xarray and NumPy make of them, one cube a line.

usage: write-any-operations.py FOLDER SEED COUNT EXPRESSIONS

Cubes have no dimension to six, in any order, some of them empty or of one index, some with coordinates; numbers of any type in any packing; times in any calendar.
An expression is up to three operations, one of the other. Where Python refuses one that it may refuse, "refused" says why; anything else that it raises ends this.
"""

import json
import os
import re
import sys
import warnings

import numpy as np
from any_cube import as_zarr, read, write
from operations import EXACT, OPERATIONS, Random
from operations.places import interpolated
from operations.result_types import result_type

warnings.simplefilter("ignore")
folder, seed, count, expressions = sys.argv[1], *map(int, sys.argv[2:5])
MOST_VALUES = 4000
# Of the cube, when it is unpacked.
DTYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]

# What xarray and NumPy say of arrays without elements. Of no times xarray has no parts.
OF_NOTHING = (
    "an axis without values",
    "cannot call `vectorize` on size 0 inputs",
    "is out of bounds for axis",
    "must supply at least one object to concatenate",
    "window shape cannot be larger than input array shape",
    "__resample_dim__ must not be empty",
    "'DataArray' object has no attribute 'dt'",
)
# These make NaN of numbers, which is not missing.
MAKES_NAN = re.compile("ddof=1|trend|correlation")
# What coarsen says with boundary=exact.
UNEVEN = "Could not coarsen a dimension of size"


def may_refuse(error, operand):
    """Whether it is no fault of what is asked here that Python has no answer."""
    of_nothing = operand.size == 0 and any(each in str(error) for each in OF_NOTHING)
    return of_nothing or str(error).startswith(UNEVEN)


def largest(x):
    sizes = np.abs(x.values[np.isfinite(x.values)])
    return float(sizes.max()) if sizes.size else 0.0


def listed(array):
    # As JavaScript reads them.
    infinite = lambda x: "Infinity" if x > 0 else "-Infinity"
    number = lambda x: None if np.isnan(x) else x if np.isfinite(x) else infinite(x)
    return [number(float(x)) for x in np.asarray(array, "f8").ravel()]


def coordinates(random, x):
    """Numbers of coordinates along dimensions."""
    named = [name for name in x.dims if name in x.coords and x[name].dtype.kind in "fiuO"]
    return {name: listed(random.numbers_of(x[name])) for name in named}


def missing(random, text, made, flags):
    """Where it is missing rather than NaN; None where xarray, which has NaN for both, does not tell."""
    if random.exact and flags is not None:
        return flags.values.astype(int).ravel().tolist()
    if random.has_nan or MAKES_NAN.search(text):
        return None
    return made.isnull().values.astype(int).ravel().tolist()


def expression(random, x, flags):
    """`flags` has 1 where the cube is missing, or there is none that tells."""
    text, made, sizes = "t", x, [largest(x)]
    random.exact = True
    dtypes = {dtype: dtype for dtype in DTYPES}
    for _ in range(random.one_of([1, 1, 2, 3])):
        operation = random.one_of(OPERATIONS)
        again = random.again()
        asked = operation(random, text, made)
        if asked is None:
            continue
        random.exact = random.exact and operation in EXACT
        operand, (text, answer) = text, asked
        dtypes = {of: dtype and result_type(text, operand, dtype) for of, dtype in dtypes.items()}
        try:
            made = answer()
        except (ValueError, IndexError, AttributeError) as error:
            if not may_refuse(error, made):
                raise RuntimeError(f"{text}") from error
            return {"text": text, "refused": f"{type(error).__name__}: {error}"}
        if random.exact and flags is not None:
            flags = operation(again, operand, flags)[1]()
        sizes.append(largest(made))
        # Of times between those that there are, rounding decides which hour they are in.
        if made.size > MOST_VALUES or (operation is interpolated and "time" in made.coords):
            break
    # Digits are left as many as the largest of all that were subtracted have; all of a coordinate.
    is_coordinate = text.startswith("idx")
    return {
        "text": text,
        "dimensions": made.dims,
        "shape": made.shape,
        # By that of the cube.
        "dtypes": dtypes,
        "values": listed(made),
        "missing": missing(random, text, made, flags),
        "size": max(sizes[:-1] if is_coordinate else sizes),
        "coordinates": coordinates(random, made),
    }


for number in range(count):
    rng = np.random.default_rng([seed, number])
    path = os.path.join(folder, f"cube{seed}-{number}.nc")
    write(rng, path)
    x, flags, of_cube, about = read(path)
    random = Random([seed, number, 1], x, *of_cube)
    if rng.random() < 0.25 and x.size > 0:
        path = as_zarr(rng, path)
        # NaN is the fill value of its floating numbers, which by some readers are missing then.
        flags = None if random.has_nan else flags
    print(json.dumps({"file": path, "about": about, "expressions": [expression(random, x, flags) for _ in range(expressions)]}))
