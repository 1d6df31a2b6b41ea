"""Prints fields in packings that ecCodes reads and doesn't write, a JSON object a line: pack-by-hand.py SEED COUNT.

Sections are made here by the Manual on Codes (WMO-No. 306); the values are those that ecCodes decodes. Needs eccodes and numpy.
"""

import base64
import json
import struct
import sys

import eccodes
import numpy as np

MISSING = 1e30


class Bits:
    """Unsigned numbers of any width, the highest bit first."""

    def __init__(self):
        self.text = ""

    def add(self, values, width):
        if width > 0:
            self.text += "".join(format(int(value), f"0{width}b") for value in np.atleast_1d(values))
        return self

    def align(self):
        self.text += "0" * (-len(self.text) % 8)
        return self

    def bytes(self):
        self.align()
        return bytes(int(self.text[i : i + 8], 2) for i in range(0, len(self.text), 8))


def signed16(value):
    return struct.pack(">H", abs(value) | (0x8000 if value < 0 else 0))


def groups_of(rng, count, most):
    """Lengths of groups that make up `count` values."""
    lengths = []
    while sum(lengths) < count:
        lengths.append(int(min(rng.integers(1, most), count - sum(lengths))))
    return lengths


def group_values(rng, lengths, widths, first):
    """Integers of each group, with and without its first-order value."""
    parts = [rng.integers(0, 2**width, length) for length, width in zip(lengths, widths)]
    return parts, np.concatenate([part + base for part, base in zip(parts, first)])


def second_order(rng, kind):
    """GRIB 1: by rows, by a secondary bitmap with one width, or by one with a width for each group."""
    handle = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib1")
    ni, nj = (int(n) for n in rng.integers(2, 30, 2))
    eccodes.codes_set(handle, "Ni", ni)
    eccodes.codes_set(handle, "Nj", nj)
    by_columns = rng.random() < 0.3
    eccodes.codes_set(handle, "jPointsAreConsecutive", int(by_columns))
    eccodes.codes_set(handle, "missingValue", MISSING)
    values = np.arange(ni * nj, dtype=float)
    # ecCodes counts the points of a row wrongly when a bitmap comes with columns.
    if rng.random() < 0.5 and not (kind == "row_by_row" and by_columns):
        eccodes.codes_set(handle, "bitmapPresent", 1)
        values[rng.random(ni * nj) < 0.3] = MISSING
        values[0] = 0
    eccodes.codes_set_values(handle, values)
    present = values != MISSING
    count = int(present.sum())
    if kind == "row_by_row":
        lengths = present.reshape((ni, nj) if by_columns else (nj, ni)).sum(axis=1).tolist()
    else:
        lengths = groups_of(rng, count, 20)
    widths = rng.integers(0, 12, len(lengths))
    if kind == "constant_width":
        widths[:] = widths[0]
    first_width = int(rng.integers(1, 14))
    first = rng.integers(0, 2**first_width, len(lengths))
    parts, integers = group_values(rng, lengths, widths, first)
    bits = Bits()
    if kind != "row_by_row":
        starts = np.zeros(count, int)
        starts[np.cumsum([0, *lengths[:-1]])] = 1
        bits.add(starts, 1).align()
    bits.add(first, first_width).align()
    for part, width in zip(parts, widths):
        bits.add(part, int(width))
    packed = bits.bytes()
    flags = {"row_by_row": 0x10, "constant_width": 0x20, "general": 0x30}[kind]
    # Boustrophedonic: every second row runs back. ecCodes doesn't find the values of the general kind without a bitmap.
    if (kind == "constant_width" or (kind == "general" and count < ni * nj)) and rng.random() < 0.4:
        flags |= 0x04
    binary, decimal = int(rng.integers(-6, 7)), int(rng.integers(-3, 4))
    body = bytes([0x40]) + signed16(binary)
    body += struct.pack(">I", 0xC1100000 if rng.random() < 0.5 else 0x42640000)  # -1 and 100 as IBM numbers
    body += struct.pack(">BHBHHHB", first_width, 0, flags, 0, len(lengths), count, 0)
    body += bytes([int(widths[0])]) if kind == "constant_width" else bytes(int(width) for width in widths)
    body += packed
    body += b"\0" * ((len(body) + 3) % 2)
    message = bytearray(eccodes.codes_get_message(handle))
    at = section1 = 8
    at += int.from_bytes(message[at : at + 3], "big")
    for bit in (0x80, 0x40):
        if message[section1 + 7] & bit:
            at += int.from_bytes(message[at : at + 3], "big")
    message[section1 + 26 : section1 + 28] = signed16(decimal)
    message[at:] = (len(body) + 3).to_bytes(3, "big") + body + b"7777"
    message[4:7] = len(message).to_bytes(3, "big")
    return bytes(message), integers, present if flags & 0x04 == 0 else None


def grib2(section3_points, section5, section7, bitmap=None):
    """A message with the given sections; the grid is one row of points."""
    handle = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
    eccodes.codes_set(handle, "Ni", section3_points)
    eccodes.codes_set(handle, "Nj", 1)
    eccodes.codes_set_values(handle, np.zeros(section3_points))
    message = eccodes.codes_get_message(handle)
    at = 16
    kept = b""
    while message[at + 4] != 5:
        length = int.from_bytes(message[at : at + 4], "big")
        kept += message[at : at + length]
        at += length
    sections = [(5, section5), (6, b"\xff"), (7, section7)]
    kept += b"".join(struct.pack(">IB", len(body) + 5, number) + body for number, body in sections)
    return message[:8] + struct.pack(">Q", 16 + len(kept) + 4) + kept + b"7777"


def complex_missing(rng):
    """GRIB 2, template 5.2 or 5.3, with missing values among the packed ones."""
    count = int(rng.integers(5, 400))
    order = int(rng.integers(0, 3))
    kinds = int(rng.integers(1, 3))
    lengths = groups_of(rng, count, 30)
    reference_width = int(rng.integers(3, 14))
    widths = rng.integers(0, 9, len(lengths))
    first = rng.integers(0, 2**reference_width, len(lengths))
    parts, _ = group_values(rng, lengths, widths, first)
    for part, width in zip(parts, widths):
        if width > 1:
            part[rng.random(len(part)) < 0.2] = 2**width - int(rng.integers(1, kinds + 1))
    descriptor_octets = int(rng.integers(2, 5))
    bits = Bits()
    if order:
        bits.add(rng.integers(0, 2**12, order), 8 * descriptor_octets)
        bits.add(int(rng.integers(0, 2)) << (8 * descriptor_octets - 1) | int(rng.integers(0, 50)), 8 * descriptor_octets)
    least_width, least_length = int(widths.min()), min(lengths)
    length_bits = max(1, int(max(lengths) - least_length).bit_length())
    bits.add(first, reference_width).align()
    bits.add(widths - least_width, 4).align()
    bits.add(np.array(lengths) - least_length, length_bits).align()
    for part, width in zip(parts, widths):
        bits.add(part, int(width))
    section5 = struct.pack(">IHf", count, 3 if order else 2, float(np.float32(rng.normal())))
    section5 += signed16(int(rng.integers(-4, 5))) + signed16(int(rng.integers(-2, 3)))
    section5 += struct.pack(">BBBB", reference_width, 0, 1, kinds) + b"\xff" * 8
    section5 += struct.pack(">IBBIBIB", len(lengths), least_width, 4, least_length, 1, lengths[-1], length_bits)
    if order:
        section5 += bytes([order, descriptor_octets])
    return grib2(count, section5, bits.bytes())


def run_length(rng):
    """GRIB 2, template 5.200."""
    # Of less than 8 bits, ecCodes takes those that fill up the last octet for one value more.
    width = 8
    highest = int(rng.integers(1, 2**width - 2))
    base = 2**width - 1 - highest
    runs = [(int(rng.integers(0, highest + 1)), int(length)) for length in groups_of(rng, int(rng.integers(5, 500)), 60)]
    bits = Bits()
    for level, length in runs:
        bits.add(level, width)
        rest = length - 1
        while rest > 0:
            bits.add(rest % base + highest + 1, width)
            rest //= base
    count = sum(length for _, length in runs)
    decimal = int(rng.integers(0, 3))
    section5 = struct.pack(">IHBHHB", count, 200, width, highest, highest, decimal)
    section5 += rng.integers(0, 5000, highest).astype(">u2").tobytes()
    return grib2(count, section5, bits.bytes())


def decoded(message):
    handle = eccodes.codes_new_from_message(message)
    eccodes.codes_set(handle, "missingValue", MISSING)
    values = eccodes.codes_get_values(handle).astype("<f8")
    values[values == MISSING] = np.nan
    return values, eccodes.codes_get(handle, "packingType")


rng = np.random.default_rng(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    kind = str(rng.choice(["row_by_row", "constant_width", "general", "complex", "run_length"]))
    if kind == "complex":
        message = complex_missing(rng)
    elif kind == "run_length":
        message = run_length(rng)
    else:
        message, integers, present = second_order(rng, kind)
    values, packing = decoded(message)
    if kind not in ("complex", "run_length") and present is not None:
        # ecCodes agrees that these are the integers: differences of values are in proportion to theirs.
        steps, wanted = np.diff(values[present]), np.diff(integers)
        assert np.allclose(steps * np.abs(wanted).max(), wanted * np.abs(steps).max()), (kind, packing)
    print(
        json.dumps(
            {
                "edition": message[7],
                "packing": packing,
                "message": base64.b64encode(message).decode(),
                "values": base64.b64encode(values.tobytes()).decode(),
            }
        )
    )
