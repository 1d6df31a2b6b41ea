/** Objects by which a Zarr store is named, the most telling first: consolidated metadata, then groups and arrays. */
export const zarrRootNames: readonly string[] = ['.zmetadata', 'zarr.json', '.zgroup', '.zarray'];

/** Metadata objects whose names begin with a dot, which listings leave out otherwise. */
export const hiddenMetadataNames: readonly string[] = ['.zmetadata', '.zgroup', '.zarray', '.zattrs'];
