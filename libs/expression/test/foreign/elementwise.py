"""Prints what NumPy makes of each case in a JSON file: arrays with masks, and a call of functions by their names here."""
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
DIMENSIONS = "abcd"
FUNCTIONS = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "&&": np.logical_and,
    "||": np.logical_or,
    "!": np.logical_not,
    "negate": np.negative,
    "abs": np.abs,
    "round": np.round,
    "sqrt": np.sqrt,
    "isnan": np.isnan,
    "minimum": np.minimum,
    "maximum": np.maximum,
}


class Masked:
    """An array with an axis for each of DIMENSIONS, of one index where it lacks it, and which of it is missing."""

    def __init__(self, data, mask, names):
        # Booleans are int8 here.
        self.data = data.astype("int8") if data.dtype == bool else data
        self.mask, self.names = np.broadcast_to(mask, data.shape), names


def masked(variable):
    names = variable["dimensions"]
    shaped = lambda values, dtype: np.array(values, dtype).reshape(variable["shape"])
    aligned = lambda array: array.transpose(np.argsort(names)).reshape(
        [variable["shape"][names.index(name)] if name in names else 1 for name in DIMENSIONS]
    )
    numbers = [np.nan if value == "nan" else value for value in variable["values"]]
    return Masked(aligned(shaped(numbers, variable["dtype"])), aligned(shaped(variable["mask"], bool)), set(names))


def of(value):
    """What NumPy is given: Python's numbers stay these, which have no type of their own."""
    return value.data if isinstance(value, Masked) else value


def missing(value):
    return value.mask if isinstance(value, Masked) else np.False_


def choose(condition, yes, no):
    dtype = np.result_type(of(yes), of(no))
    yes, no = np.asarray(of(yes), dtype), np.asarray(of(no), dtype)
    return np.where(condition, yes, no)


def compare_or_compute(name, values):
    if name in ("&&", "||", "!"):
        return FUNCTIONS[name](*[np.not_equal(value, 0) for value in values])
    if name == "sqrt" and values[0].dtype.itemsize == 1:
        # NumPy has float16.
        return np.sqrt(values[0].astype("float32"))
    types = {str(value.dtype) for value in values if isinstance(value, np.ndarray)}
    if name[0] in "<>=!" and "uint64" in types and any(dtype[0] == "i" for dtype in types):
        # NumPy compares these exactly.
        values = [value.astype("float64") for value in values]
    if name == "clip":
        # Of integers that do not fit NumPy has no bound here, and it finds the type of all three at once.
        return np.clip(*values).astype(np.minimum(np.maximum(*values[:2]), values[2]).dtype)
    return FUNCTIONS[name](*values)


def call(name, *values):
    names = set().union(*[value.names for value in values if isinstance(value, Masked)])
    masks = [missing(value) for value in values]
    if name == "is_missing":
        return Masked(np.array(values[0].mask), np.False_, names)
    if name == "fill_missing":
        x, other = values
        return Masked(choose(x.mask, other, x), x.mask & masks[1], names)
    if name == "where":
        holds = of(values[0]).astype(bool)
        if len(values) == 2:
            data, mask = np.broadcast_arrays(of(values[1]), masks[0] | masks[1] | ~holds)
            return Masked(data, mask, names)
        return Masked(choose(holds, *values[1:]), masks[0] | np.where(holds, masks[1], masks[2]), names)
    union = masks[0]
    for mask in masks[1:]:
        union = union | mask
    return Masked(compare_or_compute(name, [of(value) for value in values]), union, names)


def part(x, name):
    index = tuple(slice(1 if each == name else 0, None) for each in DIMENSIONS)
    return Masked(x.data[index], x.mask[index], x.names)


def plain(value):
    return str(value.item()).replace("inf", "Infinity")


for case in json.load(open(sys.argv[1])):
    known = {variable["name"]: masked(variable) for variable in case["variables"]}
    try:
        result = eval(case["python"], {**known, "call": call, "part": part})
    except OverflowError as error:
        print(json.dumps({"refused": str(error)}))
        continue
    lacking = tuple(axis for axis, name in enumerate(DIMENSIONS) if name not in result.names)
    values = result.data.squeeze(lacking)
    pairs = zip(values.ravel(), np.array(result.mask).squeeze(lacking).ravel())
    print(
        json.dumps(
            {
                "dimensions": sorted(result.names),
                "shape": list(values.shape),
                "dtype": str(values.dtype),
                "values": [None if gone else plain(value) for value, gone in pairs],
            }
        )
    )
