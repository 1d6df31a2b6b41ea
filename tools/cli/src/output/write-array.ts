import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ComputedArray } from '@hyperslab/client';
import { usageError } from '../context.ts';
import { outError } from './check-out.ts';
import { csvText } from './csv-text.ts';
import { jsonText } from './json-array.ts';

const formats = ['.nc', '.json', '.csv'] as const;

/** How a result is written, by the ending of the file's name. */
export type OutputFormat = (typeof formats)[number];

/** The format that the ending of a name stands for. Throws INVALID_ARGUMENT for others. */
export function outputFormat(path: string): OutputFormat {
  const ending = extname(path).toLowerCase();
  const format = formats.find((known) => known === ending);
  if (format !== undefined) return format;
  throw usageError(`--out ${path}: expected a name that ends with ${formats.join(', ')}`);
}

/** Writes a computed array to a file, which is there whole or not at all. */
export async function writeArray(path: string, array: ComputedArray): Promise<void> {
  const format = outputFormat(path);
  if (format === '.nc') {
    await (await import('./write-netcdf.ts')).writeArrayAsNetcdf(path, array);
    return;
  }
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const text = format === '.csv' ? csvText(array) : jsonText(array);
    await pipeline(Readable.from(text), createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw outError(path, error);
  }
}
