"""Prints what pydap reads of DAP4 answers in files, a JSON object a line: describe-answers.py FILE…"""

import json
import sys

import numpy as np
from pydap.client import open_dap_file

for path in sys.argv[1:]:
    variables = {
        name: np.asarray(variable.data[:]).ravel().tolist()
        for name, variable in open_dap_file(path).items()
        # A sequence, of which pydap makes variables of no dimensions.
        if variable.shape
    }
    print(json.dumps({"path": path, "variables": variables}))
