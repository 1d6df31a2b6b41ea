import { isFixedWidth } from '@hyperslab/array';
import { allChunks, atomicType, type DapValuesSpace } from '@hyperslab/dap';
import type { ChunkTable, IndexedVariable } from '@hyperslab/proto/index';
import { chunkShapeOf } from './chunk-shape.ts';
import type { NamedVariable } from './group-content.ts';

/** How a variable's values are asked for, or why they can't be. At most `chunksLeft` chunks are located. */
export function locateValues(
  variable: NamedVariable,
  chunksLeft: number,
): { space: DapValuesSpace; chunks: number } | string {
  const { id, type, dtype, dimensions, notComputable } = variable;
  if (notComputable !== '') return notComputable;
  if (!isFixedWidth(dtype))
    return 'its texts are too many or too long to be read with the index, or its server does not answer them';
  const { width } = atomicType(type)!;
  const shape = dimensions.map(({ size }) => size);
  const bytes = shape.reduce((product, extent) => product * extent, width);
  if (!Number.isSafeInteger(bytes)) return 'it has more than 2^53 bytes';
  const stated = variable.attributes
    .find(({ name }) => name === '_ChunkSizes')
    ?.values.flatMap((text) => text.trim().split(/\s+/).map(Number));
  const chunkShape = chunkShapeOf(shape, width, stated);
  const chunks = shape.reduce((product, extent, axis) => product * Math.ceil(extent / chunkShape[axis]), 1);
  if (chunks > chunksLeft) return `its grid of ${chunks} chunks is too large for an index`;
  return { space: { id, type, width, shape, chunkShape }, chunks };
}

/** Layout and chunks of values that lie in an object of their own, by its number in the index. */
export function chunksOf(
  { dtype }: NamedVariable,
  space: DapValuesSpace | undefined,
  object: number | undefined,
): Pick<IndexedVariable, 'layout' | 'chunks'> {
  if (space === undefined || object === undefined) return {};
  const table: ChunkTable = { offsets: [], lengths: [], skippedCodecs: [], objects: { numbers: [] } };
  for (const { offset, length } of allChunks(space)) {
    table.offsets.push(offset);
    table.lengths.push(length);
    table.objects!.numbers.push(object);
  }
  return {
    layout: {
      storedDtype: dtype,
      chunkShape: [...space.chunkShape],
      codecs: [{ name: 'bytes', configuration: '{"endian":"little"}' }],
      edgeChunksPadded: false,
    },
    chunks: table,
  };
}
