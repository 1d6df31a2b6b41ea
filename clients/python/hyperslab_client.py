"""A client of Hyperslab in Python: nothing but grpcio and the .proto files, which are compiled when it is imported.

    python hyperslab_client.py list
    python hyperslab_client.py open sample/run
    python hyperslab_client.py compute sample/run "mean(t, time)"

The mesh is found as every client finds it: --endpoints FILE, HYPERSLAB_CATALOG, HYPERSLAB_SCHEDULER and
HYPERSLAB_WORKERS, HYPERSLAB_ENDPOINTS, or ~/.hyperslab/endpoints.json.
"""

import argparse
import array
import json
import math
import os
import pathlib
import struct
import sys
import uuid

import grpc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
# grpc.protos_and_services compiles what it finds on the path (grpcio-tools does the work).
sys.path.insert(0, str(PROTO))
catalog_pb, catalog_grpc = grpc.protos_and_services("hyperslab/v1/catalog.proto")
scheduler_pb, scheduler_grpc = grpc.protos_and_services("hyperslab/v1/scheduler.proto")
worker_pb, worker_grpc = grpc.protos_and_services("hyperslab/v1/worker.proto")
expression_pb = grpc.protos("hyperslab/v1/expression.proto")

# array.array's letters of the data types on the wire, which are little-endian.
TYPE_CODES = {
    "int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I",
    "int64": "q", "uint64": "Q", "float32": "f", "float64": "d", "char": "B",
}


def find_endpoints(path=None):
    """Addresses of the services as a dict: given by a file, by the environment, or in the default state directory."""
    variables = {"catalog": "HYPERSLAB_CATALOG", "scheduler": "HYPERSLAB_SCHEDULER", "worker_pool": "HYPERSLAB_WORKERS"}
    named = {key: os.environ[variable] for key, variable in variables.items() if os.environ.get(variable)}
    if path is None and len(named) == len(variables):
        return named
    default = pathlib.Path.home() / ".hyperslab" / "endpoints.json"
    return json.loads(pathlib.Path(path or os.environ.get("HYPERSLAB_ENDPOINTS") or default).read_text())


def decode_values(dtype, data, mask):
    """Values of a block as a list: None where they are missing."""
    if dtype == "string":
        values, at = [], 0
        while at < len(data):
            (length,) = struct.unpack_from("<I", data, at)
            values.append(data[at + 4 : at + 4 + length].decode("utf-8"))
            at += 4 + length
    else:
        values = array.array(TYPE_CODES[dtype])
        values.frombytes(data)
        if sys.byteorder == "big":
            values.byteswap()
        values = [chr(value) for value in values] if dtype == "char" else values.tolist()
    return [None if missing else value for value, missing in zip(values, mask)] if mask else values


class Result:
    """A computed array: values flat in row-major order, None where they are missing."""

    def __init__(self, description, values):
        self.dtype = description.dtype
        self.units = description.units
        self.dimensions = list(description.dimensions)
        self.shape = list(description.shape)
        self.coordinates = [coordinate.name for coordinate in description.coordinates]
        self.values = values


class Client:
    """A session with a mesh."""

    def __init__(self, endpoints, caller="python"):
        self._metadata = (("hyperslab-caller", caller),)
        self._catalog = catalog_grpc.CatalogServiceStub(grpc.insecure_channel(endpoints["catalog"]))
        self._scheduler = scheduler_grpc.SchedulerServiceStub(grpc.insecure_channel(endpoints["scheduler"]))
        worker = endpoints["worker_pool"].split(",")[0]
        self._worker = worker_grpc.ChunkServiceStub(grpc.insecure_channel(worker))

    def list(self, query=""):
        """Every dataset that fits, a page at a time."""
        token = ""
        while True:
            request = catalog_pb.ListDatasetsRequest(query=query, page_token=token)
            page = self._catalog.ListDatasets(request, metadata=self._metadata, timeout=30)
            yield from page.datasets
            token = page.next_page_token
            if not token:
                return

    def open(self, reference):
        """A dataset with its cubes: kilobytes, however large the data."""
        request = catalog_pb.GetDatasetRequest(reference=reference)
        return self._catalog.GetDataset(request, metadata=self._metadata, timeout=30)

    def compute(self, reference, expression):
        """Computes an expression on the workers and gathers the result."""
        request = scheduler_pb.SubmitComputeRequest(
            request_id=str(uuid.uuid4()),
            expression=expression_pb.Expression(dataset=reference, text=expression),
        )
        job = self._scheduler.SubmitCompute(request, metadata=self._metadata, timeout=30)
        try:
            return self._read_result(job.job_id)
        finally:
            release = scheduler_pb.ReleaseJobRequest(job_id=job.job_id)
            self._scheduler.ReleaseJob(release, metadata=self._metadata, timeout=30)

    def _read_result(self, job_id):
        """Joins the frames of each block, and the blocks to one array."""
        description, values, blocks = None, None, []
        request = worker_pb.ReadResultRequest(job_id=job_id)
        for frame in self._worker.ReadResult(request, metadata=self._metadata, timeout=600):
            if frame.HasField("header"):
                description = frame.header.result
            if frame.HasField("block"):
                blocks.append((frame.block, bytearray(), bytearray()))
            if blocks:
                blocks[-1][1].extend(frame.data)
                blocks[-1][2].extend(frame.mask)
        if len({header.kernel_version for header, _, _ in blocks}) > 1:
            raise RuntimeError(f"job {job_id} began again with other kernels while it was read; read it again")
        values = [None] * math.prod(description.shape)
        for header, data, mask in blocks:
            place_block(values, description.shape, header, decode_values(description.dtype, bytes(data), mask))
        return Result(description, values)


def place_block(values, shape, header, block):
    """Copies the values of a block to where it lies in the result."""
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    index = [0] * len(shape)
    for value in block:
        at = sum((start + i) * stride for start, i, stride in zip(header.origin, index, strides))
        values[at] = value
        for axis in reversed(range(len(shape))):
            index[axis] += 1
            if index[axis] < header.shape[axis]:
                break
            index[axis] = 0


def main():
    parser = argparse.ArgumentParser(description="List, open and compute with Hyperslab.")
    parser.add_argument("--endpoints", help="path of an endpoints.json")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list").add_argument("query", nargs="?", default="")
    commands.add_parser("open").add_argument("name")
    compute = commands.add_parser("compute")
    compute.add_argument("name")
    compute.add_argument("expression")
    arguments = parser.parse_args()
    client = Client(find_endpoints(arguments.endpoints))
    try:
        if arguments.command == "list":
            answer = [
                {"name": found.name, "version": found.version, "title": found.title, "cubes": found.cubes}
                for found in client.list(arguments.query)
            ]
        elif arguments.command == "open":
            dataset = client.open(arguments.name)
            cubes = [
                {"name": cube.name, "units": cube.units, "dimensions": list(cube.dimensions), "shape": list(cube.shape)}
                for cube in dataset.cubes
            ]
            answer = {"name": dataset.name, "version": dataset.version, "cubes": cubes}
        else:
            answer = vars(client.compute(arguments.name, arguments.expression))
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
    json.dump(answer, sys.stdout)
    print()


if __name__ == "__main__":
    main()
