"""Writes random HDF5 files with h5py and NetCDF-4 files with netCDF4-python, and prints what these read of them.

write-random.py FOLDER SEED COUNT h5py|netcdf. Needs h5py, netCDF4 and numpy.
"""

import json
import pathlib
import sys
import warnings

import h5py
import netCDF4
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[5] / "fixtures/hdf5"))
from describe import describe, digest

warnings.simplefilter("ignore")
INTEGERS = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
WORDS = ["", "a", "Zürich", "x" * 30, "東京"]


def pick(rng, choices):
    return choices[int(rng.integers(0, len(choices)))]


def values(rng, dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "S":
        return rng.integers(97, 123, shape, dtype="u1").view("S1")
    if dtype.kind == "f":
        noisy = rng.normal(280, 30, shape).round(int(rng.integers(0, 6)))
        return np.where(rng.random(shape) < 0.03, np.nan, noisy).astype(dtype)
    info = np.iinfo(dtype)
    if rng.random() < 0.5:
        return rng.integers(max(info.min, -99), 99, shape).astype(dtype)
    return rng.integers(info.min, info.max, shape, dtype.newbyteorder("="), endpoint=True).astype(dtype)


def some_part(rng, shape):
    """A block of an array, as slices."""
    begins = [int(rng.integers(0, extent)) for extent in shape]
    return tuple(slice(begin, int(rng.integers(begin, extent)) + 1) for begin, extent in zip(begins, shape))


def h5_dataset(rng, group, name):
    """Random type, shape, chunks, limits and filters; written whole, in part or not; then made longer or shorter."""
    dtype = pick(rng, "<>") + pick(rng, [*INTEGERS, "f2", "f4", "f8"])
    rank = int(rng.integers(0, 5))
    longest = {0: 1, 1: 3000, 2: 60, 3: 14, 4: 8}[rank]
    shape = tuple(int(rng.integers(1, longest)) for _ in range(rank))
    options = {}
    if rank > 0 and rng.random() < 0.8:
        # Of a long axis, chunks of few elements: indexes of several pages and levels.
        chunks = tuple(int(rng.integers(1, min(extent, 7) + 1)) for extent in shape)
        options["chunks"] = chunks
        kind = int(rng.integers(0, 4))
        limits = [[extent, extent + 40, None] for extent in shape]
        if kind == 1:
            # One unlimited axis makes an extensible array, several make a B-tree of version 2.
            axis = int(rng.integers(0, rank))
            options["maxshape"] = tuple(None if i == axis else extent for i, extent in enumerate(shape))
        elif kind > 1:
            options["maxshape"] = tuple(pick(rng, limit) for limit in limits)
        if rng.random() < 0.5:
            options.update(compression="gzip", compression_opts=int(rng.integers(0, 10)))
        options["shuffle"] = bool(rng.random() < 0.4)
        options["fletcher32"] = bool(rng.random() < 0.3)
    # What nobody writes of a contiguous dataset without a fill value is whatever lay in the file.
    if rng.random() < 0.4 or "chunks" not in options:
        options["fillvalue"] = values(rng, dtype, (1,))[0]
    dataset = group.create_dataset(name, shape=shape, dtype=dtype, track_order=bool(rng.random() < 0.3), **options)
    written = rng.random()
    if written < 0.5:
        dataset[...] = values(rng, dtype, shape)
    elif written < 0.9:
        part = some_part(rng, shape)
        dataset[part] = values(rng, dtype, tuple(s.stop - s.start for s in part))
    if rng.random() < 0.4 and "maxshape" in options:
        larger = [extent + 9 if limit is None else limit for extent, limit in zip(shape, options["maxshape"])]
        dataset.resize(tuple(int(rng.integers(1, extent + 1)) for extent in larger))
    # More than eight attributes are kept apart from the header.
    for i in range(pick(rng, [0, 1, 3, 12])):
        dataset.attrs[f"attribute_{i}"] = pick(rng, [values(rng, dtype, int(rng.integers(1, 5))), pick(rng, WORDS)])


def by_h5py(path, rng):
    versions = ["earliest", "v108", "v110", "v112", "v114", "latest"]
    low = int(rng.integers(0, len(versions)))
    options = {"libver": (versions[low], versions[int(rng.integers(max(low, 1), len(versions)))])}
    if rng.random() < 0.3:
        options["userblock_size"] = pick(rng, [512, 1024, 4096])
    with h5py.File(path, "w", track_order=bool(rng.random() < 0.3), **options) as file:
        groups = [file]
        for i in range(int(rng.integers(0, 6))):
            groups.append(pick(rng, groups).create_group(f"group {i}", track_order=bool(rng.random() < 0.5)))
            groups[-1].attrs["level"] = i
        for i in range(int(rng.integers(3, 14))):
            h5_dataset(rng, pick(rng, groups), f"data_{i}")
    if "userblock_size" in options:
        with open(path, "r+b") as file:
            file.write(bytes(rng.integers(0, 256, options["userblock_size"], dtype="u1")))
    return str(options)


def nc_variable(rng, group, name, dimensions, lengths, classic):
    dtype = pick(rng, ["i1", "i2", "i4", "f4", "f8", "S1"] if classic else [*INTEGERS, "f4", "f8", "S1", str])
    rank = int(rng.integers(0, min(4, len(dimensions)) + 1))
    chosen = [str(dimension) for dimension in rng.choice(dimensions, rank, replace=False)]
    if classic:
        chosen.sort(key=lambda dimension: dimension != "time")
    shape = [lengths[dimension] for dimension in chosen]
    options = {}
    unlimited = any(dimension.startswith(("time", "more")) for dimension in chosen)
    if dtype is str:
        # What netCDF-C takes for several unlimited dimensions are chunks of many megabytes.
        options["chunksizes"] = shape or None
    elif rank > 0:
        if rng.random() < 0.5:
            options["chunksizes"] = [int(rng.integers(1, extent + 1)) for extent in shape]
        elif not unlimited and rng.random() < 0.3:
            options["contiguous"] = True
        if not options.get("contiguous"):
            options["compression"] = pick(rng, [None, None, "zlib", "zstd", "bzip2"])
            options["complevel"] = int(rng.integers(1, 7))
            options["shuffle"] = bool(rng.random() < 0.5)
            options["fletcher32"] = bool(rng.random() < 0.3)
        if dtype != "S1":
            options["endian"] = pick(rng, ["little", "big"])
            options["fill_value"] = pick(rng, [None, values(rng, dtype, (1,))[0]])
    data = group.createVariable(name, dtype, chosen, **options)
    data.set_auto_maskandscale(False)
    data.set_auto_chartostring(False)
    if dtype is not str and dtype != "S1":
        data.setncatts({"units": "K", "valid_range": values(rng, dtype, (2,))})
    if dtype is str:
        texts = np.array(WORDS, object)[rng.integers(0, len(WORDS), shape)]
        data[...] = texts if rank > 0 else np.array(texts, object)
    elif rank > 0 and rng.random() < 0.3:
        # In part: an unlimited dimension may be longer than some of its variables.
        part = some_part(rng, shape)
        data[part] = values(rng, dtype, tuple(s.stop - s.start for s in part))
    else:
        data[...] = values(rng, dtype, shape)


def by_netcdf(path, rng):
    classic = rng.random() < 0.25
    with netCDF4.Dataset(path, "w", format="NETCDF4_CLASSIC" if classic else "NETCDF4") as file:
        file.title = pick(rng, WORDS)
        groups = [(file, {})]
        for i in range(0 if classic else int(rng.integers(0, 4))):
            parent, inherited = pick(rng, groups)
            groups.append((parent.createGroup(f"group_{i}"), dict(inherited)))
        for number, (group, lengths) in enumerate(groups):
            names = [f"x{i}_{number}" for i in range(rng.integers(1, 5))]
            if rng.random() < 0.7:
                names.insert(int(rng.integers(0, len(names))), "time" if number == 0 else f"time_{number}")
                names += [] if classic or rng.random() < 0.6 else [f"more_{number}"]
            for name in names:
                lengths[name] = int(rng.integers(1, 9))
                group.createDimension(name, None if name.startswith(("time", "more")) else lengths[name])
                if rng.random() < 0.4:
                    group.createVariable(name, pick(rng, ["f4", "f8", "i4"]), (name,))[:] = np.arange(lengths[name])
            for i in range(rng.integers(1, 7)):
                nc_variable(rng, group, f"v{i}", list(lengths), lengths, classic)
    return "classic model" if classic else ""


def place_by_index(path, variables):
    """Of a dataset that is shorter than its dimensions, netCDF-C pads the first one only; the values of others it puts one
    after another whatever their place, and what is behind them is not filled. Here they stay where they were written."""
    with h5py.File(path) as file:
        for variable in variables:
            dataset = file[variable["path"]]
            if "sha256" in variable and list(dataset.shape) != variable["shape"]:
                values = np.full(variable["shape"], dataset.fillvalue, dataset.dtype)
                values[tuple(slice(extent) for extent in dataset.shape)] = dataset[...]
                variable["sha256"] = digest(values)


def main():
    folder, seed, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    write = {"h5py": by_h5py, "netcdf": by_netcdf}[sys.argv[4]]
    rng = np.random.default_rng(seed)
    described = {}
    for i in range(count):
        path = str(folder / f"random_{i}.{'h5' if write is by_h5py else 'nc'}")
        what = write(path, rng)
        described[path] = {"what": what, **describe(path, with_netcdf=write is by_netcdf)}
        if write is by_netcdf:
            place_by_index(path, described[path]["netcdf"]["variables"])
    print(json.dumps(described))


main()
