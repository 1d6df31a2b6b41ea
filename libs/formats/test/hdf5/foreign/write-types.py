"""Writes datasets of unusual number types, with and without the n-bit filter, and prints what HDF5 makes of them as JSON.

write-types.py PATH SEED COUNT. The library itself converts between these types and whole ones. Needs h5py and numpy.
"""

import hashlib
import json
import sys

import h5py
import numpy as np


def pick(rng, choices):
    return choices[int(rng.integers(0, len(choices)))]


def integer(rng):
    """An integer type of 1 to 8 bytes of which some bits are used, and the whole type that values are compared in."""
    size = int(rng.integers(1, 9))
    precision = int(rng.integers(4 * size + 1, 8 * size + 1))  # fewer are refused as unusual
    offset = int(rng.integers(0, 8 * size - precision + 1))
    signed = bool(rng.integers(0, 2)) and precision > 1
    whole = next(width for width in (1, 2, 4, 8) if width >= size)
    stored = (h5py.h5t.STD_I64BE if pick(rng, [0, 1]) else h5py.h5t.STD_I64LE).copy()
    stored.set_sign(h5py.h5t.SGN_2 if signed else h5py.h5t.SGN_NONE)
    # Bits outside of the precision are kept while the size shrinks.
    stored.set_precision(precision)
    stored.set_offset(0)
    stored.set_size(size)
    stored.set_offset(offset)
    low, high = (-(2 ** (precision - 1)), 2 ** (precision - 1) - 1) if signed else (0, 2**precision - 1)
    dtype = np.dtype(f"{'i' if signed else 'u'}{whole}")
    return stored, dtype, lambda count: rng.integers(low, high, count, dtype=dtype, endpoint=True)


def half(rng):
    stored = h5py.h5t.py_create(np.dtype(pick(rng, ["<f2", ">f2"])))
    return stored, np.dtype("f4"), lambda count: np.concatenate(
        [rng.normal(0, 100, count - count // 4), rng.normal(0, 1e-6, count // 4)]
    ).astype("f2").astype("f4")


def floating(rng):
    """A float of random fields somewhere in 2 to 5 bytes, which float32 or float64 holds."""
    size = pick(rng, [2, 3, 4, 5])
    exponent = int(rng.integers(3, 9))
    mantissa = int(rng.integers(max(2, 4 * size - exponent), min(24, 8 * size - exponent)))
    offset = int(rng.integers(0, 8 * size - exponent - mantissa))
    stored = (h5py.h5t.IEEE_F64BE if pick(rng, [0, 1]) else h5py.h5t.IEEE_F64LE).copy()
    stored.set_fields(offset + exponent + mantissa, offset + mantissa, exponent, offset, mantissa)
    stored.set_offset(offset)
    stored.set_precision(1 + exponent + mantissa)
    stored.set_size(size)
    stored.set_ebias(2 ** (exponent - 1) - 1)
    values = lambda count: (rng.normal(0, 1, count) * 2.0 ** rng.integers(-4, 3, count)).astype("f4")
    return stored, np.dtype("f4"), values


def write(file, rng, number):
    kind = pick(rng, [integer, integer, half, floating])
    stored, dtype, make = kind(rng)
    shape = tuple(int(rng.integers(1, 30)) for _ in range(int(rng.integers(1, 3))))
    chunk = tuple(int(rng.integers(1, extent + 1)) for extent in shape)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    filters = pick(rng, [None, [], ["nbit"], ["nbit"], ["nbit", "deflate"], ["shuffle", "deflate"], ["szip"]])
    # Elements of 3, 5 or 7 bytes are cut into samples of 4 or 8: HDF5 loses the last ones.
    if filters == ["szip"] and stored.get_size() not in (1, 2, 4, 8):
        filters = ["nbit"]
    # HDF5 extends the sign of big-endian integers beyond their precision, which is all that szip's preprocessor codes: what
    # the library then reads back itself are other numbers.
    is_short = kind is integer and stored.get_precision() < 8 * stored.get_size()
    if filters == ["szip"] and is_short and stored.get_order() == h5py.h5t.ORDER_BE:
        filters = ["nbit"]
    if filters == ["szip"]:
        chunk = shape = (int(rng.integers(4, 300)),)
    if filters is not None:
        plist.set_chunk(chunk)
        if "shuffle" in filters:
            plist.set_shuffle()
        if "nbit" in filters:
            plist.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_MANDATORY)
        if "szip" in filters:
            # 4 is for entropy coding, 32 for the preprocessor.
            plist.set_szip(pick(rng, [4, 32]), 4)
        if "deflate" in filters:
            plist.set_deflate(3)
    name = f"{kind.__name__}_{number}"
    space = h5py.h5s.create_simple(shape)
    dataset = h5py.h5d.create(file.id, name.encode(), stored, space, plist)
    memory = h5py.h5t.py_create(dtype)
    values = make(int(np.prod(shape))).reshape(shape)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, values, mtype=memory)
    bits = f"{stored.get_size()} bytes, {stored.get_precision()} bits from {stored.get_offset()}"
    # HDF5 2.0 loses the sign of big-endian integers that do not fill their bytes when it reads them into as many bytes.
    return name, dtype, values if kind is integer else None, f"{bits}, order {stored.get_order()}, {shape} in {chunk}, {filters}"


def main():
    path, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(seed)
    with h5py.File(path, "w", libver=pick(rng, ["earliest", "latest"])) as file:
        made = [write(file, rng, number) for number in range(count)]
    described = {}
    with h5py.File(path) as file:
        for name, dtype, written, what in made:
            dataset = h5py.h5d.open(file.id, name.encode())
            values = np.empty(dataset.shape, dtype)
            dataset.read(h5py.h5s.ALL, h5py.h5s.ALL, values, mtype=h5py.h5t.py_create(dtype))
            values = values if written is None else written
            described[f"/{name}"] = {
                "what": what,
                "shape": list(values.shape),
                "dtype": dtype.name,
                "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
                "values": [float(value) for value in values.ravel()[:5]],
            }
    print(json.dumps(described))


main()
