import type { JsonObject } from '../json/parse-json.ts';
import { hasTextFilter, v2Codecs } from './codecs-v2.ts';
import { parseFillValue } from './fill-value.ts';
import { type MetadataFields, shorten } from './metadata-fields.ts';
import { numpyElementType } from './numpy-dtype.ts';
import type { ZarrArray } from './zarr-array.ts';

/** The attribute by which xarray names dimensions in Zarr v2. */
const dimensionsAttribute = '_ARRAY_DIMENSIONS';

/** Attributes that say how a library wrote the store, and nothing about the data. */
const reserved = /^(_ARRAY_DIMENSIONS|_nczarr_.*|_NCZARR_.*)$/;

/** A Zarr v2 array from its `.zarray` and `.zattrs` (Zarr v2 specification, "Arrays"). Throws FORMAT_CORRUPT. */
export function parseV2Array(fields: MetadataFields, attributes: JsonObject): ZarrArray {
  const shape = fields.extents('shape', 0);
  const chunkShape = fields
    .extents('chunks', 0)
    .map((extent, axis) => (shape[axis] === 0 ? Math.max(1, extent) : extent));
  if (chunkShape.length !== shape.length || chunkShape.includes(0)) {
    throw fields.corrupt('chunks', `an extent of at least 1 for each of ${shape.length} dimensions`);
  }
  const separator = fields.object.dimension_separator ?? '.';
  if (separator !== '.' && separator !== '/') throw fields.corrupt('dimension_separator', '"." or "/"');
  const element = numpyElementType(fields.object.dtype, hasTextFilter(fields));
  const fill = parseFillValue(fields.object.fill_value, element);
  const { codecs, reason } = v2Codecs(fields, element, chunkShape);
  const wrongFill =
    fill === 'invalid' ? `its fill value ${shorten(fields.object.fill_value)} is no ${element.dtype}` : '';
  return {
    shape,
    chunkShape,
    element,
    fill: fill === 'invalid' ? undefined : fill,
    codecs,
    keys: { prefix: '', separator, isAssumed: fields.object.dimension_separator === undefined },
    dimensionNames: dimensionNames(fields, attributes, shape.length),
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !reserved.test(name))),
    fillIsMissing: attributes[dimensionsAttribute] !== undefined,
    notComputable: element.reason || wrongFill || reason,
  };
}

function dimensionNames(fields: MetadataFields, attributes: JsonObject, rank: number): string[] | undefined {
  const names = attributes[dimensionsAttribute];
  if (names === undefined) return netcdfNames(fields);
  const isNames = Array.isArray(names) && names.every((name) => typeof name === 'string');
  // zarr-python writes an empty list for a scalar and for an array of which it knows no names.
  if (!isNames || names.length !== rank) return undefined;
  return names as string[];
}

/** Names as netCDF-C writes them: absolute paths, of which the last part is the name. */
function netcdfNames({ object }: MetadataFields): string[] | undefined {
  const own = object._nczarr_array ?? object._NCZARR_ARRAY;
  const references =
    own instanceof Object && !Array.isArray(own) ? (own.dimension_references ?? own.dimrefs) : undefined;
  if (!Array.isArray(references) || !references.every((name) => typeof name === 'string')) return undefined;
  return references.map((name) => name.slice(name.lastIndexOf('/') + 1));
}
