"""Writes an HDF-EOS5 grid as the library lays it out: write-grid.py PATH ORIGIN REGISTRATION. Needs h5py and numpy."""

import sys

import h5py
import numpy as np

path, origin, registration = sys.argv[1:]
struct = f"""GROUP=SwathStructure
END_GROUP=SwathStructure
GROUP=GridStructure
\tGROUP=GRID_1
\t\tGridName="OZONE GRID"
\t\tXDim=4
\t\tYDim=3
\t\tUpperLeftPointMtrs=(-180000000.000000,60030000.000000)
\t\tLowerRightMtrs=(180000000.000000,-60030000.000000)
\t\tProjection=HE5_GCTP_GEO
\t\tGridOrigin={origin}
\t\tPixelRegistration={registration}
\t\tGROUP=Dimension
\t\t\tOBJECT=Dimension_1
\t\t\t\tDimensionName="nLevels"
\t\t\t\tSize=2
\t\t\tEND_OBJECT=Dimension_1
\t\t\tOBJECT=Dimension_2
\t\t\t\tDimensionName="Unlim"
\t\t\t\tSize=-1
\t\t\tEND_OBJECT=Dimension_2
\t\tEND_GROUP=Dimension
\t\tGROUP=DataField
\t\t\tOBJECT=DataField_1
\t\t\t\tDataFieldName="Ozone"
\t\t\t\tDataType=H5T_NATIVE_FLOAT
\t\t\t\tDimList=("nLevels","YDim","XDim")
\t\t\t\tMaxdimList=("nLevels","YDim","XDim")
\t\t\tEND_OBJECT=DataField_1
\t\t\tOBJECT=DataField_2
\t\t\t\tDataFieldName="Count"
\t\t\t\tDataType=H5T_NATIVE_INT
\t\t\t\tDimList=("Unlim","XDim")
\t\t\t\tMaxdimList=("Unlim","XDim")
\t\t\tEND_OBJECT=DataField_2
\t\tEND_GROUP=DataField
\tEND_GROUP=GRID_1
END_GROUP=GridStructure
END
"""
with h5py.File(path, "w") as file:
    # In two pieces, as long metadata is.
    for i, piece in enumerate((struct[:700], struct[700:])):
        file[f"HDFEOS INFORMATION/StructMetadata.{i}"] = np.bytes_(piece.encode().ljust(1000, b"\0"))
    fields = file.create_group("HDFEOS/GRIDS/OZONE GRID/Data Fields")
    fields["Ozone"] = np.arange(24, dtype="f4").reshape(2, 3, 4)
    fields.create_dataset("Count", data=np.zeros((5, 4), "i4"), maxshape=(None, 4))
    fields["Other"] = np.zeros((3, 4))
print("{}")
