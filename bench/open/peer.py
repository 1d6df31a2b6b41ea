"""One peer opens and merges files lazily: peer.py {xarray,iris,kerchunk,cfgrib,iris-grib,kerchunk-scan} PARAMETER FILE...

Files are paths, or s3:// URLs of the store that AWS_* variables name (xarray by h5netcdf and s3fs, kerchunk). "kerchunk-scan" only
makes references of GRIB messages and combines none of them, which takes it several times as long. Prints one JSON line: seconds, peak resident MiB, shape of the parameter. Imports are not counted.
"""

import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")

MERGE = dict(data_vars="minimal", coords="minimal", compat="override", join="override")


def on_s3(files):
    return files[0].startswith("s3://")


def s3_options():
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    return dict(client_kwargs=dict(endpoint_url=endpoint, region_name=os.environ["AWS_REGION"]))


def with_xarray(files, parameter):
    import fsspec
    import xarray

    def run():
        chunks = dict(time=1, pressure=-1, latitude=-1, longitude=-1)
        options = dict(combine="by_coords", engine="netcdf4", chunks=chunks, **MERGE)
        opened = files
        if on_s3(files):
            # Several at once: each waits for the network most of the time.
            options.update(engine="h5netcdf", parallel=True)
            store = fsspec.filesystem("s3", **s3_options())
            opened = [store.open(url, block_size=1 << 16, cache_type="readahead") for url in files]
        dataset = xarray.open_mfdataset(opened, **options)
        return dataset[parameter].shape

    return run


def with_iris(files, parameter):
    import iris

    def run():
        cubes = iris.load_raw(files).concatenate()
        return next(cube for cube in cubes if cube.var_name == parameter).shape

    return run


def with_kerchunk(files, parameter):
    import fsspec
    import xarray
    import zarr
    from kerchunk.combine import MultiZarrToZarr, merge_vars
    from kerchunk.hdf import SingleHdf5ToZarr

    protocol, options = ("s3", s3_options()) if on_s3(files) else ("file", {})

    def run():
        groups = {}
        store = fsspec.filesystem(protocol, **options)
        for path in files:
            with store.open(path, "rb") as file:
                references = SingleHdf5ToZarr(file, path, inline_threshold=500).translate()
            names = tuple(sorted({key.split("/")[0] for key in references["refs"]}))
            groups.setdefault(names, []).append(references)
        combined = [
            MultiZarrToZarr(
                group,
                concat_dims=["time"],
                identical_dims=["pressure", "latitude", "longitude"],
                remote_protocol=protocol,
                remote_options=options,
            ).translate()
            for group in groups.values()
        ]
        merged = combined[0] if len(combined) == 1 else merge_vars(combined)
        if on_s3(files):
            # zarr reads from S3 in its own loop, and takes no store that has one.
            far = dict(options, asynchronous=True)
            references = fsspec.filesystem(
                "reference", fo=merged, remote_protocol=protocol, remote_options=far, asynchronous=True
            )
            store = zarr.storage.FsspecStore(references, read_only=True)
        else:
            store = fsspec.get_mapper("reference://", fo=merged, remote_protocol=protocol)
        dataset = xarray.open_dataset(store, engine="zarr", backend_kwargs=dict(consolidated=False), chunks={})
        return dataset[parameter].shape

    return run


def with_cfgrib(files, parameter):
    import xarray

    def run():
        # Without its index files, which a first reader has not.
        options = dict(engine="cfgrib", backend_kwargs=dict(indexpath=""), chunks={})
        dataset = xarray.open_mfdataset(files, combine="nested", concat_dim="step", **options, **MERGE)
        return dataset[parameter].shape

    return run


def with_iris_grib(files, parameter):
    import iris
    import iris_grib  # noqa: F401

    name = dict(t="air_temperature")[parameter]

    def run():
        cubes = iris.load_raw(files).merge()
        return next(cube for cube in cubes if cube.name() == name).shape

    return run


def with_kerchunk_scan(files, parameter):
    from kerchunk.grib2 import scan_grib

    options = s3_options() if on_s3(files) else {}

    def run():
        scanned = [scan_grib(path, storage_options=options) for path in files]
        return [len(scanned), len(scanned[0])]

    return run


PEERS = {
    "xarray": with_xarray,
    "iris": with_iris,
    "kerchunk": with_kerchunk,
    "cfgrib": with_cfgrib,
    "iris-grib": with_iris_grib,
    "kerchunk-scan": with_kerchunk_scan,
}


def main():
    peer, parameter, *files = sys.argv[1:]
    run = PEERS[peer](files, parameter)
    started = time.perf_counter()
    shape = run()
    seconds = time.perf_counter() - started
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(json.dumps(dict(seconds=seconds, peak_mib=peak, shape=shape)))


main()
