import type { Json } from '../json/parse-json.ts';
import { v3Codecs } from './codecs-v3.ts';
import { v3ElementType } from './data-type-v3.ts';
import { parseFillValue } from './fill-value.ts';
import { isObject, type MetadataFields, shorten } from './metadata-fields.ts';
import type { ChunkKeys, ZarrArray } from './zarr-array.ts';

const known = new Set([
  'zarr_format',
  'node_type',
  'shape',
  'data_type',
  'chunk_grid',
  'chunk_key_encoding',
  'fill_value',
  'codecs',
  'attributes',
  'dimension_names',
  'storage_transformers',
  'consolidated_metadata',
]);

/** A Zarr v3 array from its `zarr.json` (Zarr v3 core specification, "Array metadata"). Throws FORMAT_CORRUPT. */
export function parseV3Array(fields: MetadataFields): ZarrArray {
  const shape = fields.extents('shape', 0);
  const element = v3ElementType(fields.object.data_type);
  const described = {
    shape,
    element,
    dimensionNames: dimensionNames(fields, shape.length),
    attributes: fields.object.attributes === undefined ? {} : fields.fields('attributes').object,
    fillIsMissing: false,
  };
  const keys = chunkKeys(fields);
  const gridShape = regularGrid(fields, shape);
  const reason = unknownMember(fields) || transformers(fields) || element.reason;
  if (typeof keys === 'string' || typeof gridShape === 'string' || reason !== '') {
    const why = reason || [keys, gridShape].find((part) => typeof part === 'string');
    return {
      ...described,
      chunkShape: [],
      fill: undefined,
      codecs: [],
      keys: { prefix: 'c', separator: '/' },
      notComputable: String(why),
    };
  }
  const fill = parseFillValue(fields.object.fill_value, element);
  const wrongFill =
    fill === 'invalid' ? `its fill value ${shorten(fields.object.fill_value)} is no ${element.dtype}` : '';
  const { codecs, chunkShape, sharding, reason: undecodable } = v3Codecs(fields, element, gridShape);
  return {
    ...described,
    chunkShape,
    fill: fill === 'invalid' ? undefined : fill,
    codecs,
    keys,
    sharding,
    notComputable: wrongFill || undecodable,
  };
}

/** An extension that a reader must know and this one doesn't ("Extension points", `must_understand`). */
function unknownMember({ object }: MetadataFields): string {
  const name = Object.keys(object).find((member) => !known.has(member) && mustUnderstand(object[member]));
  return name === undefined ? '' : `its extension "${name}" is not supported`;
}

/** Whether an extension may not be ignored: it says of itself when it may. */
export function mustUnderstand(extension: Json): boolean {
  return !isObject(extension) || extension.must_understand !== false;
}

function transformers({ object }: MetadataFields): string {
  const { storage_transformers: list } = object;
  if (list === undefined || (Array.isArray(list) && list.length === 0)) return '';
  return `its storage transformers ${shorten(list)} are not supported`;
}

function regularGrid(fields: MetadataFields, shape: readonly number[]): number[] | string {
  const grid = fields.fields('chunk_grid');
  if (grid.object.name !== 'regular') return `its chunk grid ${shorten(grid.object.name)} is not supported`;
  const extents = grid.fields('configuration').extents('chunk_shape', 0);
  const chunkShape = extents.map((extent, axis) => (shape[axis] === 0 ? Math.max(1, extent) : extent));
  if (chunkShape.length !== shape.length || chunkShape.includes(0)) {
    throw grid.corrupt('configuration', `"chunk_shape" of at least 1 for each of ${shape.length} dimensions`);
  }
  return chunkShape;
}

function chunkKeys(fields: MetadataFields): ChunkKeys | string {
  const encoding = fields.object.chunk_key_encoding;
  const name = isObject(encoding) ? encoding.name : encoding;
  const configuration = isObject(encoding) && isObject(encoding.configuration) ? encoding.configuration : {};
  if (name !== 'default' && name !== 'v2') return `its chunk key encoding ${shorten(name)} is not supported`;
  const separator = configuration.separator ?? (name === 'default' ? '/' : '.');
  if (separator !== '/' && separator !== '.')
    throw fields.corrupt('chunk_key_encoding', 'with a separator "/" or "."');
  return { prefix: name === 'default' ? 'c' : '', separator };
}

function dimensionNames(fields: MetadataFields, rank: number): (string | undefined)[] | undefined {
  const names = fields.object.dimension_names ?? null;
  if (names === null) return undefined;
  const valid = Array.isArray(names) && names.every((name) => name === null || typeof name === 'string');
  if (!valid || names.length !== rank) {
    throw fields.corrupt('dimension_names', `a name or null for each of ${rank} dimensions`);
  }
  return names.map((name) => (typeof name === 'string' && name !== '' ? name : undefined));
}
