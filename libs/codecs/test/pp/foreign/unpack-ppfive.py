"""Unpacks fields with ppfive: each line of the file is a JSON object; prints a JSON list of values for each."""

import base64
import json
import sys

from ppfive.core.data import _unpack_runlength_encoded
from ppfive.wgdos import unpack_wgdos

for line in open(sys.argv[1]):
    field = json.loads(line)
    packed = bytearray(base64.b64decode(field["packed"]))
    count, missing, width = field["count"], field["missing"], field["width"]
    if field["packing"] == "wgdos":
        values = unpack_wgdos(packed, count, missing, width)
    else:
        values = _unpack_runlength_encoded(bytes(packed), count, field["endian"], width, missing)
    print(json.dumps([float(value) for value in values]))
