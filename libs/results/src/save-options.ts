import type { OutputOptions } from '@hyperslab/storage';
import type { Filling } from './cf/fill.ts';
import type { Compression, ResultFormat } from './formats.ts';
import type { Result } from './result.ts';

/** How results are written. What a format does not have is refused when it is asked for. */
export interface SaveOptions extends OutputOptions {
  /** By default what the ending of the name says. */
  format?: ResultFormat;
  /** Extents of chunks by dimension, of NetCDF-4 and Zarr; others are chosen. */
  chunks?: Readonly<Record<string, number>>;
  compression?: Compression;
  /** How hard it is tried: 1 to 9 of deflate and gzip, 1 to 19 of zstd. */
  level?: number;
  /** Whether bytes of equal significance are put together before: NetCDF-4 (by default) and Zarr v2. */
  shuffle?: boolean;
  /** What stands for missing values of numbers; netCDF's own for their type unless given. */
  fillValue?: number;
  /** Lines of the file's `history`. */
  history?: readonly string[];
}

/** A result and its name in the file. */
export interface NamedResult {
  /** Its own when it is not given. */
  name?: string | undefined;
  result: Result;
}

/** A variable of a file that was written. */
export interface SavedVariable {
  name: string;
  dtype: string;
  units: string;
  dimensions: readonly string[];
  shape: readonly number[];
  /** How many values are missing, and how many of the others are NaN. */
  missing: number;
  nan: number;
}

/** A file that was written. */
export interface SavedResults {
  url: string;
  format: ResultFormat;
  variables: SavedVariable[];
}

/** What is told of a variable that was written. */
export function savedVariable(
  name: string,
  { head }: Result,
  { missing, nan }: Pick<Filling, 'missing' | 'nan'>,
): SavedVariable {
  const { dtype, units, dimensions, shape } = head;
  return { name, dtype, units, dimensions, shape, missing, nan };
}
