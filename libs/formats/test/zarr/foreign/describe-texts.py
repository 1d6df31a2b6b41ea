"""Prints the texts of .npy files in the order in which they lie there, a JSON list a line: describe-texts.py FILE…"""

import json
import sys

import numpy as np

for path in sys.argv[1:]:
    print(json.dumps(np.load(path, allow_pickle=True).ravel(order="A").tolist()))
