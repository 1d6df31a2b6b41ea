"""Writes an HDF5 file of random datasets and its DMR++, and prints what the datasets hold, as JSON.

usage: write-sidecar.py FOLDER SEED

The file is FOLDER/data.nc, the sidecar FOLDER/data.nc.dmrpp: offsets are those that h5py tells.
"""

import base64
import hashlib
import json
import os
import random
import sys
import zlib
from xml.sax.saxutils import quoteattr

import h5py
import numpy as np

folder, seed = sys.argv[1], int(sys.argv[2])
pick = random.Random(seed)
numbers = np.random.default_rng(seed)
TYPES = {
    "i1": "Int8", "u1": "UInt8", "i2": "Int16", "u2": "UInt16", "i4": "Int32", "u4": "UInt32",
    "i8": "Int64", "u8": "UInt64", "f4": "Float32", "f8": "Float64",
}
EXTENTS = {"a": 5, "b": 7, "c": 3}
found = {}


def random_values(dtype, shape):
    if dtype.kind == "f":
        return numbers.normal(0, 1, shape).astype(dtype)
    info = np.iinfo(dtype)
    return numbers.integers(info.min, info.max, shape, dtype.newbyteorder("="), endpoint=True).astype(dtype)


def describe(path, values):
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    found[path] = {"shape": list(values.shape), "sha256": hashlib.sha256(little.tobytes()).hexdigest()}


def dims_of(shape, names):
    return "".join(
        f'<Dim name="/{name}"/>' if name else f'<Dim size="{extent}"/>' for name, extent in zip(names, shape)
    )


def numbered(group, path):
    """A dataset in the file, and where its bytes are."""
    kind = pick.choice(list(TYPES))
    dtype = np.dtype(pick.choice("<>") + kind if kind[1] != "1" else kind)
    names = [pick.choice([*EXTENTS, None]) for _ in range(pick.randint(0, 3))]
    shape = tuple(EXTENTS[name] if name else pick.randint(1, 6) for name in names)
    fill = random_values(dtype, ())[()]
    options = {"fillvalue": fill}
    chunked = bool(shape) and pick.random() < 0.7
    if chunked:
        options["chunks"] = tuple(pick.randint(1, extent) for extent in shape)
        options["shuffle"] = pick.random() < 0.5
        options["fletcher32"] = pick.random() < 0.3
        if pick.random() < 0.7:
            options.update(compression="gzip", compression_opts=4)
    dataset = group.create_dataset(os.path.basename(path), shape=shape, dtype=dtype, **options)
    choice = pick.random()
    if choice < 0.7 or not shape:
        dataset[...] = random_values(dtype, shape)
    elif choice < 0.9:
        # Some chunks, or all of them, stay unwritten.
        dataset[: shape[0] // 2] = random_values(dtype, shape)[: shape[0] // 2]
    order = {"<": "LE", ">": "BE", "|": "LE", "=": "LE"}[dtype.byteorder]
    file.flush()
    describe(path, np.asarray(dataset[...], dtype))
    filters = []
    plist = dataset.id.get_create_plist()
    for i in range(plist.get_nfilters()):
        filters.append({1: "deflate", 2: "shuffle", 3: "fletcher32"}[plist.get_filter(i)[0]])
    text = repr(float(fill)) if dtype.kind == "f" else str(fill)
    attributes = f'fillValue="{text}" byteOrder="{order}"'
    if filters:
        # Without a version filters have no order.
        named = filters if VERSION else sorted(filters)
        attributes += f' compressionType="{" ".join(named)}"'
    chunks = ""
    if chunked:
        chunks += f'<dmrpp:chunkDimensionSizes>{" ".join(map(str, options["chunks"]))}</dmrpp:chunkDimensionSizes>'
        for row in range(dataset.id.get_num_chunks()):
            info = dataset.id.get_chunk_info(row)
            place = ",".join(map(str, info.chunk_offset))
            chunks += f'<dmrpp:chunk offset="{info.byte_offset}" nBytes="{info.size}" chunkPositionInArray="[{place}]"/>'
    elif dataset.id.get_offset() is not None:
        offset, size = dataset.id.get_offset(), dataset.id.get_storage_size()
        if shape and shape[0] > 1 and pick.random() < 0.5:
            # As HDF4 keeps arrays: in blocks, one after the other.
            row = size // shape[0]
            cut = pick.randint(1, shape[0] - 1) * row
            chunks += f'<dmrpp:block offset="{offset}" nBytes="{cut}"/>'
            chunks += f'<dmrpp:block offset="{offset + cut}" nBytes="{size - cut}"/>'
        else:
            chunks += f'<dmrpp:chunk offset="{offset}" nBytes="{size}"/>'
    element = f"<dmrpp:chunks {attributes}>{chunks}</dmrpp:chunks>"
    return variable(TYPES[kind], path, shape, names, element)


def held(path):
    """A variable whose values are in the sidecar."""
    kind = pick.choice(list(TYPES))
    shape = tuple(pick.randint(1, 6) for _ in range(pick.randint(1, 2)))
    values = random_values(np.dtype("<" + kind if kind[1] != "1" else kind), shape)
    describe(path, values)
    if pick.random() < 0.5:
        element = f"<dmrpp:compact>{base64.b64encode(values.tobytes()).decode()}</dmrpp:compact>"
    else:
        data = values.tobytes() if values.size == 1 else zlib.compress(values.tobytes())
        element = f"<dmrpp:missingdata>{base64.b64encode(data).decode()}</dmrpp:missingdata>"
    return variable(TYPES[kind], path, shape, [None] * len(shape), element)


def texts(path):
    values = [pick.choice(["", "a", "Zürich & <b>", "x" * 400]) for _ in range(5)] + ["y"] * 3
    found[path] = {"shape": [8], "strings": values}
    parts = ""
    for value in [*values[:5], None]:
        if value is None:
            parts += '<v c="3">y</v>'
        elif len(value) > 300:
            parts += f'<v s="{len(value)}">{base64.b64encode(zlib.compress(value.encode())).decode()}</v>'
        else:
            parts += f"<v>{value.replace('&', '&amp;').replace('<', '&lt;')}</v>"
    return variable("String", path, (8,), [None], f"<dmrpp:vlsa>{parts}</dmrpp:vlsa>")


def variable(kind, path, shape, names, element):
    units = '<Attribute name="units" type="String"><Value>K</Value></Attribute>'
    return f'<{kind} name={quoteattr(os.path.basename(path))}>{dims_of(shape, names)}{units}{element}</{kind}>'


VERSION = pick.random() < 0.7
with h5py.File(os.path.join(folder, "data.nc"), "w") as file:
    root = "".join(f'<Dimension name="{name}" size="{extent}"/>' for name, extent in EXTENTS.items())
    root += "".join(numbered(file, f"/v{i}") for i in range(25))
    root += "".join(held(f"/h{i}") for i in range(5)) + texts("/t")
    inner = "".join(numbered(file.require_group("g/deep"), f"/g/deep/w{i}") for i in range(5))
    root += f'<Group name="g"><Group name="deep">{inner}</Group></Group>'
version = ' dmrpp:version="3.21.1-451"' if VERSION else ""
with open(os.path.join(folder, "data.nc.dmrpp"), "w", encoding="utf-8") as out:
    out.write(
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<Dataset xmlns="http://xml.opendap.org/ns/DAP/4.0#" xmlns:dmrpp="http://xml.opendap.org/dap/dmrpp/1.0.0#" '
        f'dapVersion="4.0" dmrVersion="1.0" name="data.nc" dmrpp:href="OPeNDAP_DMRpp_DATA_ACCESS_URL"{version}>{root}</Dataset>\n'
    )
print(json.dumps(found))
