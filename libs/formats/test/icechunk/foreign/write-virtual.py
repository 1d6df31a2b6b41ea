"""Writes an Icechunk store whose chunks lie in 600 objects of S3, named by containers, in compressed locations.

usage: write-virtual.py STORE SPEC_VERSION
"""

import datetime
import os
import sys

os.environ.setdefault("ICECHUNK_LOG", "error")
import icechunk
import zarr

path, version = sys.argv[1], int(sys.argv[2])
COUNT = 100_000

config = icechunk.RepositoryConfig.default()
for name, prefix in (("other", "s3://elsewhere/"), ("files", "s3://archive/run-7/")):
    config.set_virtual_chunk_container(
        icechunk.VirtualChunkContainer(prefix, icechunk.s3_store(region="us-east-1"), name=name)
    )
config.manifest = icechunk.ManifestConfig(
    virtual_chunk_location_compression=icechunk.ManifestVirtualChunkLocationCompressionConfig(min_num_chunks=100)
)
repo = icechunk.Repository.create(icechunk.local_filesystem_storage(path), config=config, spec_version=version)
repo.save_config()
session = repo.writable_session("main")
root = zarr.create_group(session.store)
options = {"dtype": "i2", "chunks": (1,), "compressors": None, "filters": None}
root.create_array(name="t", shape=(COUNT,), **options)
root.create_array(name="u", shape=(5,), **options)


def location(i):
    part = f"part-{i % 300:03}.nc"
    return f"vcc://files/2026/november/{part}" if i % 2 else f"s3://elsewhere/long/prefix/of/objects/{part}"


def checksum(i):
    if i % 3 == 0:
        return {"etag_checksum": f"tag-{i % 300}"}
    return {"last_updated_at_checksum": datetime.datetime.fromtimestamp(1.7e9, datetime.timezone.utc)} if i % 3 == 1 else {}


names = location if version == 2 else lambda i: location(i).replace("vcc://files/", "s3://archive/run-7/")
specs = [
    icechunk.VirtualChunkSpec(index=[i], location=names(i), offset=1000 + 2 * i, length=2, **checksum(i))
    for i in range(COUNT)
]
session.store.set_virtual_refs("/t", specs, validate_containers=False)
for i, (place, etag) in enumerate([("s3://elsewhere/a%20b.nc", 'W/"weak"'), ("s3://elsewhere/c.nc", '"quoted"')]):
    session.store.set_virtual_ref(f"u/c/{2 * i}", place, offset=5, length=2, checksum=etag, validate_container=False)
session.commit("made")
