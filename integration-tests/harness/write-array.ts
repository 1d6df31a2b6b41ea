import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An array of a Zarr store that is one chunk as it is. */
export interface PlainArray {
  dimensions: string[];
  shape: number[];
  values: Float32Array | Float64Array;
  attributes?: Record<string, string>;
}

/** Writes an array of a Zarr store (version 2). */
export async function writeArray(folder: string, name: string, array: PlainArray): Promise<void> {
  const { dimensions, shape, values, attributes } = array;
  await mkdir(join(folder, name), { recursive: true });
  const described = describeArray(shape, shape, values instanceof Float32Array ? '<f4' : '<f8');
  await writeJson(join(folder, name, '.zarray'), { ...described, compressor: null });
  await writeJson(join(folder, name, '.zattrs'), { _ARRAY_DIMENSIONS: dimensions, ...attributes });
  await writeFile(join(folder, name, shape.map(() => 0).join('.')), new Uint8Array(values.buffer));
}

/** What a Zarr store says of an array, but for its compression. */
export function describeArray(shape: number[], chunks: number[], dtype: string) {
  return { zarr_format: 2, shape, chunks, dtype, fill_value: null, order: 'C', filters: null };
}

export function writeJson(file: string, content: object): Promise<void> {
  return writeFile(file, JSON.stringify(content));
}
