"""Writes a NetCDF-4 and a GRIB file, and references to both in Parquet, as kerchunk and fsspec write them. Prints values by variable.

usage: write-parquet.py FOLDER SEED fastparquet|pyarrow
"""

import json
import os
import random
import sys
import warnings

import eccodes
import fsspec
import netCDF4
import numpy as np
import pandas as pd
from fsspec.implementations.reference import LazyReferenceMapper
from kerchunk.df import refs_to_dataframe
from kerchunk.hdf import SingleHdf5ToZarr

warnings.simplefilter("ignore")
folder, seed, engine = sys.argv[1], int(sys.argv[2]), sys.argv[3]
pick = random.Random(seed)
numbers = np.random.default_rng(seed)
shape = tuple(pick.randint(1, 12) for _ in range(3))
chunks = tuple(pick.randint(1, length) for length in shape)
path = os.path.join(folder, "data.nc")
with netCDF4.Dataset(path, "w") as file:
    group = file.createGroup("deep/er")
    for name, length in zip(("time", "y", "x"), shape):
        file.createDimension(name, length)
    file.createVariable("time", "f8", ("time",))[:] = np.arange(shape[0])
    file.createVariable("one", "i4", ())[...] = pick.randint(0, 99)
    for owner, name in ((file, "t"), (group, "u")):
        t = owner.createVariable(name, "i2", ("time", "y", "x"), zlib=True, shuffle=True, chunksizes=chunks, fill_value=-1)
        t.set_auto_maskandscale(False)
        t[:] = numbers.integers(0, 1000, shape)
    values = {
        "/time": file["time"][:].tolist(),
        "/one": [int(file["one"][...])],
        "/t": file["t"][:].ravel().astype(int).tolist(),
        "/deep/er/u": group["u"][:].ravel().astype(int).tolist(),
    }

refs = SingleHdf5ToZarr(path, inline_threshold=pick.choice([0, 100])).translate()["refs"]
# Messages of GRIB as kerchunk.grib2 refers to them.
messages = []
with open(os.path.join(folder, "data.grib"), "wb") as file:
    for number in range(pick.randint(1, 5)):
        message = eccodes.codes_grib_new_from_samples(pick.choice(["regular_ll_pl_grib1", "regular_ll_pl_grib2"]))
        eccodes.codes_set(message, "Ni", 4)
        eccodes.codes_set(message, "Nj", 3)
        eccodes.codes_set_array(message, "values", numbers.integers(0, 999, 12).astype(float))
        messages.append((file.tell(), eccodes.codes_get_message_size(message), eccodes.codes_get_array(message, "values")))
        eccodes.codes_write(message, file)
        eccodes.codes_release(message)
values["/g"] = [value for *_, decoded in messages for value in decoded.tolist()]
grib = {"id": "grib", "var": "t", "dtype": "float64"}
refs["g/.zarray"] = json.dumps({
    "zarr_format": 2, "shape": [len(messages), 3, 4], "chunks": [1, 3, 4], "dtype": "<f8", "order": "C",
    "compressor": None, "filters": [grib], "fill_value": None,
})
refs["g/.zattrs"] = json.dumps({"_ARRAY_DIMENSIONS": ["step", "latitude", "longitude"]})
for number, (offset, size, _) in enumerate(messages):
    refs[f"g/{number}.0.0"] = [os.path.join(folder, "data.grib"), offset, size]

# Without some chunks, and with the file of another: the values of one chunk are its fill value.
keys = sorted(key for key in refs if key.startswith("t/") and "/." not in key)
lost = keys[pick.randrange(len(keys))]
del refs[lost]
place = tuple(slice(int(i) * c, (int(i) + 1) * c) for i, c in zip(lost[2:].split("."), chunks))
t = np.array(values["/t"]).reshape(shape)
t[place] = -1
values["/t"] = t.ravel().tolist()
if pick.random() < 0.5:
    with open(path, "rb") as content, open(os.path.join(folder, "whole.bin"), "wb") as out:
        key = next(key for key in keys if key != lost) if len(keys) > 1 else None
        if key is not None and isinstance(refs[key], list):
            content.seek(refs[key][1])
            out.write(content.read(refs[key][2]))
            refs[key] = [os.path.join(folder, "whole.bin")]

root = os.path.join(folder, "refs.parquet")
options = {"record_size": pick.choice([1, 3, 7, 100, 1000]), "categorical_threshold": pick.choice([0, 1, 10])}
if engine == "fastparquet":
    refs_to_dataframe(refs, root, **options)
else:
    mapper = LazyReferenceMapper.create(root, fs=fsspec.filesystem("file"), engine="pyarrow", **options)
    for key in sorted(refs):
        mapper[key] = refs[key]
    mapper.flush()
    # The same again as other writers have it: other packings, versions of pages, encodings and row groups.
    for where, _, names in os.walk(root):
        for name in names:
            if name.endswith(".parq") and pick.random() < 0.7:
                table = pd.read_parquet(os.path.join(where, name), engine="pyarrow")
                table.to_parquet(
                    os.path.join(where, name),
                    engine="pyarrow",
                    index=pick.choice([True, False]),
                    compression=pick.choice(["snappy", "gzip", "zstd", "lz4", None]),
                    data_page_version=pick.choice(["1.0", "2.0"]),
                    use_dictionary=pick.choice([True, False]),
                    row_group_size=pick.choice([1, 2, 50, 1000]),
                    data_page_size=pick.choice([1, 100, 1048576]),
                    write_page_checksum=pick.choice([True, False]),
                )
print(json.dumps(values))
