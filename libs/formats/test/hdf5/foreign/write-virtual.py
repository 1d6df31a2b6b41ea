"""Writes random virtual datasets and their sources, and prints what h5py reads of them as JSON, one a line.

write-virtual.py FOLDER SEED COUNT whole|any|endless|circle|raw|torn|strided|texts. Those of "whole" are made of whole chunks, so that their chunks can be located;
"any" takes slices with any steps; "endless" has one source that grows, or a series of sources;
"circle" is its own source; the source of "raw" has its bytes in an external file, that of "torn" in two; "strided" takes
every other element of a source in any number of rows;
"texts" has numbers over strings. Needs h5py and numpy.
"""

import hashlib
import json
import pathlib
import sys

import h5py
import numpy as np


def pick(rng, choices):
    return choices[int(rng.integers(0, len(choices)))]


def write_source(path, name, values, chunk, options):
    with h5py.File(path, "a") as file:
        maxshape = chunk and (None,) * len(chunk)
        file.create_dataset(name, data=values, chunks=chunk, maxshape=maxshape, **options)


def case(rng, folder, number):
    """Sources beside each other along one dimension, which is a new one or that of the sources; some may be left out."""
    dtype = np.dtype(pick(rng, ["<i2", ">i4", "<f4", "<f8", "<i8"]))
    rank = int(rng.integers(1, 4))
    is_stacked = bool(rng.integers(0, 2))
    chunk = tuple(int(rng.integers(1, 5)) for _ in range(rank))
    parts = int(rng.integers(1, 6))
    is_chunked = bool(rng.integers(0, 2))
    options = pick(rng, [{}, {"compression": "gzip"}, {"shuffle": True, "compression": "lzf"}]) if is_chunked else {}
    axis = int(rng.integers(0, rank))
    inner = tuple(int(rng.integers(1, 9)) for _ in range(rank))
    if not is_chunked:
        # Sources without chunks are runs of bytes: they follow one another in the first dimension.
        axis = 0
    own_file = bool(rng.random() < 0.3)
    libver = pick(rng, ["earliest", "latest"])
    target = folder / f"virtual_{number}.h5"
    sources = []
    for part in range(parts):
        # Whole chunks, but for the last one.
        length = int(rng.integers(1, 4)) * chunk[axis]
        if part == parts - 1 or not is_chunked:
            length = int(rng.integers(1, 9))
        shape = inner if is_stacked else inner[:axis] + (length,) + inner[axis + 1 :]
        values = rng.integers(-100, 100, shape).astype(dtype)
        path = target if own_file else folder / f"source {number}_{part}.h5"
        name = f"group/part_{part}"
        write_source(path, name, values, chunk if is_chunked else None, options)
        sources.append((h5py.VirtualSource("." if own_file else path.name, name, shape), shape))
    fill = pick(rng, [None, -7])
    written = [part for part in range(parts) if part == parts - 1 or rng.random() < 0.8]
    if is_stacked:
        layout = h5py.VirtualLayout((parts,) + inner, dtype)
        for part in written:
            layout[part] = sources[part][0]
    else:
        total = sum(shape[axis] for _, shape in sources)
        layout = h5py.VirtualLayout(inner[:axis] + (total,) + inner[axis + 1 :], dtype)
        start = 0
        for part, (source, shape) in enumerate(sources):
            if part in written:
                layout[(slice(None),) * axis + (slice(start, start + shape[axis]),)] = source
            start += shape[axis]
    what = f"{dtype}, {parts} of {inner} in {chunk if is_chunked else None}, axis {'new' if is_stacked else axis}, {libver}"
    return finish(target, layout, fill, libver, what)


def some(rng, extent, count):
    """A slice of so many indices."""
    step = int(rng.integers(1, max(1, (extent - 1) // max(1, count - 1)) + 1)) if count > 1 else 1
    start = int(rng.integers(0, extent - step * (count - 1)))
    return slice(start, start + step * (count - 1) + 1, step)


def slices(rng, folder, number):
    """Rows of the virtual dataset, evenly spaced, from anywhere in sources with or without chunks."""
    dtype = np.dtype(pick(rng, ["<i2", ">i4", "<f8"]))
    target = folder / f"slices_{number}.h5"
    shape = (int(rng.integers(2, 13)), int(rng.integers(1, 9)))
    layout = h5py.VirtualLayout(shape, dtype)
    parts = int(rng.integers(1, 4))
    chunk = pick(rng, [None, None, (1, 1), (1, 2), (2, 1)])
    what = []
    for part in range(parts):
        count = (int(rng.integers(1, shape[0] + 1)), int(rng.integers(1, shape[1] + 1)))
        own = tuple(some(rng, extent, n) for extent, n in zip(shape, count))
        extents = tuple(n + int(rng.integers(0, 7)) for n in count)
        taken = tuple(some(rng, extent, n) for extent, n in zip(extents, count))
        if rng.random() < 0.4:
            taken = tuple(slice(0, n) for n in count)
            extents = count
        path = folder / f"slices_{number}_{part}.h5"
        write_source(path, "data", rng.integers(-100, 100, extents).astype(dtype), chunk, {})
        layout[own] = h5py.VirtualSource(path.name, "data", extents)[taken]
        what.append(f"{own} from {taken} of {extents} in {chunk}")
    return finish(target, layout, -7, pick(rng, ["earliest", "latest"]), "; ".join(what))


def endless(rng, folder, number):
    """All of a source that has grown since, or blocks of numbered files or datasets, of which one may lack between others."""
    target = folder / f"endless_{number}.h5"
    width = int(rng.integers(1, 6))
    if rng.integers(0, 2):
        layout = h5py.VirtualLayout((2, width), "i4", maxshape=(None, width))
        path = folder / f"growing_{number}.h5"
        with h5py.File(path, "w") as file:
            source = file.create_dataset("data", (2, width), "i4", maxshape=(None, width), chunks=(2, width))
            source[...] = 1
        layout[: h5py.h5s.UNLIMITED] = h5py.VirtualSource(path.name, "data", (2, width), maxshape=(None, width))[
            : h5py.h5s.UNLIMITED
        ]
        what = "growing"
    else:
        block = int(rng.integers(1, 4))
        in_files = bool(rng.integers(0, 2))
        count, missing = int(rng.integers(1, 6)), int(rng.integers(0, 9))
        name = (f"series_{number}_%b.h5", "data") if in_files else (".", "part_%b")
        for part in range(count):
            if part != missing:
                path = folder / name[0].replace("%b", str(part)) if in_files else target
                values = rng.integers(-100, 100, (block, width)).astype("i4")
                write_source(path, name[1].replace("%b", str(part)), values, None, {})
        what = f"{count} of {name} without {missing}, {block} each"
    with h5py.File(target, "a", libver="latest") as file:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_fill_value(np.array(-7, "i4"))
        if what == "growing":
            file.create_virtual_dataset("virtual", layout, fillvalue=-7)
        else:
            space = h5py.h5s.create_simple((block, width), (h5py.h5s.UNLIMITED, width))
            space.select_hyperslab((0, 0), (h5py.h5s.UNLIMITED, 1), (block, width), (block, width))
            plist.set_virtual(space, name[0].encode(), name[1].encode(), h5py.h5s.create_simple((block, width)))
            h5py.h5d.create(file.id, b"virtual", h5py.h5t.STD_I32LE, space, plist)
    if what == "growing":
        with h5py.File(folder / f"growing_{number}.h5", "a") as file:
            file["data"].resize((int(rng.integers(2, 30)), width))
            file["data"][...] = np.arange(file["data"].size).reshape(file["data"].shape)
    with h5py.File(target) as file:
        values = file["virtual"][...]
    return described(target, values, what)


def circle(rng, folder, number):
    """Not read here: HDF5 would not end."""
    target = folder / f"circle_{number}.h5"
    layout = h5py.VirtualLayout((2, 3), "i4", maxshape=(None, 3))
    layout[: h5py.h5s.UNLIMITED] = h5py.VirtualSource(".", "virtual", (2, 3), maxshape=(None, 3))[: h5py.h5s.UNLIMITED]
    with h5py.File(target, "w", libver="latest") as file:
        file.create_virtual_dataset("virtual", layout)
    return described(target, np.zeros((2, 3)), "its own source")


def raw(rng, folder, number):
    """The source and its bytes are in a folder below; a file of the same name beside the virtual one has others."""
    values = rng.integers(-100, 100, (int(rng.integers(2, 9)), int(rng.integers(1, 9)))).astype("<i4")
    offset = int(rng.integers(0, 50))
    below = folder / "below"
    below.mkdir(exist_ok=True)
    name = f"raw_{number}.bin"
    (below / name).write_bytes(bytes(offset) + values.tobytes())
    (folder / name).write_bytes(bytes(offset) + (values + 1).tobytes())
    with h5py.File(below / f"raw_{number}.h5", "w") as file:
        file.create_dataset("data", values.shape, values.dtype, external=[(name, offset, values.nbytes)])
    first = int(rng.integers(0, len(values)))
    layout = h5py.VirtualLayout(values[first:].shape, values.dtype)
    layout[:] = h5py.VirtualSource(f"below/raw_{number}.h5", "data", values.shape)[first:]
    target = folder / f"over_raw_{number}.h5"
    with h5py.File(target, "w", libver="latest") as file:
        file.create_virtual_dataset("virtual", layout)
    # Not as HDF5 reads it: that takes names of external files from the working directory.
    return described(target, values[first:], f"{values.shape} from {first}, offset {offset}")


def torn(rng, folder, number):
    """Rows as long as a chunk of a dataset without chunks may be, each in a file of its own."""
    row = 4 * 1024 * 1024
    for part in range(2):
        (folder / f"torn_{number}_{part}.bin").write_bytes(bytes([part]) * row)
    with h5py.File(folder / f"torn_{number}.h5", "w") as file:
        parts = [(f"torn_{number}_{part}.bin", 0, row) for part in range(2)]
        file.create_dataset("data", (2, row), "u1", external=parts)
    layout = h5py.VirtualLayout((2, row), "u1")
    layout[:] = h5py.VirtualSource(f"torn_{number}.h5", "data", (2, row))
    target = folder / f"over_torn_{number}.h5"
    with h5py.File(target, "w", libver="latest") as file:
        file.create_virtual_dataset("virtual", layout)
    return described(target, np.zeros((2, row), "u1"), "in two files")


def strided(rng, folder, number):
    """A few bytes for each mapping, which stands for 65536 blocks twice."""
    target = folder / f"strided_{number}.h5"
    rows, extent = 20, 131_072
    write_source(target, "data", np.zeros(extent, "i1"), None, {})
    layout = h5py.VirtualLayout((rows, extent), "i1")
    for row in range(rows):
        layout[row, 0:extent:2] = h5py.VirtualSource(".", "data", (extent,))[0:extent:2]
    with h5py.File(target, "a", libver="latest") as file:
        file.create_virtual_dataset("virtual", layout)
    return described(target, np.zeros((rows, extent), "i1"), f"{rows} rows")


def texts(rng, folder, number):
    """Not read here: HDF5 converts no strings."""
    target = folder / f"texts_{number}.h5"
    write_source(target, "data", np.array([b"ab", b"cd"]), None, {})
    layout = h5py.VirtualLayout((2,), "i4")
    layout[:] = h5py.VirtualSource(".", "data", (2,))
    with h5py.File(target, "a", libver="latest") as file:
        file.create_virtual_dataset("virtual", layout)
    return described(target, np.zeros(2, "i4"), "numbers over strings")


def finish(target, layout, fill, libver, what):
    with h5py.File(target, "a", libver=libver) as file:
        file.create_virtual_dataset("virtual", layout, fillvalue=fill)
    with h5py.File(target) as file:
        values = file["virtual"][...]
    return described(target, values, what)


def described(target, values, what):
    return {
        "file": str(target),
        "what": what,
        "shape": list(values.shape),
        "sha256": hashlib.sha256(values.astype(values.dtype.newbyteorder("<")).tobytes()).hexdigest(),
    }


rng = np.random.default_rng(int(sys.argv[2]))
make = {
    "whole": case,
    "any": slices,
    "endless": endless,
    "circle": circle,
    "raw": raw,
    "torn": torn,
    "strided": strided,
    "texts": texts,
}[sys.argv[4]]
for number in range(int(sys.argv[3])):
    print(json.dumps(make(rng, pathlib.Path(sys.argv[1]), number)))
