"""Serves the NetCDF files of a folder in DAP2 on loopback, with pydap or with xpublish, until its input ends.

usage: serve-dap2.py FOLDER pydap|xpublish PORT
pydap: http://127.0.0.1:PORT/NAME.nc, xpublish: http://127.0.0.1:PORT/datasets/NAME.nc/opendap. Prints a line when it listens.
"""

import json
import os
import sys
import threading

folder, kind, port = sys.argv[1:4]


def end_with_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
files = sorted(name for name in os.listdir(folder) if name.endswith(".nc"))

if kind == "pydap":
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    import netCDF4
    import numpy as np
    from pydap.handlers.lib import BaseHandler
    from pydap.model import BaseType, DatasetType, GridType

    # pydap's own reader of NetCDF breaks off subsets; its answers from memory are whole.
    def dataset_of(name):
        served = DatasetType(name)
        with netCDF4.Dataset(os.path.join(folder, name)) as file:
            file.set_auto_maskandscale(False)
            served.attributes = {"NC_GLOBAL": {key: file.getncattr(key) for key in file.ncattrs()}}

            def base(key, named=None):
                variable = file[key]
                attributes = {each: variable.getncattr(each) for each in variable.ncattrs()}
                return BaseType(named or key, np.asarray(variable[...]), dims=variable.dimensions, **attributes)

            for key, variable in file.variables.items():
                isGrid = variable.ndim > 1 and all(each in file.variables for each in variable.dimensions)
                if not isGrid:
                    served[key] = base(key)
                    continue
                attributes = {each: variable.getncattr(each) for each in variable.ncattrs()}
                served[key] = GridType(key, attributes)
                served[key][key] = base(key)
                for each in variable.dimensions:
                    served[key][each] = base(each)
        return served

    handlers = {name: BaseHandler(dataset_of(name)) for name in files}

    def application(environ, start_response):
        base, _, suffix = environ["PATH_INFO"][1:].rpartition(".")
        if base not in handlers or suffix not in ("dds", "das", "dods", "dmr"):
            start_response("404 Not Found", [])
            return [b""]
        return handlers[base](environ, start_response)

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    server = make_server("127.0.0.1", int(port), application, handler_class=Quiet)
    print(json.dumps("ready"), flush=True)
    server.serve_forever()
else:
    import asyncio

    import uvicorn
    import xarray as xr
    import xpublish
    from xpublish_opendap import OpenDapPlugin

    datasets = {name: xr.open_dataset(os.path.join(folder, name), decode_cf=False) for name in files}
    rest = xpublish.Rest(datasets, plugins={"opendap": OpenDapPlugin()})
    server = uvicorn.Server(uvicorn.Config(rest.app, host="127.0.0.1", port=int(port), log_level="warning"))

    async def serve():
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        print(json.dumps("ready"), flush=True)
        await task

    asyncio.run(serve())
