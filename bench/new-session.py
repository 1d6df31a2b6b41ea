"""As new-session.ts, in Python with grpcio alone: prints the milliseconds as JSON."""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clients/python"))
from hyperslab_client import Client, find_endpoints  # noqa: E402

state, name = sys.argv[1:]


def session():
    started = time.perf_counter()
    client = Client(find_endpoints(f"{state}/endpoints.json"))
    client.open(name)
    return (time.perf_counter() - started) * 1000


print(json.dumps({"process": session(), "session": session()}))
