"""One peer does one job again and again: peer.py {xarray,iris} {threads,distributed} JOB {read,persisted} FILE...

Files are paths, or s3:// URLs of the store that AWS_* variables name (xarray by h5netcdf and s3fs). "persisted" first brings what
the job needs into the memory of the workers. Prints one JSON line: seconds of each time, peak resident MiB of all its processes and of a worker, and
bytes of the result,
and of each array of it, in order of parameter, how many values it has, their mean and that of their sizes. Imports, the start
of the cluster, opening and persisting are not counted. One dask chunk a file: the peers' fastest setting.
"""

import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import dask  # noqa: E402
import dask.array as da  # noqa: E402
import numpy as np  # noqa: E402

FEWEST, MOST, SECONDS_FOR_THEM = 3, 12, 10
ALL = ["cl", "q", "rh", "t", "u", "v", "w", "z"]
USES = dict(time_mean="t", area_mean_all=ALL, lev_max="u", point_series="t", anom_std="z", coarsen4="t", wind_max="uv")


def open_with_xarray(files):
    import xarray

    chunks = dict(time=1, pressure=-1, latitude=-1, longitude=-1)
    options = dict(combine="by_coords", data_vars="minimal", coords="minimal", compat="override", join="override")
    if not files[0].startswith("s3://"):
        return xarray.open_mfdataset(files, engine="netcdf4", chunks=chunks, **options)
    import fsspec

    endpoint = dict(endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name=os.environ["AWS_REGION"])
    store = fsspec.filesystem("s3", client_kwargs=endpoint)
    opened = [store.open(url, block_size=1 << 20, cache_type="readahead") for url in files]
    # As no_chunk_cache does for netCDF4.
    options.update(engine="h5netcdf", parallel=True, driver_kwds=dict(rdcc_nbytes=0))
    return xarray.open_mfdataset(opened, chunks=chunks, **options)


def xarray_area_means(x):
    weights = np.cos(np.deg2rad(x.latitude))
    means = x[ALL].weighted(weights).mean(["latitude", "longitude"]).compute()
    return [means[name].values for name in ALL]


XARRAY = dict(
    time_mean=lambda x: x.t.mean("time").compute().values,
    area_mean_all=xarray_area_means,
    lev_max=lambda x: x.u.max("pressure").compute().values,
    point_series=lambda x: x.t.sel(latitude=51.5, longitude=-0.1, method="nearest").isel(pressure=0).compute().values,
    anom_std=lambda x: (x.z - x.z.mean("time")).std("time").compute().values,
    coarsen4=lambda x: x.t.coarsen(latitude=4, longitude=4).mean().compute().values,
    wind_max=lambda x: np.sqrt(x.u**2 + x.v**2).max("time").compute().values,
)


def open_with_iris(files):
    import iris

    return {cube.var_name: cube for cube in iris.load_raw(files).concatenate()}


def iris_area_means(x):
    from iris._lazy_data import co_realise_cubes
    from iris.analysis import MEAN
    from iris.analysis.cartography import area_weights

    means = []
    for name in ALL:
        weights = da.from_array(area_weights(x[name][0, 0]).astype("f4"))
        weights = da.broadcast_to(weights, x[name].shape, chunks=x[name].lazy_data().chunks)
        means.append(x[name].collapsed(["latitude", "longitude"], MEAN, weights=weights))
    co_realise_cubes(*means)
    return [mean.data for mean in means]


def iris_point(x):
    at = [x["t"].coord(c).nearest_neighbour_index(v) for c, v in dict(latitude=51.5, longitude=-0.1).items()]
    return x["t"][:, 0, at[0], at[1]].data


def iris_anomalies(x):
    from iris.analysis import MEAN, STD_DEV

    # Iris divides by n - 1 unless it is told not to.
    return (x["z"] - x["z"].collapsed("time", MEAN)).collapsed("time", STD_DEV, ddof=0).data


def iris_extreme(cube, coordinate):
    from iris.analysis import MAX

    return cube.collapsed(coordinate, MAX).data


def iris_mean(cube):
    from iris.analysis import MEAN

    return cube.collapsed("time", MEAN).data


IRIS = dict(
    time_mean=lambda x: iris_mean(x["t"]),
    area_mean_all=iris_area_means,
    lev_max=lambda x: iris_extreme(x["u"], "air_pressure"),
    point_series=iris_point,
    anom_std=iris_anomalies,
    coarsen4=lambda x: da.coarsen(np.mean, x["t"].lazy_data(), {2: 4, 3: 4}).compute(),
    wind_max=lambda x: iris_extreme((x["u"] ** 2 + x["v"] ** 2) ** 0.5, "time"),
)


def persist(x, names):
    if not isinstance(x, dict):
        return x[list(names)].persist()
    kept = dask.persist(*(x[name].core_data() for name in names))
    return {name: x[name].copy(data=data) for name, data in zip(names, kept)}


def no_chunk_cache():
    """HDF5 keeps decoded chunks of open files: with it, a second time would measure no decoding."""
    import netCDF4

    netCDF4.set_chunk_cache(0, 1, 0.75)


def peaks_mib():
    """Peak of each process: this one, then those of a cluster."""
    import psutil

    me = psutil.Process()
    peaks = []
    for process in [me, *me.children(recursive=True)]:
        with open(f"/proc/{process.pid}/status") as status:
            peaks.append(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024)
    return peaks


def checksum(values):
    numbers = np.ma.masked_invalid(np.ma.asarray(values, dtype="f8")).compressed()
    return dict(count=numbers.size, mean=float(numbers.mean()), magnitude=float(np.abs(numbers).mean()))


def main():
    peer, scheduler, job, source, *files = sys.argv[1:]
    client = None
    if scheduler == "distributed":
        from distributed import Client, LocalCluster, wait

        client = Client(LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None))
        client.run(no_chunk_cache)
    else:
        dask.config.set(scheduler="threads", num_workers=2)
    no_chunk_cache()
    opener, compute = dict(xarray=(open_with_xarray, XARRAY), iris=(open_with_iris, IRIS))[peer]
    opened = opener(files)
    if source == "persisted":
        opened = persist(opened, USES[job])
        if client is not None:
            wait([cube.core_data() for cube in opened.values()] if peer == "iris" else opened)
    seconds = []
    began = time.perf_counter()
    while len(seconds) < FEWEST or (len(seconds) < MOST and time.perf_counter() - began < SECONDS_FOR_THEM):
        started = time.perf_counter()
        result = compute[job](opened)
        seconds.append(time.perf_counter() - started)
    arrays = result if isinstance(result, list) else [result]
    peaks = peaks_mib()
    memory = dict(peakMib=sum(peaks), workerMib=max(peaks[1:] or peaks))
    found = dict(seconds=seconds, **memory, resultBytes=sum(array.nbytes for array in arrays))
    found["checksums"] = [checksum(array) for array in arrays]
    print(json.dumps(found), flush=True)
    if client is not None:
        client.close()


if __name__ == "__main__":
    main()
