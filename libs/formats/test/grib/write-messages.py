"""Prints random messages as ecCodes writes them, a JSON object a line: write-messages.py SEED COUNT. Needs eccodes and numpy.

Each has the message (base64), and what ecCodes reads of it: parameter, level, times, member, shape, and the latitude and
longitude of some points, counted in the order of the file.
"""

import base64
import json
import os
import sys

import eccodes
import numpy as np

# ecCodes speaks of what it does not like on the standard error of the process.
sys.stderr = os.fdopen(os.dup(2), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

# Parameters of ECMWF's table 128 that both editions have: z, t, u, v, q, w, vo, r, 2t, 2d, 10u, 10v, msl, sp, tcc, lsm, swvl1, tp, sd.
PARAMETERS = [129, 130, 131, 132, 133, 135, 138, 157, 167, 168, 165, 166, 151, 134, 164, 172, 39, 228, 141]
LEVELS = ["isobaricInhPa", "hybrid", "theta", "heightAboveGround", "heightAboveSea", "surface", "meanSea"]
KINDS = ["ll", "ll", "rotated", "gg", "reduced", "lambert", "polar_stereographic"]
KINDS += ["lambert_azimuthal_equal_area", "mercator", "healpix"]
STEP_TYPES = ["instant", "instant", "accum", "avg", "max", "min"]


def number(rng, low, high, decimals=3):
    return round(float(rng.uniform(low, high)), decimals)


def extents(rng, low):
    """Columns and rows; some grids are so large that their places are not in an index."""
    return (int(n) for n in rng.integers(low, 250 if rng.random() < 0.15 else 30, 2))


def longitudes(rng, handle, ni):
    if rng.random() < 0.3:
        step = 360 / ni
        first = number(rng, 0, 359)
        last = first + 360 - step
    else:
        step = number(rng, 0.1, min(2, 300 / ni))
        first = number(rng, 0, 200)
        last = first + step * (ni - 1)
    west = rng.random() < 0.2
    eccodes.codes_set(handle, "iScansNegatively", int(west))
    if west:
        first, last = last, first
    return first % 360, last % 360, step


def regular_ll(rng, edition, rotated):
    handle = eccodes.codes_grib_new_from_samples(f"{'rotated' if rotated else 'regular'}_ll_pl_grib{edition}")
    ni, nj = extents(rng, 2)
    if edition == 1:
        # It has increments of at most 65 degrees.
        ni = max(ni, 6)
    first, last, step = longitudes(rng, handle, ni)
    dj = number(rng, 0.1, min(2, 100 / nj))
    south = number(rng, -80, min(20, 90 - dj * (nj - 1)))
    north = south + dj * (nj - 1)
    upward = rng.random() < 0.3
    eccodes.codes_set(handle, "jScansPositively", int(upward))
    keys = {
        "Ni": ni,
        "Nj": nj,
        "longitudeOfFirstGridPointInDegrees": first,
        "longitudeOfLastGridPointInDegrees": last,
        "latitudeOfFirstGridPointInDegrees": south if upward else north,
        "latitudeOfLastGridPointInDegrees": north if upward else south,
        "iDirectionIncrementInDegrees": step,
        "jDirectionIncrementInDegrees": dj,
    }
    if rotated:
        keys["latitudeOfSouthernPoleInDegrees"] = number(rng, -89, -20)
        keys["longitudeOfSouthernPoleInDegrees"] = number(rng, 0, 359)
    return handle, keys, ni * nj


def regular_gg(rng, edition):
    handle = eccodes.codes_grib_new_from_samples(f"regular_gg_pl_grib{edition}")
    n = int(rng.choice([8, 16, 24, 32, 48]))
    latitudes = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(2 * n)[0]))[::-1]
    keys = {
        "N": n,
        "Ni": 4 * n,
        "Nj": 2 * n,
        "longitudeOfFirstGridPointInDegrees": 0,
        "longitudeOfLastGridPointInDegrees": 360 - 90 / n,
        "latitudeOfFirstGridPointInDegrees": latitudes[0],
        "latitudeOfLastGridPointInDegrees": latitudes[-1],
        "iDirectionIncrementInDegrees": 90 / n,
    }
    return handle, keys, 8 * n * n


def reduced_gg(rng, edition):
    name = rng.choice(["32", "48", "80"])
    handle = eccodes.codes_grib_new_from_samples(f"reduced_gg_pl_{name}_grib{edition}")
    return handle, {}, eccodes.codes_get_size(handle, "values")


def projected(rng, kind):
    handle = eccodes.codes_grib_new_from_samples("regular_ll_pl_grib2")
    eccodes.codes_set(handle, "gridType", kind)
    ni, nj = extents(rng, 3)
    south = rng.random() < 0.3
    keys = {
        "shapeOfTheEarth": int(rng.choice([0, 2, 4, 5, 6, 8])),
        "Nx": ni,
        "Ny": nj,
        "DxInMetres": int(rng.integers(1000, 50000)),
        "DyInMetres": int(rng.integers(1000, 50000)),
        # ecCodes places the points of rows that follow each other downwards as if they went up.
        "jScansPositively": 1,
    }
    if kind == "lambert_azimuthal_equal_area":
        keys["standardParallelInDegrees"] = number(rng, 20, 70)
        keys["centralLongitudeInDegrees"] = number(rng, 0, 40)
        keys["latitudeOfFirstGridPointInDegrees"] = number(rng, 30, 60)
        keys["longitudeOfFirstGridPointInDegrees"] = number(rng, 0, 30)
        return handle, keys, ni * nj
    sign = -1 if south else 1
    keys["latitudeOfFirstGridPointInDegrees"] = number(rng, 20, 70) * sign
    keys["longitudeOfFirstGridPointInDegrees"] = number(rng, 0, 359)
    keys["LaDInDegrees"] = number(rng, 30, 80) * sign
    keys["projectionCentreFlag"] = 128 if south else 0
    if kind == "mercator":
        del keys["projectionCentreFlag"]
        keys |= {"DiInMetres": keys.pop("DxInMetres"), "DjInMetres": keys.pop("DyInMetres")}
        keys |= {"Ni": keys.pop("Nx"), "Nj": keys.pop("Ny"), "orientationOfTheGridInDegrees": 0}
        # The last point is what a sphere of 6371229 m makes it.
        scale = 6371229 * np.cos(np.radians(keys["LaDInDegrees"]))
        first = np.radians(keys["latitudeOfFirstGridPointInDegrees"])
        north = np.arcsinh(np.tan(first)) + (nj - 1) * keys["DjInMetres"] / scale
        east = np.degrees((ni - 1) * keys["DiInMetres"] / scale)
        last = keys["longitudeOfFirstGridPointInDegrees"] + east, np.degrees(np.arctan(np.sinh(north)))
        keys["shapeOfTheEarth"] = 6
        keys["longitudeOfLastGridPointInDegrees"], keys["latitudeOfLastGridPointInDegrees"] = last[0] % 360, last[1]
    if kind == "polar_stereographic":
        keys["orientationOfTheGridInDegrees"] = number(rng, 0, 359)
    if kind == "lambert":
        keys["LoVInDegrees"] = number(rng, 0, 359)
        keys["Latin1InDegrees"] = number(rng, 20, 45) * sign
        keys["Latin2InDegrees"] = number(rng, 46, 70) * sign if rng.random() < 0.7 else keys["Latin1InDegrees"]
    return handle, keys, ni * nj


def healpix(rng):
    handle = eccodes.codes_grib_new_from_samples("regular_ll_pl_grib2")
    eccodes.codes_set(handle, "gridType", "healpix")
    side = 2 ** int(rng.integers(1, 8))
    order = str(rng.choice(["ring", "nested"]))
    return handle, {"Nside": side, "orderingConvention": order, "longitudeOfFirstGridPointInDegrees": 45}, 12 * side**2


def grid(rng):
    kind = str(rng.choice(KINDS))
    edition = int(rng.integers(1, 3))
    if kind in ("ll", "rotated"):
        return regular_ll(rng, edition, kind == "rotated")
    if kind == "gg":
        return regular_gg(rng, edition)
    if kind == "reduced":
        return reduced_gg(rng, edition)
    return healpix(rng) if kind == "healpix" else projected(rng, kind)


def product(rng, handle):
    edition = eccodes.codes_get(handle, "edition")
    step_type = str(rng.choice(STEP_TYPES))
    member = rng.random() < 0.3
    if edition == 2:
        template = {(False, False): 0, (True, False): 1, (False, True): 8, (True, True): 11}
        eccodes.codes_set(handle, "productDefinitionTemplateNumber", template[(member, step_type != "instant")])
    eccodes.codes_set(handle, "dataDate", int(rng.choice([19790101, 20000229, 20161231, 20240603])))
    eccodes.codes_set(handle, "dataTime", int(rng.choice([0, 600, 1230, 1800])))
    eccodes.codes_set(handle, "paramId", int(rng.choice(PARAMETERS)))
    if eccodes.codes_get(handle, "typeOfLevel") in LEVELS and rng.random() < 0.8:
        kind = str(rng.choice(LEVELS))
        try:
            eccodes.codes_set(handle, "typeOfLevel", kind)
            if kind not in ("surface", "meanSea"):
                eccodes.codes_set(handle, "level", int(rng.integers(1, 1000)))
        except eccodes.CodesInternalError:
            pass
    eccodes.codes_set(handle, "stepType", step_type)
    start, length = (int(n) for n in rng.integers(0, 100, 2))
    eccodes.codes_set(handle, "stepRange", f"{start}-{start + length}" if step_type != "instant" else str(start))
    if not member:
        return None
    if edition == 1:
        eccodes.codes_set(handle, "setLocalDefinition", 1)
        eccodes.codes_set(handle, "localDefinitionNumber", int(rng.choice([1, 30, 36])))
        eccodes.codes_set(handle, "type", "pf")
    count = int(rng.integers(1, 51))
    eccodes.codes_set(handle, "numberOfForecastsInEnsemble", 51)
    eccodes.codes_set(handle, "perturbationNumber", count)
    return count


def message(rng):
    handle, keys, count = grid(rng)
    for key, value in keys.items():
        eccodes.codes_set(handle, key, value)
    member = product(rng, handle)
    eccodes.codes_set_values(handle, rng.normal(size=count))
    places = np.array([(p["lat"], p["lon"]) for p in eccodes.codes_grib_get_data(handle)])
    points = sorted({0, count - 1, *(int(n) for n in rng.integers(0, count, 5))})
    names = ["edition", "shortName", "gridType", "typeOfLevel", "topLevel", "bottomLevel", "level"]
    names += ["dataDate", "dataTime", "validityDate", "validityTime", "startStep", "endStep", "stepType", "units"]
    return {
        "message": base64.b64encode(eccodes.codes_get_message(handle)).decode(),
        **{name: eccodes.codes_get(handle, name) for name in names},
        "member": member,
        "count": count,
        # Beyond the edge of a map there is no place.
        "places": [[n, *(float(x) if np.isfinite(x) else None for x in places[n])] for n in points],
    }


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = np.random.default_rng(seed)
    for _ in range(count):
        try:
            print(json.dumps(message(rng)))
        except eccodes.CodesInternalError:
            # A combination that ecCodes does not write, or a grid whose points it does not place.
            continue


main()
