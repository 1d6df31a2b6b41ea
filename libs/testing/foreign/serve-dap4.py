"""Serves the NetCDF files of a folder in DAP4 on loopback, as volume 1 of its specification says, until its input ends.

usage: serve-dap4.py FOLDER PORT little|big checked|flagged|plain CHUNK
checked: a CRC-32 behind each variable; flagged: none, and the flag says so; plain: none, and no flag. CHUNK: bytes of a chunk of
the answer. Serves http://127.0.0.1:PORT/NAME.nc; prints a line when it listens.
"""

import json
import os
import re
import struct
import sys
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

import netCDF4
import numpy as np

folder, port, order, checks, chunk = sys.argv[1:6]
names = {"i1": "Int8", "u1": "UInt8", "i2": "Int16", "u2": "UInt16", "i4": "Int32", "u4": "UInt32",
         "i8": "Int64", "u8": "UInt64", "f4": "Float32", "f8": "Float64", "S1": "Char"}
lock = threading.Lock()
endian = "<" if order == "little" else ">"


def end_with_input():
    sys.stdin.read()
    os._exit(0)


def type_name(dtype):
    return "String" if dtype is str else names[np.dtype(dtype).str[1:]]


def attributes(thing):
    for name in thing.ncattrs():
        value = thing.getncattr(name)
        kind = "String" if isinstance(value, str) else type_name(np.asarray(value).dtype)
        values = [value] if isinstance(value, str) else np.atleast_1d(value)
        inner = "".join(f"<Value>{escape(str(each))}</Value>" for each in values)
        yield f"<Attribute name={quoteattr(name)} type=\"{kind}\">{inner}</Attribute>"


def dimension_path(group, name):
    while name not in group.dimensions:
        group = group.parent
    return group.path.rstrip("/") + "/" + name


def parts(group, wanted):
    """Elements of a group, and its variables with their slices: all of them, or those that are wanted."""
    text, values = [], []
    for name, dimension in group.dimensions.items():
        text.append(f"<Dimension name={quoteattr(name)} size=\"{len(dimension)}\"/>")
    for name, variable in group.variables.items():
        path = group.path.rstrip("/") + "/" + name
        if wanted is not None and path not in wanted:
            continue
        slices = (wanted or {}).get(path)
        kind = type_name(variable.dtype)
        if slices is None:
            inner = "".join(f"<Dim name={quoteattr(dimension_path(group, each))}/>" for each in variable.dimensions)
        else:
            inner = "".join(f"<Dim size=\"{len(range(each.start, each.stop, each.step))}\"/>" for each in slices)
        inner += "".join(attributes(variable))
        text.append(f"<{kind} name={quoteattr(name)}>{inner}</{kind}>")
        values.append((variable, slices))
    text.extend(attributes(group))
    for name, child in group.groups.items():
        more, below = parts(child, wanted)
        text.append(f"<Group name={quoteattr(name)}>{more}</Group>")
        values.extend(below)
    return "".join(text), values


def slice_of(numbers):
    """[first], [first:last] or [first:stride:last]."""
    return slice(numbers[0], numbers[-1] + 1, numbers[1] if len(numbers) == 3 else 1)


def constraint(query):
    found = {}
    for each in parse_qs(query).get("dap4.ce", [""])[0].split(";"):
        if each == "":
            return None
        path, ranges = re.fullmatch(r"([^\[]*)((?:\[\d+(?::\d+){0,2}\])*)", each).groups()
        slices = [slice_of([int(part) for part in text.split(":")]) for text in re.findall(r"\[([^\]]+)\]", ranges)]
        found[re.sub(r"\\(.)", r"\1", path)] = slices if ranges else None
    return found


def encoded(variable, slices):
    values = variable[...] if slices is None else variable[tuple(slices)]
    if variable.dtype is str:
        texts = [str(each).encode() for each in np.atleast_1d(values).flat]
        data = b"".join(struct.pack(endian + "Q", len(text)) + text for text in texts)
    else:
        data = np.asarray(values).astype(np.dtype(variable.dtype).newbyteorder(endian)).tobytes()
    return data + (struct.pack(endian + "I", zlib.crc32(data)) if checks == "checked" else b"")


def frame(bits, data):
    return struct.pack(">I", bits << 24 | len(data)) + data


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        base, _, suffix = url.path[1:].rpartition(".")
        if suffix not in ("dmr", "dap") or not os.path.isfile(os.path.join(folder, base)):
            self.send_error(404)
            return
        # HDF5's library is one thread's at a time.
        with lock, netCDF4.Dataset(os.path.join(folder, base)) as file:
            file.set_auto_maskandscale(False)
            file.set_auto_chartostring(False)
            wanted = constraint(url.query) if suffix == "dap" else None
            text, values = parts(file, wanted)
            body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Dataset xmlns=\"http://xml.opendap.org/ns/DAP/4.0#\" "
                    f"dapVersion=\"4.0\" dmrVersion=\"1.0\" name={quoteattr(base)}>{text}</Dataset>").encode()
            if suffix == "dap":
                bits = (4 if order == "little" else 0) | (8 if checks == "flagged" else 0)
                payload = b"".join(encoded(*each) for each in values)
                size = int(chunk)
                pieces = [payload[at:at + size] for at in range(0, len(payload), size)] or [b""]
                body = frame(bits, body) + b"".join(frame(bits, piece) for piece in pieces[:-1])
                body += frame(bits | 1, pieces[-1])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


threading.Thread(target=end_with_input, daemon=True).start()
server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
print(json.dumps("ready"), flush=True)
server.serve_forever()
