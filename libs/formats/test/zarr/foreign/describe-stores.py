"""Prints the arrays of Zarr stores as zarr-python reads them, a JSON object a line: describe-stores.py STORE…

STORE is a folder, or a zip archive with the store in it or in one folder of it.
"""

import json
import sys
import warnings
import zipfile

import numpy as np
import zarr

warnings.simplefilter("ignore")

# An array of more values is described without them.
MOST = 100_000


def plain(value):
    """Numbers as they are, but what JSON lacks and what is past 2^53 as text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, int) and abs(value) > 2**53 or isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def values_of(array):
    if array.size > MOST:
        return None
    values = np.asarray(array[...])
    if values.dtype.kind in "Mm":
        values = values.view("i8")
    return [plain(value) for value in values.ravel().tolist()]


def arrays_of(path):
    store = path
    inner = ""
    if path.endswith(".zip"):
        store = zarr.storage.ZipStore(path, mode="r")
        names = zipfile.ZipFile(path).namelist()
        inner = min((name for name in names if name.endswith("/.zgroup")), key=len).removesuffix("/.zgroup")
    node = zarr.open(store, path=inner, mode="r")
    if isinstance(node, zarr.Array):
        yield "", node
    else:
        yield from ((name, each) for name, each in node.members(max_depth=None) if isinstance(each, zarr.Array))


for path in sys.argv[1:]:
    try:
        arrays = {name: {"shape": each.shape, "values": values_of(each)} for name, each in arrays_of(path)}
        print(json.dumps({"path": path, "arrays": arrays}))
    except Exception as error:
        print(json.dumps({"path": path, "error": str(error), "arrays": {}}))
