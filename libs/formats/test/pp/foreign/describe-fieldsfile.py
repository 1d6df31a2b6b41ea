"""Prints what Iris makes of each field of a fieldsfile: describe-fieldsfile.py WORD_BYTES PATH; a JSON object a line."""

import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
from iris.fileformats import pp_load_rules, rules  # noqa: E402
from iris.fileformats._ff import FF2PP  # noqa: E402

for field in FF2PP(sys.argv[2], word_depth=int(sys.argv[1])):
    cube, _, _ = rules._make_cube(field, pp_load_rules.convert)
    data = cube.data
    print(
        json.dumps(
            {
                "name": cube.name(),
                "stash": str(cube.attributes.get("STASH", "")),
                "time": float(cube.coord("time").points[0]) if cube.coords("time") else None,
                "latitude": cube.coord("latitude").points.astype("f8").tolist(),
                "values": np.ma.getdata(data).astype("f8").ravel().tolist(),
                "missing": np.ma.getmaskarray(data).ravel().tolist(),
            }
        )
    )
