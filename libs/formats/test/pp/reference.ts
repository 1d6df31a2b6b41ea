import assert from 'node:assert/strict';
import { elementCount, type NumericValues } from '@hyperslab/array';
import { decodeChunk, loadCodecs } from '@hyperslab/codecs';
import type { FieldCoordinate, FieldSet, FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { type ByteSource, memorySource } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';

/** A set of fields with the groups that it lies in. */
export interface FoundSet {
  grid: Group;
  level: Group;
  set: FieldSet;
  variable: IndexedVariable;
}

export interface Indexed {
  source: ByteSource;
  index: FileIndex;
  sets: FoundSet[];
}

export async function indexBytes(bytes: Uint8Array, name = 'x.pp'): Promise<Indexed> {
  const source = memorySource(name, bytes);
  const index = await indexFile(source);
  assert.equal(index.format, 'pp');
  const sets = index.root!.groups.flatMap((grid) =>
    grid.groups.flatMap((level) =>
      level.fields!.sets.map((set) => ({ grid, level, set, variable: set.variable! })),
    ),
  );
  return { source, index, sets };
}

/** The only set of a file. */
export async function onlySet(bytes: Uint8Array): Promise<FoundSet & Indexed> {
  const indexed = await indexBytes(bytes);
  assert.equal(indexed.sets.length, 1);
  return { ...indexed, ...indexed.sets[0] };
}

/** Values of a field of a set as stored, row by row. */
export async function fieldValues(
  source: ByteSource,
  { offsets, lengths, layouts, layoutOf, variable }: FieldSet,
  row: number,
): Promise<NumericValues> {
  const layout = layouts[layoutOf[row] ?? 0];
  const [bytes] = await source.read([{ offset: offsets[row], length: lengths[row] }]);
  await loadCodecs(layout);
  return decodeChunk(bytes, layout, elementCount(variable!.shape), 0);
}

/** The number that stands for missing values. */
export function missingOf({ attributes }: IndexedVariable): number | undefined {
  return attributes.find(({ name }) => name === '_FillValue')?.numbers[0];
}

export function textOf({ attributes }: IndexedVariable, name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.strings[0];
}

export function coordinateOf({ coordinates }: FieldSet, name: string): FieldCoordinate {
  const found = coordinates.find(({ variable }) => variable!.name === name);
  assert.ok(found, `no ${name} among ${coordinates.map(({ variable }) => variable!.name).join(', ')}`);
  return found;
}

/** Values of a coordinate of a grid. */
export function gridValues({ variables }: Group, name: string): number[] {
  const found = variables.find((variable) => variable.name === name);
  assert.ok(found?.inlineValues, `no ${name} among ${variables.map((variable) => variable.name).join(', ')}`);
  const { data } = found.inlineValues;
  return Array.from(new Float64Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)));
}
