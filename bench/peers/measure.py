"""One peer, one run: opens and merges the files lazily, then takes the mean over time of one parameter.

    measure.py {xarray,iris} {threads,distributed} FOLDER PARAMETER [REPEATS]

Prints one JSON line: seconds to open and merge, seconds of each mean, peak resident MiB of all its processes, and a
checksum of the result. Imports and the start of the cluster are not counted.
"""

import glob
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np  # noqa: E402


def open_with_xarray(folder, parameter):
    import xarray

    chunks = dict(time=1, pressure=-1, latitude=-1, longitude=-1)  # one dask chunk a file: its fastest setting
    dataset = xarray.open_mfdataset(
        sorted(glob.glob(folder + "/*.nc")),
        combine="by_coords",
        engine="netcdf4",
        data_vars="minimal",
        coords="minimal",
        compat="override",
        join="override",
        chunks=chunks,
    )
    return lambda: dataset[parameter].mean("time").compute().values


def open_with_iris(folder, parameter):
    import iris
    import iris.analysis

    cubes = iris.load_raw(sorted(glob.glob(folder + "/*.nc"))).concatenate()
    cube = next(cube for cube in cubes if cube.var_name == parameter)
    return lambda: cube.collapsed("time", iris.analysis.MEAN).data


def no_chunk_cache():
    """HDF5 keeps decoded chunks of open files: with it, a second mean would measure no decoding."""
    import netCDF4

    netCDF4.set_chunk_cache(0, 1, 0.75)


def peak_mib():
    import psutil

    me = psutil.Process()
    peak = 0
    for process in [me, *me.children(recursive=True)]:
        with open(f"/proc/{process.pid}/status") as status:
            peak += next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    return peak


def main():
    peer, scheduler, folder, parameter = sys.argv[1:5]
    repeats = int(sys.argv[5]) if len(sys.argv) > 5 else 3
    import dask

    if scheduler == "distributed":
        from distributed import Client, LocalCluster

        client = Client(LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None))
    else:
        dask.config.set(scheduler="threads", num_workers=2)
        client = None
    no_chunk_cache()
    if client is not None:
        client.run(no_chunk_cache)
    opener = {"xarray": open_with_xarray, "iris": open_with_iris}[peer]
    __import__({"xarray": "xarray", "iris": "iris.analysis"}[peer])  # before the clock starts

    started = time.perf_counter()
    mean = opener(folder, parameter)
    open_s = time.perf_counter() - started
    mean_s = []
    for _ in range(repeats):
        started = time.perf_counter()
        values = mean()
        mean_s.append(time.perf_counter() - started)
    checksum = float(np.ma.asarray(values, dtype="f8").mean())
    print(json.dumps(dict(open_s=open_s, mean_s=mean_s, peak_mib=peak_mib(), checksum=checksum)), flush=True)
    if client is not None:
        client.close()


if __name__ == "__main__":
    main()
