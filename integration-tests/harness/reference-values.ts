import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '@hyperslab/testing';

/** What a reference reader found in a variable. */
export interface ReferenceArray {
  shape: number[];
  count_valid?: number;
  count_missing?: number;
  count_nan_or_inf?: number;
  min?: number;
  max?: number;
  mean?: number;
  samples?: { index: number[]; value: number | string | null }[];
}

/** A variable of a file, as ORACLE.json has it. */
export interface ReferenceVariable extends ReferenceArray {
  dtype_raw: string;
  dtype_unpacked: string;
  dimensions: string[];
  /** Absent in files that h5py read. */
  attributes?: Record<string, unknown>;
}

/** A file of ORACLE.json. */
export interface ReferenceFile {
  /** Absent where no reference reader could read it. */
  reader?: string;
  kind?: string;
  all_variables?: Record<string, [dtype: string, dimensions: string[], shape: number[]]>;
  variables: Record<string, ReferenceVariable>;
}

/** The reference values of every real file; undefined where the shared data are not there. */
export function referenceFiles(): Record<string, ReferenceFile> | undefined {
  const { _note, ...files } = readShared('ORACLE.json') ?? {};
  return Object.keys(files).length > 0 ? (files as Record<string, ReferenceFile>) : undefined;
}

/** The reference values of collections that merge. */
// biome-ignore lint/suspicious/noExplicitAny: entries are of several tools' shapes
export function referenceCollections(): Record<string, any> | undefined {
  return readShared('COLLECTIONS.json');
}

// biome-ignore lint/suspicious/noExplicitAny: see above
function readShared(name: string): Record<string, any> | undefined {
  const folder = sharedData();
  return folder === undefined ? undefined : JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
