"""Writes FOLDER/run.nc with netCDF4 and its DMR++, FOLDER/run.nc.dmrpp, and prints the values as netCDF4 gives them.

usage: write-sidecar-run.py FOLDER
"""

import json
import os
import sys

import h5py
import netCDF4
import numpy as np

path = os.path.join(sys.argv[1], "run.nc")
extents = {"time": 4, "latitude": 5, "longitude": 7}
with netCDF4.Dataset(path, "w") as file:
    for name, extent in extents.items():
        file.createDimension(name, extent)
        coordinate = file.createVariable(name, "f8", (name,))
        coordinate.units = {"time": "hours since 2026-01-01"}.get(name, "degrees")
        coordinate[:] = np.arange(extent)
    t = file.createVariable(
        "t", "i2", tuple(extents), zlib=True, shuffle=True, fletcher32=True, chunksizes=(2, 2, 3), fill_value=-1
    )
    t.units = "K"
    t.scale_factor = 0.5
    t[:3] = np.arange(105).reshape(3, 5, 7) * 2
with netCDF4.Dataset(path) as file:
    values = file["t"][:]

FILTERS = {1: "deflate", 2: "shuffle", 3: "fletcher32"}
kinds = {"f8": "Float64", "i2": "Int16"}
with h5py.File(path) as file:
    document = "".join(f'<Dimension name="{name}" size="{extent}"/>' for name, extent in extents.items())
    for name in [*extents, "t"]:
        dataset = file[name]
        attributes = {"units": ("String", dataset.attrs["units"])}
        names, chunks, form = [name], "", 'byteOrder="LE"'
        if name == "t":
            attributes |= {"scale_factor": ("Float64", 0.5), "_FillValue": ("Int16", -1)}
            names = list(extents)
            plist = dataset.id.get_create_plist()
            filters = [FILTERS[plist.get_filter(i)[0]] for i in range(plist.get_nfilters())]
            form += f' fillValue="-1" compressionType="{" ".join(filters)}" deflateLevel="4"'
            chunks = f'<dmrpp:chunkDimensionSizes>{" ".join(map(str, dataset.chunks))}</dmrpp:chunkDimensionSizes>'
            for row in range(dataset.id.get_num_chunks()):
                info = dataset.id.get_chunk_info(row)
                place = ",".join(map(str, info.chunk_offset))
                chunks += f'<dmrpp:chunk offset="{info.byte_offset}" nBytes="{info.size}" chunkPositionInArray="[{place}]"/>'
        else:
            chunks = f'<dmrpp:chunk offset="{dataset.id.get_offset()}" nBytes="{dataset.id.get_storage_size()}"/>'
        kind = kinds[dataset.dtype.str[1:]]
        inner = "".join(f'<Dim name="/{each}"/>' for each in names)
        for attribute, (of, value) in attributes.items():
            text = value.decode() if isinstance(value, bytes) else value
            inner += f'<Attribute name="{attribute}" type="{of}"><Value>{text}</Value></Attribute>'
        document += f'<{kind} name="{name}">{inner}<dmrpp:chunks {form}>{chunks}</dmrpp:chunks></{kind}>'
with open(f"{path}.dmrpp", "w") as out:
    out.write(
        '<Dataset xmlns="http://xml.opendap.org/ns/DAP/4.0#" xmlns:dmrpp="http://xml.opendap.org/dap/dmrpp/1.0.0#" '
        'dapVersion="4.0" dmrVersion="1.0" name="run.nc" dmrpp:href="OPeNDAP_DMRpp_DATA_ACCESS_URL" '
        f'dmrpp:version="3.21.1">{document}</Dataset>'
    )
found = [None if missing else float(value) for value, missing in zip(values.data.ravel(), np.ma.getmaskarray(values).ravel())]
print(json.dumps({"shape": list(values.shape), "values": found}))
