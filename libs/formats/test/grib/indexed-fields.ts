import { decodeValues } from '@hyperslab/array';
import { decodeChunk, loadCodecs } from '@hyperslab/codecs';
import type { Layout } from '@hyperslab/proto/array';
import type { FieldSet, FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';

/** A field of an index, with what its set and its groups say of it. */
export interface IndexedField {
  name: string;
  /** Group of its kind of level, with the "@". */
  level: string;
  grid: Group;
  set: FieldSet;
  offset: number;
  length: number;
  layout: Layout;
  /** Scalar coordinates by name. */
  at: Record<string, number>;
  bounds: Record<string, number[]>;
}

/** All fields of a file, in the order of their offsets. */
export function fieldsOf(index: FileIndex): IndexedField[] {
  const fields: IndexedField[] = [];
  for (const grid of index.root!.groups) {
    for (const level of grid.groups) {
      for (const set of level.fields!.sets) fields.push(...fieldsOfSet(grid, level.name, set));
    }
  }
  return fields.sort((a, b) => a.offset - b.offset || a.length - b.length);
}

function fieldsOfSet(grid: Group, level: string, set: FieldSet): IndexedField[] {
  return set.offsets.map((offset, row) => ({
    name: set.variable!.name,
    level,
    grid,
    set,
    offset,
    length: set.lengths[row],
    layout: set.layouts[set.layoutOf[row] ?? 0],
    at: Object.fromEntries(set.coordinates.map(({ variable, values }) => [variable!.name, values[row]])),
    bounds: Object.fromEntries(
      set.coordinates
        .filter(({ bounds }) => bounds.length > 0)
        .map(({ variable, bounds }) => [variable!.name, bounds.slice(2 * row, 2 * row + 2)]),
    ),
  }));
}

/** Values of a field in the order of its dimensions; NaN where it is missing. */
export async function valuesOf(field: IndexedField, file: Uint8Array): Promise<Float32Array | Float64Array> {
  await loadCodecs(field.layout);
  const count = field.layout.chunkShape.reduce((a, b) => a * b, 1);
  const chunk = file.subarray(field.offset, field.offset + field.length);
  return decodeChunk(chunk, field.layout, count, 0) as Float32Array;
}

/** Inline values of a variable. */
export function inlineValues(variable: IndexedVariable): ArrayLike<number> {
  const { dtype, data, shape } = variable.inlineValues!;
  return decodeValues(
    dtype,
    data,
    shape.reduce((a, b) => a * b, 1),
  ) as Float64Array;
}

/** A number or text of an attribute. */
export function attributeOf(variable: IndexedVariable, name: string): number | string | undefined {
  const attribute = variable.attributes.find((each) => each.name === name);
  return attribute?.strings[0] ?? attribute?.numbers[0];
}
