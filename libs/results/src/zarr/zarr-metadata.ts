import { isBigInt, isFloat, itemSize } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { OutputObject } from '@hyperslab/storage';
import type { FileVariable } from '../cf/file-definition.ts';
import type { Fill } from '../cf/fill.ts';
import { isText, type ZarrEncoding, zarr2Types } from './zarr-types.ts';

/** An array of a store. */
export interface ZarrArray extends FileVariable {
  shape: readonly number[];
  chunk: readonly number[];
  /** Numbers past the edge, and in format 3 what was never written. */
  fill: Fill | undefined;
  /** Whether the fill value stands for missing ones. */
  isFilled: boolean;
}

/** Names that tell that there is a store; of a store that is whole the last that is put is one of them. */
export const zarrMarks = ['zarr.json', '.zgroup', '.zmetadata'] as const;

/** Key of a chunk by its place in the grid. */
export function chunkKey(name: string, index: readonly number[], { format }: ZarrEncoding): string {
  if (format === 3) return [name, 'c', ...index].join('/');
  return `${name}/${index.length === 0 ? '0' : index.join('.')}`;
}

/** Documents of a store, in the order in which they are put: that of the root, with all others in it, comes last. */
export function zarrDocuments(
  arrays: readonly ZarrArray[],
  attributes: readonly Attribute[],
  encoding: ZarrEncoding,
): OutputObject[] {
  return encoding.format === 3
    ? documents3(arrays, attributes, encoding)
    : documents2(arrays, attributes, encoding);
}

/** Zarr v3 core specification, and "consolidated_metadata" as zarr-python writes it. */
function documents3(arrays: readonly ZarrArray[], attributes: readonly Attribute[], encoding: ZarrEncoding) {
  const each = new Map(arrays.map((array) => [array.name, array3(array, encoding)]));
  const root = {
    zarr_format: 3,
    node_type: 'group',
    attributes: jsonAttributes(attributes),
    consolidated_metadata: { kind: 'inline', must_understand: false, metadata: Object.fromEntries(each) },
  };
  return [
    ...[...each].map(([name, document]) => jsonObject(`${name}/zarr.json`, document)),
    jsonObject('zarr.json', root),
  ];
}

function array3(array: ZarrArray, { compression, level }: ZarrEncoding) {
  const { dtype, dimensions, shape, chunk, fill, isFilled, attributes } = array;
  const codecs: unknown[] = [
    isText(dtype) ? { name: 'vlen-utf8' } : { name: 'bytes', configuration: { endian: 'little' } },
  ];
  if (compression === 'zstd') codecs.push({ name: 'zstd', configuration: { level, checksum: false } });
  if (compression === 'gzip') codecs.push({ name: 'gzip', configuration: { level } });
  return {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: isText(dtype) ? 'string' : dtype,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunk } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: isText(dtype) ? '' : jsonNumber(fill ?? 0),
    codecs,
    attributes: {
      ...jsonAttributes(attributes),
      ...(isFilled && fill !== undefined ? { _FillValue: missingValue3(dtype, fill) } : {}),
    },
    dimension_names: dimensions,
  };
}

/** As xarray writes it: a float as the base64 of its eight bytes, which keeps all of them. */
function missingValue3(dtype: string, fill: Fill): unknown {
  if (!isFloat(dtype)) return jsonNumber(fill);
  return Buffer.from(Float64Array.of(Number(fill)).buffer).toString('base64');
}

/** Zarr v2 specification, with the dimensions of xarray and ".zmetadata" of zarr-python. */
function documents2(arrays: readonly ZarrArray[], attributes: readonly Attribute[], encoding: ZarrEncoding) {
  const documents: [string, unknown][] = [
    ...arrays.flatMap((array): [string, unknown][] => [
      [`${array.name}/.zarray`, array2(array, encoding)],
      [`${array.name}/.zattrs`, { ...jsonAttributes(array.attributes), _ARRAY_DIMENSIONS: array.dimensions }],
    ]),
    ['.zattrs', jsonAttributes(attributes)],
    ['.zgroup', { zarr_format: 2 }],
  ];
  const consolidated = { zarr_consolidated_format: 1, metadata: Object.fromEntries(documents) };
  return [...documents, ['.zmetadata', consolidated] as const].map(([key, document]) =>
    jsonObject(key, document),
  );
}

function array2(array: ZarrArray, { compression, level, shuffle }: ZarrEncoding) {
  const { dtype, shape, chunk, fill, isFilled } = array;
  const filters = [
    ...(isText(dtype) ? [{ id: 'vlen-utf8' }] : []),
    ...(shuffle && !isText(dtype) ? [{ id: 'shuffle', elementsize: itemSize(dtype) }] : []),
  ];
  return {
    zarr_format: 2,
    shape,
    chunks: chunk,
    dtype: zarr2Types[dtype],
    compressor: compression === 'none' ? null : { id: compression, level },
    // Readers take it for what is missing: null where nothing is.
    fill_value: isFilled && fill !== undefined && !isText(dtype) ? jsonNumber(fill) : null,
    order: 'C',
    filters: filters.length === 0 ? null : filters,
    dimension_separator: '.',
  };
}

/** Attributes of CF as JSON: one value by itself, several as a list. */
function jsonAttributes(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes
      .filter(({ name }) => name !== '_FillValue')
      .map(({ name, dtype, strings, numbers, integers }) => {
        const values = [
          ...strings,
          ...numbers.map(jsonNumber),
          ...integers.map((text) => (isBigInt(dtype) ? jsonNumber(BigInt(text)) : text)),
        ];
        return [name, values.length === 1 ? values[0] : values];
      }),
  );
}

/** Of ECMAScript 2026, which TypeScript's library does not have yet. */
const rawJson = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** Integers of 64 bits with all their digits; what is no number in JSON as the text that Zarr has for it. */
function jsonNumber(value: Fill): unknown {
  if (typeof value === 'bigint') return rawJson.rawJSON(String(value));
  return Number.isFinite(value) ? value : String(value);
}

function jsonObject(key: string, document: unknown): OutputObject {
  return { key, bytes: new TextEncoder().encode(`${JSON.stringify(document, undefined, 2)}\n`) };
}
