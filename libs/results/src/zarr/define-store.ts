import { elementCount } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { OutputObject } from '@hyperslab/storage';
import { defineFile, type FileVariable, type KnownVariable, type NamedHead } from '../cf/file-definition.ts';
import { Filling } from '../cf/fill.ts';
import { encodeZarrChunk } from './encode-chunk.ts';
import { chunkKey, type ZarrArray } from './zarr-metadata.ts';
import type { ZarrEncoding } from './zarr-types.ts';

/** A Zarr store of results, as far as it is known before their values are. */
export interface StoreDefinition {
  attributes: Attribute[];
  /** Coordinates and their bounds, each of one chunk. */
  known: ZarrArray[];
  /** The chunks of these. */
  chunks(): AsyncGenerator<OutputObject>;
  /** One for each result. */
  results: (FileVariable & { shape: readonly number[] })[];
}

/** Lays results out as the arrays of a store. */
export function defineStore(
  heads: readonly NamedHead[],
  history: readonly string[],
  encoding: ZarrEncoding,
): StoreDefinition {
  const { attributes, dimensions, known, results } = defineFile(heads, history);
  const lengths = new Map(dimensions.map(({ name, length }) => [name, length]));
  const arrays = known.map((variable) => knownArray(variable, lengths));
  return {
    attributes,
    known: arrays,
    results,
    async *chunks() {
      for (const [i, { name, dtype, values }] of known.entries()) {
        const { shape, chunk, fill } = arrays[i];
        if (elementCount(shape) === 0) continue;
        const key = chunkKey(
          name,
          shape.map(() => 0),
          encoding,
        );
        const array = { dtype, values: values as never };
        yield { key, bytes: await encodeZarrChunk(array, shape, chunk, fill, encoding) };
      }
    },
  };
}

function knownArray(variable: KnownVariable, lengths: ReadonlyMap<string, number>): ZarrArray {
  const { values: _, ...described } = variable;
  const shape = variable.dimensions.map((dimension) => lengths.get(dimension)!);
  const isFilled = variable.attributes.some(({ name }) => name === '_FillValue');
  const { fill } = new Filling(variable.name, variable.dtype);
  return { ...described, shape, chunk: shape.map((extent) => Math.max(1, extent)), fill, isFilled };
}
