"""Prints what compliance-checker finds wrong in files by the rules of CF 1.11, one JSON list of texts a file.

    python check-cf.py FILE...

Only what a rule requires; what it recommends, as a title or a long_name, is left out.
"""

import json
import sys

from compliance_checker.base import BaseCheck
from compliance_checker.runner import CheckSuite

suite = CheckSuite()
CheckSuite.load_all_available_checkers()

for path in sys.argv[1:]:
    dataset = suite.load_dataset(path)
    results, errors = suite.run_all(dataset, ["cf:1.11"])["cf:1.11"]
    if errors:
        raise SystemExit(f"{path}: the checker failed: {errors}")
    wrong = [
        message
        for result in results
        if result.weight == BaseCheck.HIGH and result.value[0] < result.value[1]
        for message in result.msgs or []
        if "recommended" not in message
    ]
    print(json.dumps(wrong))
