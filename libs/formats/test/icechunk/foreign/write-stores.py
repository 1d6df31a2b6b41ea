"""Writes an Icechunk store of random arrays, commits, branches and tags, and prints what each of them holds, as JSON.

usage: write-stores.py FOLDER SPEC_VERSION SEED

The store is FOLDER/store; virtual chunks lie in FOLDER/data.nc.
"""

import datetime
import hashlib
import json
import os
import random
import sys
import warnings

import h5py
os.environ.setdefault("ICECHUNK_LOG", "error")
import icechunk
import numpy as np
import zarr

warnings.simplefilter("ignore")
folder, version, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pick = random.Random(seed)
numbers = np.random.default_rng(seed)

NUMBERS = ["f2", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "b1"]
WORDS = np.array(["", "a", "Zürich", "x" * 50, "東京"], dtype=object)


def configuration():
    config = icechunk.RepositoryConfig.default()
    config.inline_chunk_threshold_bytes = pick.choice([0, 16, 64, 512, 60_000])
    if pick.random() < 0.6:
        sizes = {icechunk.ManifestSplitDimCondition.Any(): pick.randint(1, 3)}
        splitting = {icechunk.ManifestSplitCondition.AnyArray(): sizes}
        config.manifest = icechunk.ManifestConfig(splitting=icechunk.ManifestSplittingConfig.from_dict(splitting))
    config.set_virtual_chunk_container(
        icechunk.VirtualChunkContainer(f"file://{folder}/", icechunk.local_filesystem_store(folder))
    )
    return config


def random_values(dtype, shape):
    if dtype.kind == "f":
        return numbers.normal(280, 20, shape).astype(dtype)
    if dtype.kind == "b":
        return numbers.random(shape) < 0.5
    info = np.iinfo(dtype)
    return numbers.integers(info.min, info.max, shape, dtype, endpoint=True)


def fill(array):
    if array.ndim == 0:
        array[...] = values_for(array, ())
    elif pick.random() < 0.6:
        array[...] = values_for(array, array.shape)
    else:
        # Some chunks stay unwritten.
        part = tuple(slice(0, pick.randint(0, extent)) for extent in array.shape)
        shape = array[part].shape
        if np.prod(shape) > 0:
            array[part] = values_for(array, shape)


def values_for(array, shape):
    if array.dtype.kind in "OT":
        return WORDS[numbers.integers(0, len(WORDS), shape)] if shape else "word"
    return random_values(array.dtype, shape)


def create(group, name):
    rank = pick.randint(0, 4)
    shape = tuple(pick.randint(1, 9) for _ in range(rank))
    chunks = tuple(pick.randint(1, extent + 1) for extent in shape)
    options = {"name": name, "shape": shape, "chunks": chunks}
    if pick.random() < 0.1:
        return group.create_array(**options, dtype=str)
    dtype = np.dtype(pick.choice(NUMBERS))
    options["compressors"] = pick.choice(
        [None, zarr.codecs.GzipCodec(), zarr.codecs.ZstdCodec(checksum=True), zarr.codecs.BloscCodec(cname="lz4")]
    )
    if rank > 0 and pick.random() < 0.3:
        options["shards"] = tuple(extent * pick.randint(1, 3) for extent in chunks)
    if pick.random() < 0.5:
        options["dimension_names"] = [pick.choice([None, f"{name}_{axis}"]) for axis in range(rank)]
    if dtype.kind in "iu" and pick.random() < 0.5:
        options["fill_value"] = int(np.iinfo(dtype).max)
    return group.create_array(**options, dtype=dtype, attributes={"units": "K", "number": pick.randint(0, 9)})


def create_virtual(group, name, file):
    """An array whose chunks are those of an HDF5 dataset."""
    shape = tuple(pick.randint(2, 9) for _ in range(2))
    chunks = tuple(pick.randint(1, extent) for extent in shape)
    values = numbers.normal(0, 1, shape).astype("f4")
    dataset = file.create_dataset(name, data=values, chunks=chunks, compression="gzip", shuffle=True)
    file.flush()
    array = group.create_array(
        name=name,
        shape=shape,
        chunks=chunks,
        dtype="f4",
        fill_value=float("nan"),
        compressors=[zarr.codecs.numcodecs.Shuffle(elementsize=4), zarr.codecs.numcodecs.Zlib(level=4)],
    )
    made = []
    for row in range(dataset.id.get_num_chunks()):
        info = dataset.id.get_chunk_info(row)
        place = [offset // extent for offset, extent in zip(info.chunk_offset, chunks)]
        made.append((f"{array.path}/c/{place[0]}/{place[1]}", info.byte_offset, info.size))
    return made


def checksum():
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    return later if pick.random() < 0.5 else None


def describe(array):
    values = np.asarray(array[...])
    described = {"shape": list(array.shape), "attributes": dict(array.attrs)}
    if array.dtype.kind in "OT":
        described["strings"] = [str(value) for value in values.ravel()]
        return described
    if values.dtype.name == "float16":
        values = values.astype("f4")
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    described["sha256"] = hashlib.sha256(little.tobytes()).hexdigest()
    return described


def contents(**reference):
    found = {}

    def visit(group):
        for name, member in group.members():
            if isinstance(member, zarr.Group):
                visit(member)
            else:
                found[member.path] = describe(member)

    session = repo.readonly_session(**reference)
    visit(zarr.open_group(session.store, mode="r", zarr_format=3))
    return found


config = configuration()
allowed = icechunk.containers_credentials({f"file://{folder}/": None})
storage = icechunk.local_filesystem_storage(os.path.join(folder, "store"))
repo = icechunk.Repository.create(storage, config, allowed, spec_version=version)
repo.save_config()

session = repo.writable_session("main")
root = zarr.create_group(session.store, attributes={"title": "random"})
deep = root.create_group("deep").create_group("er", attributes={"level": 2})
for i in range(12):
    fill(create(pick.choice([root, deep]), f"v{i}"))
with h5py.File(os.path.join(folder, "data.nc"), "w") as file:
    virtual = [made for i in range(3) for made in create_virtual(root, f"virtual{i}", file)]
for key, offset, length in virtual:
    session.store.set_virtual_ref(
        key, f"file://{folder}/data.nc", offset=offset, length=length, checksum=checksum()
    )
first = session.commit("first")
repo.create_tag("v1", snapshot_id=first)
repo.create_tag("gone", snapshot_id=first)
repo.delete_tag("gone")
repo.create_branch("dev", snapshot_id=first)

session = repo.writable_session("dev")
create(zarr.open_group(session.store), "of_dev")[...] = 1
session.commit("of dev")

for number in range(pick.randint(1, 3)):
    session = repo.writable_session("main")
    root = zarr.open_group(session.store, mode="r+")
    for path in sorted(path for path, member in root.members(max_depth=None) if isinstance(member, zarr.Array)):
        choice = pick.random()
        array = root[path]
        if choice < 0.15:
            del root[path]
        elif choice < 0.4:
            fill(array)
        elif choice < 0.6 and array.ndim > 0 and array.dtype.kind not in "OT":
            array.resize(tuple(pick.randint(1, extent + 4) for extent in array.shape))
    fill(create(root, f"w{number}"))
    session.commit(f"change {number}")

if version == 2:
    session = repo.rearrange_session("main")
    session.move("/deep", "/moved")
    session.commit("moved")

print(
    json.dumps(
        {
            "main": contents(branch="main"),
            "dev": contents(branch="dev"),
            "v1": contents(tag="v1"),
            "first": first,
        }
    )
)
