"""Writes a Zarr store of random arrays with zarr-python and prints what they hold, as JSON.

usage: write-stores.py STORE VERSION SEED COUNT. A STORE that ends in .zip is an archive.
"""

import hashlib
import json
import random
import sys
import warnings
import zipfile

import numcodecs
import numpy as np
import zarr

warnings.simplefilter("ignore")
store, version, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
pick = random.Random(seed)
numbers = np.random.default_rng(seed)

NUMBERS = ["f2", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]


def random_values(dtype, shape):
    if dtype.kind == "f":
        values = numbers.normal(280, 20, shape).astype(dtype)
        return np.where(numbers.random(shape) < 0.05, dtype.type("nan"), values).astype(dtype)
    if dtype.kind == "b":
        return numbers.random(shape) < 0.5
    if dtype.kind in "Mm":
        return numbers.integers(-(10**12), 10**12, shape).astype(dtype)
    if dtype.kind in "SU":
        words = np.array(["", "a", "Zürich", "x" * 9, "東京", "north"])
        if dtype.kind == "S":
            words = np.array([b"", b"a", b"xx", b"north", b"south"])
        return words[numbers.integers(0, len(words), shape)].astype(dtype)
    info = np.iinfo(dtype)
    if pick.random() < 0.5:
        return numbers.integers(max(info.min, -40), 40, shape).astype(dtype)
    return numbers.integers(info.min, info.max, shape, dtype.newbyteorder("="), endpoint=True).astype(dtype)


def random_fill(dtype):
    kind = dtype.kind
    if kind == "b":
        return pick.random() < 0.5
    if kind == "f":
        return pick.choice([0.0, float("nan"), float("inf"), -float("inf"), 1.5, 1e20])
    if kind in "iu":
        info = np.iinfo(dtype)
        return pick.choice([0, 7, int(info.min), int(info.max)])
    return None


def v2_codecs(dtype):
    width = dtype.itemsize
    filters = []
    # Filters that compute do not know half precision.
    is_float = dtype.kind == "f" and width > 2
    if dtype.kind in "iu" and pick.random() < 0.4:
        filters.append(numcodecs.Delta(dtype=dtype.str))
    elif is_float and pick.random() < 0.2:
        filters.append(numcodecs.Quantize(digits=3, dtype=dtype.str))
    elif is_float and dtype.isnative and pick.random() < 0.2:
        filters.append(numcodecs.BitRound(keepbits=8))
    elif is_float and pick.random() < 0.2:
        filters.append(numcodecs.FixedScaleOffset(offset=280, scale=10, dtype=dtype.str, astype="<i4"))
    elif is_float and pick.random() < 0.3:
        other = "<f4" if width == 8 else "<f8"
        filters.append(numcodecs.AsType(encode_dtype=other, decode_dtype=dtype.str))
    elif dtype.kind == "b" and pick.random() < 0.5:
        filters.append(numcodecs.PackBits())
    if not filters and pick.random() < 0.3:
        filters.append(numcodecs.Shuffle(elementsize=max(1, width)))
    if pick.random() < 0.3:
        filters.append(pick.choice([numcodecs.CRC32, numcodecs.Adler32, numcodecs.Fletcher32, numcodecs.checksum32.CRC32C])())
    shuffle = pick.choice([0, 1, 2])
    cname = pick.choice(["lz4", "zstd", "zlib", "blosclz", "lz4hc"])
    compressor = pick.choice(
        [
            None,
            numcodecs.Zlib(level=pick.randint(0, 9)),
            numcodecs.GZip(level=pick.randint(0, 9)),
            numcodecs.Zstd(level=3),
            numcodecs.LZ4(),
            numcodecs.BZ2(),
            numcodecs.Blosc(cname=cname, clevel=pick.randint(0, 9), shuffle=shuffle),
        ]
    )
    return filters or None, compressor


def v3_codecs(dtype, shape):
    arrays, packed = [], []
    rank = len(shape)
    if rank > 1 and pick.random() < 0.4:
        order = list(range(rank))
        pick.shuffle(order)
        arrays.append(zarr.codecs.TransposeCodec(order=order))
    endian = pick.choice(["little", "big"])
    if dtype.kind in "iu" and not arrays and pick.random() < 0.3:
        arrays.append(zarr.codecs.numcodecs.Delta(dtype=dtype.str))
        endian = "little"
    if dtype.kind == "f" and dtype.itemsize > 2 and not arrays and pick.random() < 0.2:
        arrays.append(zarr.codecs.numcodecs.FixedScaleOffset(offset=280, scale=10, dtype=dtype.str, astype="<i4"))
        endian = "little"
    choice = pick.randint(0, 7)
    if choice == 0:
        packed.append(zarr.codecs.GzipCodec(level=5))
    elif choice == 1:
        packed.append(zarr.codecs.ZstdCodec(level=3, checksum=pick.random() < 0.5))
    elif choice == 2:
        packed.append(zarr.codecs.BloscCodec(cname=pick.choice(["lz4", "zstd", "zlib"]), shuffle=pick.choice(["shuffle", "bitshuffle", "noshuffle"])))
    elif choice == 3:
        packed.append(zarr.codecs.numcodecs.Zlib(level=4))
    elif choice == 4:
        scaled = any(isinstance(codec, zarr.codecs.numcodecs.FixedScaleOffset) for codec in arrays)
        packed.append(zarr.codecs.numcodecs.Shuffle(elementsize=4 if scaled else dtype.itemsize))
        packed.append(zarr.codecs.numcodecs.BZ2(level=4))
    elif choice == 5:
        packed.append(zarr.codecs.numcodecs.LZ4())
    if pick.random() < 0.3:
        packed.append(pick.choice([zarr.codecs.Crc32cCodec(), zarr.codecs.numcodecs.Adler32(), zarr.codecs.numcodecs.CRC32(), zarr.codecs.numcodecs.Fletcher32()]))
    return arrays, zarr.codecs.BytesCodec(endian=endian), packed


def create(group, name, dtype, shape, chunks):
    options = {"name": name, "shape": shape, "chunks": chunks, "dtype": dtype}
    separator = pick.choice([".", "/"])
    attributes = {"units": "K", "valid_min": 1, "history": "made"}
    if version == 2:
        filters, compressor = v2_codecs(dtype)
        options["order"] = pick.choice("CF")
        options["filters"] = filters
        options["compressors"] = compressor
        options["chunk_key_encoding"] = {"name": "v2", "separator": separator}
        attributes["_ARRAY_DIMENSIONS"] = [f"{name}_{axis}" for axis in range(len(shape))]
    else:
        arrays, serializer, packed = v3_codecs(dtype, shape)
        options["chunk_key_encoding"] = {"name": pick.choice(["default", "v2"]), "separator": separator}
        options["filters"] = arrays
        options["serializer"] = serializer
        options["compressors"] = packed
        options["dimension_names"] = [f"{name}_{axis}" for axis in range(len(shape))]
        if len(shape) > 0 and pick.random() < 0.5:
            options["shards"] = tuple(extent * pick.randint(1, 3) for extent in chunks)
            if pick.random() < 0.3:
                options["shards"] = {"shape": options["shards"], "index_location": "start"}
    if dtype.kind in "SUMm":
        options.pop("filters", None)
        options.pop("serializer", None)
        options.pop("compressors", None)
    fill = random_fill(dtype)
    if fill is not None:
        options["fill_value"] = fill
    what = json.dumps({key: str(value) for key, value in options.items()})
    return group.create_array(**options, attributes=attributes), what


def text_of(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def describe(array, what):
    # Of a scalar, zarr-python gives a Python object.
    values = np.asarray(array[...], array.dtype)
    described = {"shape": list(values.shape), "what": what}
    if values.dtype.kind in "SUOT" and values.dtype != np.dtype("S1"):
        described["strings"] = [text_of(value) for value in values.ravel()]
        return described
    if values.dtype.name == "float16":
        values = values.astype("f4")
    plain = values.astype(values.dtype.newbyteorder("=")).view("i8") if values.dtype.kind in "Mm" else values
    little = np.ascontiguousarray(plain, plain.dtype.newbyteorder("<"))
    described["sha256"] = hashlib.sha256(little.tobytes()).hexdigest()
    described["first"] = [str(value) for value in plain.ravel()[:4]]
    return described


archive = None
if store.endswith(".zip"):
    method = pick.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    store = archive = zarr.storage.ZipStore(store, mode="w", compression=method)
root = zarr.open_group(store, mode="w", zarr_format=version, attributes={"title": "random", "n": 3})
group = root.create_group("deep", attributes={"level": 1})
found = {}
for i in range(count):
    kinds = NUMBERS * 3 + ["b1", "M8[ns]", "m8[s]", "S1", "S5", "U7", "text"]
    kind = pick.choice(kinds)
    rank = pick.randint(0, 4)
    shape = tuple(pick.randint(1, 7) for _ in range(rank))
    chunks = tuple(pick.randint(1, extent + 1) for extent in shape)
    where = pick.choice([root, group])
    name = f"v{i}"
    if kind == "text":
        array = where.create_array(name=name, shape=shape, chunks=chunks, dtype=str)
        what = "text"
        words = np.array(["", "a", "Zürich", "x" * 50, "東京"], dtype=object)
        values = words[numbers.integers(0, len(words), shape)] if shape else "word"
    else:
        order = pick.choice("<>") if version == 2 and kind[-1] != "1" else "<" if kind[-1] != "1" else "|"
        dtype = np.dtype(kind if kind[0] in "bS" else order + kind)
        array, what = create(where, name, dtype, shape, chunks)
        values = random_values(dtype, shape)
    if pick.random() < 0.8:
        array[...] = values
    elif rank > 0:
        array[: shape[0] // 2] = values[: shape[0] // 2]
    found[array.path] = describe(array, what)
if pick.random() < 0.5:
    zarr.consolidate_metadata(store, zarr_format=version)
if archive is not None:
    archive.close()
print(json.dumps(found))
