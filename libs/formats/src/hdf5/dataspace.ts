import type { FieldCursor } from './field-cursor.ts';

/** Extents of a dataset or attribute. */
export interface Dataspace {
  /** Without dimensions and with one element; with dimensions; without elements. */
  kind: 'scalar' | 'simple' | 'null';
  shape: number[];
  /** Largest extents; nothing for an unlimited dimension. */
  maxShape: (number | undefined)[];
}

const largestRank = 32;

/** Parses a dataspace message of version 1 or 2 (HDF5 File Format Specification 3.0, IV.A.2.b). */
export function parseDataspace(cursor: FieldCursor): Dataspace {
  const version = cursor.version('dataspace message', 1, 2);
  const rank = cursor.uint8();
  if (rank > largestRank) throw cursor.corrupt(`a rank of at most ${largestRank}`, String(rank));
  const flags = cursor.uint8();
  let kind: Dataspace['kind'] = rank === 0 ? 'scalar' : 'simple';
  if (version === 1) cursor.skip(5);
  else if (cursor.uint8() === 2) kind = 'null';
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) shape.push(cursor.lengthField());
  const bounded = (flags & 1) !== 0;
  const maxShape = bounded ? shape.map(() => cursor.lengthUnlessUnlimited()) : [...shape];
  return { kind, shape, maxShape };
}

/** Number of elements, which may be past 2^53 in a hostile file: a finite float that only compares. */
export function elementsOf(space: Dataspace): number {
  return space.kind === 'null' ? 0 : space.shape.reduce((product, extent) => product * extent, 1);
}
