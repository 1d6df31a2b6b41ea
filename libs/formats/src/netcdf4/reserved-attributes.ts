import type { StoredAttribute } from '../hdf5/attribute-message.ts';

/** Names of the HDF5 dimension scale specification and of netCDF's own book-keeping. */
export const attributeNames = {
  class: 'CLASS',
  scaleName: 'NAME',
  dimensionList: 'DIMENSION_LIST',
  dimensionId: '_Netcdf4Dimid',
  coordinates: '_Netcdf4Coordinates',
  properties: '_NCProperties',
  strict: '_nc3_strict',
} as const;

const hiddenAnywhere = new Set<string>([
  attributeNames.dimensionList,
  attributeNames.dimensionId,
  attributeNames.coordinates,
  attributeNames.properties,
  attributeNames.strict,
  'REFERENCE_LIST',
  'DIMENSION_LABELS',
]);

/** The attributes that a reader of netCDF sees: those that only make dimensions of datasets are left out. */
export function visibleAttributes(
  attributes: readonly StoredAttribute[],
  isScale: boolean,
): StoredAttribute[] {
  return attributes.filter(({ name }) => {
    if (hiddenAnywhere.has(name)) return false;
    return !isScale || (name !== attributeNames.class && name !== attributeNames.scaleName);
  });
}
