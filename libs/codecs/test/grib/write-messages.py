"""Prints random fields as ecCodes packs them, a JSON object a line: write-messages.py SEED COUNT. Needs eccodes and numpy.

Each has the message, its edition and packing, the values that ecCodes decodes from it (float64, base64, NaN where missing) in
the order of the file, and for grids the scanning mode with the same values in the order [j, i].
"""

import base64
import json
import os
import sys

import eccodes
import numpy as np

MISSING = 1e30

# ecCodes speaks of experimental packings, and libpng of images that it refuses, on the standard error of the process.
sys.stderr = os.fdopen(os.dup(2), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

GRIDS = {
    1: [
        "grid_simple",
        "grid_ieee",
        "grid_second_order",
        "grid_second_order_boustrophedonic",
        "grid_second_order_no_boustrophedonic",
        "grid_second_order_no_SPD",
        "grid_second_order_SPD1",
        "grid_second_order_SPD3",
    ],
    # Not grid_second_order: what ecCodes writes in this edition it does not read again.
    2: [
        "grid_simple",
        "grid_complex",
        "grid_complex_spatial_differencing",
        "grid_jpeg",
        "grid_png",
        "grid_ccsds",
        "grid_ieee",
        "grid_simple_log_preprocessing",
    ],
}


def field(rng, count):
    """Stretches of different character: noise, slopes, constants."""
    scale = 10.0 ** rng.integers(-6, 7)
    steps = rng.normal(size=count) * (rng.random(count) < rng.choice([0.02, 0.3, 1]))
    values = np.cumsum(steps) + rng.choice([0, 0, 273, -1e4])
    return values * scale


def to_rows(values, scan, ni, nj):
    lines = values.reshape((ni, nj) if scan & 0x20 else (nj, ni)).copy()
    if scan & 0x10:
        lines[1::2] = lines[1::2, ::-1]
    return lines.T if scan & 0x20 else lines


def decoded(handle):
    values = eccodes.codes_get_values(handle).astype("<f8")
    values[values == MISSING] = np.nan
    return values


def encoded(values):
    return base64.b64encode(np.ascontiguousarray(values, "<f8").tobytes()).decode()


def case(handle, **more):
    values = decoded(handle)
    return {
        "edition": eccodes.codes_get(handle, "edition"),
        "packing": eccodes.codes_get(handle, "packingType"),
        "bits": eccodes.codes_get(handle, "bitsPerValue"),
        "message": base64.b64encode(eccodes.codes_get_message(handle)).decode(),
        "values": encoded(values),
        **more,
    }


def grid(rng, edition, packing):
    handle = eccodes.codes_grib_new_from_samples(f"regular_ll_sfc_grib{edition}")
    # JPEG 2000 has code-blocks of 64 by 64 samples, of which there should be several.
    ni, nj = (int(n) for n in rng.integers(2, 160 if packing == "grid_jpeg" else 40, 2))
    eccodes.codes_set(handle, "Ni", ni)
    eccodes.codes_set(handle, "Nj", nj)
    scan = 0
    flags = ["iScansNegatively", "jScansPositively", "jPointsAreConsecutive"]
    flags += ["alternativeRowScanning"] if edition == 2 else []
    for bit, flag in zip((0x80, 0x40, 0x20, 0x10), flags):
        if rng.random() < 0.3:
            eccodes.codes_set(handle, flag, 1)
            scan |= bit
    values = field(rng, ni * nj)
    if packing == "grid_simple_log_preprocessing":
        values = np.exp(rng.normal(size=ni * nj))
    eccodes.codes_set(handle, "missingValue", MISSING)
    if rng.random() < 0.4:
        eccodes.codes_set(handle, "bitmapPresent", 1)
        values[rng.random(ni * nj) < rng.choice([0.1, 0.6])] = MISSING
    bits = int(rng.choice([8, 16, 24] if packing == "grid_png" else range(2, 25)))
    eccodes.codes_set(handle, "bitsPerValue", bits)
    # The packing of values that are there can be changed; a packing without values can not always be set.
    eccodes.codes_set_values(handle, values)
    eccodes.codes_set(handle, "packingType", packing)
    if packing == "grid_ieee" and edition == 2:
        eccodes.codes_set(handle, "precision", int(rng.integers(1, 3)))
        eccodes.codes_set_values(handle, values)
    more = {"scan": scan, "ni": ni, "nj": nj, "rows": encoded(to_rows(decoded(handle), scan, ni, nj))}
    return case(handle, **more)


def reduced(rng, edition, packing):
    handle = eccodes.codes_grib_new_from_samples(f"reduced_gg_pl_32_grib{edition}")
    count = eccodes.codes_get_size(handle, "values")
    eccodes.codes_set(handle, "bitsPerValue", int(rng.integers(2, 20)))
    eccodes.codes_set_values(handle, field(rng, count))
    eccodes.codes_set(handle, "packingType", packing)
    return case(handle)


def spectral(rng, edition, packing):
    handle = eccodes.codes_grib_new_from_samples(f"sh_pl_grib{edition}")
    truncation = eccodes.codes_get(handle, "J")
    count = (truncation + 1) * (truncation + 2)
    wave = np.concatenate([np.repeat(np.arange(m, truncation + 1), 2) for m in range(truncation + 1)])
    values = rng.normal(size=count) / (1.0 + wave) ** 2
    # Imaginary parts of zonal coefficients are zero.
    values[1 : 2 * (truncation + 1) : 2] = 0
    # In complex packing of other widths, ecCodes writes a last octet too few, and past the end of its memory.
    eccodes.codes_set(handle, "bitsPerValue", int(rng.choice([8, 16, 24])))
    eccodes.codes_set_values(handle, values)
    eccodes.codes_set(handle, "packingType", packing)
    if packing == "spectral_simple":
        eccodes.codes_set(handle, "bitsPerValue", int(rng.integers(8, 25)))
        eccodes.codes_set_values(handle, values)
    return case(handle)


rng = np.random.default_rng(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    edition = int(rng.integers(1, 3))
    kind = rng.random()
    try:
        if kind < 0.85:
            print(json.dumps(grid(rng, edition, str(rng.choice(GRIDS[edition])))))
        elif kind < 0.9:
            print(json.dumps(reduced(rng, edition, "grid_second_order" if edition == 1 else "grid_ccsds")))
        else:
            print(json.dumps(spectral(rng, edition, str(rng.choice(["spectral_simple", "spectral_complex"])))))
    except eccodes.DecodingError:
        # Some PNG images that libpng does not write.
        continue
