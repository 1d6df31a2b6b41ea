"""Writes a NetCDF-4 file and an Icechunk store with references to its chunks; prints the values.

usage: write-virtual-run.py FOLDER NAME PREFIX SPEC_VERSION

FOLDER/NAME.nc and FOLDER/NAME are made; the store names the file by PREFIX.
"""

import datetime
import json
import os
import sys
import warnings

os.environ.setdefault("ICECHUNK_LOG", "error")
import h5py
import icechunk
import numpy as np
import zarr

warnings.simplefilter("ignore")

folder, name, prefix, version = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
values = np.arange(5 * 7, dtype="i4").reshape(5, 7)
places = []
with h5py.File(os.path.join(folder, f"{name}.nc"), "w") as file:
    dataset = file.create_dataset("v", data=values, chunks=(2, 3), compression="gzip", shuffle=True)
    file.flush()
    for row in range(dataset.id.get_num_chunks()):
        info = dataset.id.get_chunk_info(row)
        places.append((info.chunk_offset, info.byte_offset, info.size))

repo = icechunk.Repository.create(icechunk.local_filesystem_storage(os.path.join(folder, name)), spec_version=version)
session = repo.writable_session("main")
root = zarr.create_group(session.store)
root.create_array(
    name="v",
    shape=values.shape,
    chunks=(2, 3),
    dtype="i4",
    compressors=[zarr.codecs.numcodecs.Shuffle(elementsize=4), zarr.codecs.numcodecs.Zlib(level=4)],
    dimension_names=["y", "x"],
)
made = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
for (y, x), offset, size in places:
    session.store.set_virtual_ref(
        f"v/c/{y // 2}/{x // 3}",
        f"{prefix}{name}.nc",
        offset=offset,
        length=size,
        checksum=made,
        validate_container=False,
    )
session.commit("references")
print(json.dumps({"shape": list(values.shape), "values": values.ravel().tolist()}))
