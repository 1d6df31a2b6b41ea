import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { encodeValues } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { type ByteSource, memorySource } from '@hyperslab/storage';
import { indexFile, readStored } from '../../src/index.ts';

/** What fixtures/hdf5/describe.py prints of an attribute, a dataset and a file. */
export interface ReferenceAttribute {
  strings?: string[];
  dtype?: string;
  numbers?: string[];
  count?: number;
  sha256?: string;
}

export interface ReferenceVariable {
  path?: string;
  dtype?: string;
  shape: number[] | null;
  dimensions?: string[];
  attributes: Record<string, ReferenceAttribute>;
  sha256?: string;
  strings?: string[];
  chunks?: number[];
}

export interface Reference {
  h5py: {
    error?: string;
    attributes: Record<string, ReferenceAttribute>;
    datasets: Record<string, ReferenceVariable>;
  };
  netcdf?: {
    error?: string;
    dimensions: [string, number, boolean][];
    variables: ReferenceVariable[];
    groups: { path: string; attributes: string[] }[];
  };
}

export interface Indexed {
  source: ByteSource;
  index: FileIndex;
}

export async function indexPath(path: string): Promise<Indexed> {
  const source = memorySource(path, await readFile(path));
  return { source, index: await indexFile(source) };
}

/** All variables by absolute path, in order. */
export function variablesOf(group: Group | undefined, prefix = ''): Map<string, IndexedVariable> {
  assert.ok(group);
  return new Map([
    ...group.variables.map((variable) => [`${prefix}/${variable.name}`, variable] as const),
    ...group.groups.flatMap((child) => [...variablesOf(child, `${prefix}/${child.name}`)]),
  ]);
}

/** Dimensions of a file as the reference lists them: path, length, unlimited. */
export function dimensionsOf(group: Group, prefix = ''): [string, number, boolean][] {
  return [
    ...group.dimensions.map(({ name, size, unlimited }): [string, number, boolean] => [
      `${prefix}/${name}`,
      size,
      unlimited,
    ]),
    ...group.groups.flatMap((child) => dimensionsOf(child, `${prefix}/${child.name}`)),
  ];
}

const hidden =
  /^(DIMENSION_LIST|DIMENSION_LABELS|REFERENCE_LIST|CLASS|NAME|_Netcdf4.*|_NCProperties|_nc3_strict)$/;

/** Compares attributes that an index can carry, with their values. */
export function compareAttributes(
  found: Attribute[],
  expected: Record<string, ReferenceAttribute>,
  owner: string,
): void {
  for (const [name, reference] of Object.entries(expected)) {
    if (hidden.test(name)) continue;
    const attribute = found.find((candidate) => candidate.name === name);
    if (reference.strings !== undefined) {
      assert.ok(attribute, `${owner}: attribute ${name}`);
      assert.deepEqual(attribute.strings, reference.strings, `${owner}: attribute ${name}`);
    } else if (reference.numbers !== undefined || reference.count !== undefined) {
      assert.ok(attribute, `${owner}: attribute ${name}`);
      assert.equal(attribute.dtype, reference.dtype, `${owner}: attribute ${name}`);
      compareNumbers(attribute, reference, `${owner}: attribute ${name}`);
    }
  }
}

function compareNumbers(attribute: Attribute, reference: ReferenceAttribute, what: string): void {
  const values = attribute.integers.length > 0 ? attribute.integers : attribute.numbers;
  if (reference.numbers === undefined) {
    assert.equal(values.length, reference.count, what);
    const content = attribute.dtype.startsWith('float')
      ? new Uint8Array(Float64Array.from(attribute.numbers).buffer)
      : values.join(',');
    assert.equal(createHash('sha256').update(content).digest('hex'), reference.sha256, what);
  } else {
    // repr() and String() write the same doubles differently.
    assert.deepEqual(values.map(Number), reference.numbers.map(numberOf), what);
    if (attribute.integers.length > 0) assert.deepEqual(attribute.integers, reference.numbers, what);
  }
}

function numberOf(text: string): number {
  return text === 'inf' ? Infinity : text === '-inf' ? -Infinity : text === 'nan' ? NaN : Number(text);
}

/** Compares the values of a variable, read through its chunk table. */
export async function compareValues(
  { source, index }: Indexed,
  variable: IndexedVariable,
  expected: ReferenceVariable,
  what: string,
): Promise<void> {
  if (variable.notComputable !== '') return;
  if (expected.strings === undefined && expected.sha256 === undefined) return;
  const stored = await readStored(variable, source, index.version!);
  if (expected.strings !== undefined) assert.deepEqual(stored.values, expected.strings, what);
  else assert.equal(createHash('sha256').update(encodeValues(stored)).digest('hex'), expected.sha256, what);
}
