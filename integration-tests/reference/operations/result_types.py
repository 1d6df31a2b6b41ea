"""The types that numpy gives to results of operations."""

import re

import numpy as np

# These take or move numbers, also those that have missing values beside them, of which xarray makes floating ones.
_MOVED = ["transpose", "expand", "concat", "stack", "min", "max", "first", "last", "cummin", "cummax"]
_OF_NUMPY = ["mean", "std", "var", "median", "sum", "cumsum"]
_COUNTED = ["count", "histogram", "argmin", "argmax"]
# Of a type like that of the mean.
_LIKE_MEAN = ["percentile", "trend"]
# Of these a reduction is named behind the operand.
_OF_PARTS = ["group", "resample", "coarsen"]


def result_type(text, operand, dtype):
    """Type of an expression that is one operation on an operand of a type; None where it goes by more than that."""
    if text.startswith(f"{operand}["):
        return dtype
    called = re.match(r"\w+(?=\()", text)
    name = called.group() if called else ""
    if name in _OF_PARTS and text.startswith(f"{name}({operand}, "):
        name = re.match(r"\w+", text[len(f"{name}({operand}, ") :]).group()
    ones = np.ones(2, dtype)
    if name in _MOVED:
        return dtype
    if name in _OF_NUMPY:
        return str(getattr(np, name)(ones).dtype)
    if name in _COUNTED:
        return "int64"
    if name == "any":
        return "int8"
    return str(np.mean(ones).dtype) if name in _LIKE_MEAN else None
